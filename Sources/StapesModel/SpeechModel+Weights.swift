internal import StapesConcurrency
internal import StapesFiles
internal import StapesKernels
internal import StapesNetwork

// How a network's weights lie in the file. A matrix X [n × m] of 32-bit floats is the tensor `X` of
// type F32, one of bfloat16 of type BF16; one of integers is the tensor `X` of type I8 and
// `X.scale`, [n] of type F32: row r of X stands for `X.scale[r] · X[r]`. Biases and
// other vectors are always F32.

extension StoredNetwork {
  /// The tensors of the file: those of wide elements first, so that each begins at a multiple of
  /// its element's size.
  var tensors: [Safetensors.Tensor] {
    var tensors: [Safetensors.Tensor] = []
    for (matrix, shape) in zip(weights, NetworkParameters.shapes(for: configuration)) {
      let content: Safetensors.Content
      switch matrix {
      case .float32(let matrix): content = .float32(matrix.values)
      case .bfloat16(let matrix): content = .bfloat16(matrix.values)
      case .int8(let matrix):
        content = .int8(matrix.values)
        tensors.append(
          Safetensors.Tensor(
            name: shape.name.scaleName, shape: [matrix.rowCount], values: matrix.scales))
      }
      tensors.append(
        Safetensors.Tensor(
          name: shape.name, shape: [matrix.rowCount, matrix.columnCount], content: content))
    }
    // Stable: a file of one type keeps the order of the network.
    return [4, 2, 1].flatMap { size in tensors.filter { $0.content.elementSize == size } }
  }
}

extension Safetensors {
  /// The network that the tensors hold.
  ///
  /// - Parameter configuration: its shape, which is valid.
  /// - Throws: `ModelFault.wrongTensor`, `.notFinite`, or `.unusableSetting`.
  func network(of configuration: NetworkConfiguration) throws(ModelFault) -> StoredNetwork {
    var found = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    var weights: [WeightMatrix] = []
    for expected in NetworkParameters.shapes(for: configuration) {
      let (name, rowCount) = (expected.name, expected.rowCount)
      let shape = [rowCount, expected.columnCount]
      let tensor = try found.remove(name, shape: shape)
      var scales: [Float] = []
      if case .int8 = tensor.content {
        let scale = try found.remove(name.scaleName, shape: [rowCount])
        guard case .float32(let values) = scale.content else {
          throw .wrongTensor(
            name: scale.name, expected: "of type F32", found: "of type \(scale.content.type)")
        }
        scales = values
      }
      weights.append(tensor.weights(scales: scales))
    }
    for (tensor, isFinite) in zip(tensors, tensors.concurrentMap(\.content.isFinite))
    where !isFinite {
      throw .notFinite(tensor: tensor.name)
    }
    if let extra = tensors.first(where: { found[$0.name] != nil }) {
      throw .wrongTensor(name: extra.name, expected: "absent", found: "\(extra.shape)")
    }
    return try rethrowing(
      StoredNetwork(
        configuration: configuration, precision: weights.first?.precision ?? .float32,
        weights: weights), as: ModelFault.unusable("network"))
  }
}

extension Safetensors.Tensor {
  /// The tensor, which has two dimensions, as a matrix of weights.
  fileprivate func weights(scales: [Float]) -> WeightMatrix {
    let (rowCount, columnCount) = (shape[0], shape[1])
    return switch content {
    case .float32(let values):
      .float32(Matrix(rowCount: rowCount, columnCount: columnCount, values: values))
    case .bfloat16(let values):
      .bfloat16(BrainFloatMatrix(rowCount: rowCount, columnCount: columnCount, values: values))
    case .int8(let values):
      .int8(
        ScaledByteMatrix(
          rowCount: rowCount, columnCount: columnCount, values: values, scales: scales))
    }
  }
}

extension [String: Safetensors.Tensor] {
  /// Takes out the tensor of a name, which must have a shape.
  fileprivate mutating func remove(
    _ name: String, shape: [Int]
  ) throws(ModelFault) -> Safetensors.Tensor {
    let tensor = removeValue(forKey: name)
    guard let tensor, tensor.shape == shape else {
      throw .wrongTensor(
        name: name, expected: "\(shape)", found: tensor.map { "\($0.shape)" } ?? "missing")
    }
    return tensor
  }
}

extension String {
  /// The name of the scales of the integers of this name.
  fileprivate var scaleName: String { self + ".scale" }
}
