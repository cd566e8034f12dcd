extension ONNXTensor {
  /// Every position, the last index fastest.
  private static func positions(_ shape: some Collection<Int>) -> [[Int]] {
    guard let first = shape.first else { return [[]] }
    let rest = positions(shape.dropFirst())
    return (0..<first).flatMap { index in rest.map { [index] + $0 } }
  }

  private func offset(_ position: [Int]) -> Int {
    zip(position, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  private init(shape: [Int], at value: ([Int]) -> Double) {
    self.init(shape: shape, values: Self.positions(shape).map(value))
  }

  func mapped(_ f: (Double) -> Double) -> ONNXTensor {
    ONNXTensor(shape: shape, values: values.map(f))
  }

  /// A function of each row along the last axis.
  func mappedRows(_ f: ([Double]) -> [Double]) -> ONNXTensor {
    let length = shape.last ?? 1
    return ONNXTensor(
      shape: shape,
      values: stride(from: 0, to: values.count, by: length).flatMap {
        f(Array(values[$0..<$0 + length]))
      })
  }

  /// Elements in pairs; sizes of one are repeated, and sizes that lack in front are one.
  func combined(_ other: ONNXTensor, _ f: (Double, Double) -> Double) -> ONNXTensor {
    let rank = max(shape.count, other.shape.count)
    let (a, b) = (widened(rank), other.widened(rank))
    let common = zip(a.shape, b.shape).map { max($0, $1) }
    return ONNXTensor(shape: common) { position in
      f(a.repeated(position), b.repeated(position))
    }
  }

  private func widened(_ rank: Int) -> ONNXTensor {
    ONNXTensor(
      shape: Array(repeating: 1, count: rank - shape.count) + shape, values: values)
  }

  private func repeated(_ position: [Int]) -> Double {
    values[offset(zip(position, shape).map { $1 == 1 ? 0 : $0 })]
  }

  func times(_ other: ONNXTensor) -> ONNXTensor {
    ONNXTensor(shape: [shape[0], other.shape[1]]) { position in
      (0..<shape[1]).reduce(0) {
        $0 + values[position[0] * shape[1] + $1] * other.values[$1 * other.shape[1] + position[1]]
      }
    }
  }

  func transposed(_ order: [Int]) -> ONNXTensor {
    ONNXTensor(shape: order.map { shape[$0] }) { position in
      var source = position
      for (index, axis) in order.enumerated() { source[axis] = position[index] }
      return values[offset(source)]
    }
  }

  func reshaped(_ sizes: [Int]) -> ONNXTensor {
    let known = sizes.filter { $0 != -1 }.reduce(1, *)
    return ONNXTensor(shape: sizes.map { $0 == -1 ? values.count / known : $0 }, values: values)
  }

  func slice(axis: Int, _ indices: [Int]) -> ONNXTensor {
    var sizes = shape
    sizes[axis] = indices.count
    return ONNXTensor(shape: sizes) { position in
      var source = position
      source[axis] = indices[position[axis]]
      return values[offset(source)]
    }
  }

  func joined(_ other: ONNXTensor, axis: Int) -> ONNXTensor {
    var sizes = shape
    sizes[axis] += other.shape[axis]
    return ONNXTensor(shape: sizes) { position in
      var source = position
      guard source[axis] >= shape[axis] else { return values[offset(source)] }
      source[axis] -= shape[axis]
      return other.values[other.offset(source)]
    }
  }

  func padded(_ before: [Int], _ after: [Int], with value: Double = 0) -> ONNXTensor {
    let sizes = shape.indices.map { before[$0] + shape[$0] + after[$0] }
    return ONNXTensor(shape: sizes) { position in
      let source = zip(position, before).map(-)
      let isInside = zip(source, shape).allSatisfy { (0..<$1).contains($0) }
      return isInside ? values[offset(source)] : value
    }
  }

  /// Conv: this is X [clips × channels × …], the weights are [outputs × channels / groups × …].
  func convolved(
    _ weights: ONNXTensor, bias: [Double], pads: [Int], strides: [Int], groupCount: Int
  ) -> ONNXTensor {
    let rank = shape.count - 2
    let strides = strides.isEmpty ? Array(repeating: 1, count: rank) : strides
    let (before, after): ([Int], [Int]) = ([0, 0] + pads[..<rank], [0, 0] + pads[rank...])
    let padded = self.padded(before, after)
    let kernel = Array(weights.shape[2...])
    let sizes = (0..<rank).map { (axis: Int) -> Int in
      (padded.shape[axis + 2] - kernel[axis]) / strides[axis] + 1
    }
    let (outputs, channels) = (weights.shape[0], weights.shape[1])
    let taps = Self.positions(kernel)
    return ONNXTensor(shape: [shape[0], outputs] + sizes) { position in
      let output = position[1]
      let firstChannel = output / (outputs / groupCount) * channels
      var sum = bias.isEmpty ? 0 : bias[output]
      for channel in 0..<channels {
        for tap in taps {
          let place = (0..<rank).map { (axis: Int) -> Int in
            position[axis + 2] * strides[axis] + tap[axis]
          }
          let weight = weights.values[weights.offset([output, channel] + tap)]
          let seen = padded.offset([position[0], firstChannel + channel] + place)
          sum += weight * padded.values[seen]
        }
      }
      return sum
    }
  }
}
