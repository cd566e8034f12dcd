import CKernels
import StapesKernels
import Testing

/// Every instruction set's cells against the plain loops: what each leaves in its arrays.
@Suite struct CellKernelTests {
  /// The arrays of some rows of a cell, with room behind that must stay as it is.
  struct Arrays {
    let rows = 3
    let previousRows = 2
    let hidden: Int
    var stride: Int { hidden + 5 }
    var gates: [Float]
    var u: [Float]
    var before: [Float]
    var c: [Float]
    var h: [Float]
    var dh: [Float]
    var carry: [Float]
    let peepholes: [Float]

    init(hidden: Int) {
      var generator = SplitMix64(seed: UInt64(hidden), stream: 4)
      func random(_ count: Int, _ scale: Float) -> [Float] {
        (0..<count + 1).map { _ in Float.random(in: -scale...scale, using: &generator) }
      }
      self.hidden = hidden
      gates = random(rows * 4 * hidden, 4)
      u = random(rows * hidden, 2)
      before = random(rows * (hidden + 5), 1)
      c = random(rows * hidden, 1)
      h = random(rows * (hidden + 5), 1)
      dh = random(rows * hidden, 1)
      carry = random(rows * hidden, 1)
      peepholes = random(3 * hidden, 1)
    }

    /// All that a kernel may have changed.
    var contents: [Float] { gates + u + c + h + dh + carry }
  }

  /// What all kernels of a table make of the same arrays, one after the other.
  private func results(_ kernels: stapes_recurrent_kernels, hidden: Int) -> [[Float]] {
    let start = Arrays(hidden: hidden)
    let (rows, previous, stride) = (start.rows, start.previousRows, start.stride)
    var all: [[Float]] = []
    var a = start
    unsafe kernels.lstm_peephole_forward(
      rows, previous, hidden, a.peepholes, &a.gates, a.before, &a.c, &a.h, stride)
    all.append(a.contents)
    unsafe kernels.lstm_peephole_backward(
      rows, previous, hidden, a.peepholes, &a.gates, a.before, a.c, a.dh, &a.carry)
    all.append(a.contents)
    a = start
    unsafe kernels.gru_forward(rows, previous, hidden, &a.gates, a.u, a.before, &a.h, stride)
    all.append(a.contents)
    unsafe kernels.gru_backward(rows, previous, hidden, &a.gates, &a.u, a.before, stride, &a.dh)
    all.append(a.contents)
    a = start
    unsafe kernels.gru_reset(rows, previous, hidden, &a.gates, &a.u, a.before, stride)
    unsafe kernels.gru_candidate(rows, previous, hidden, &a.gates, a.before, &a.h, stride)
    all.append(a.contents)
    unsafe kernels.gru_candidate_backward(
      rows, previous, hidden, &a.gates, a.before, stride, &a.dh)
    unsafe kernels.gru_reset_backward(
      rows, previous, hidden, &a.gates, a.carry, a.before, stride, &a.dh)
    all.append(a.contents)
    for ceiling: Float in [0, 0.5, .infinity] {
      a = start
      unsafe kernels.activate(rows, hidden, ceiling, &a.gates, &a.h, stride)
      all.append(a.contents)
      unsafe kernels.activate_backward(rows, hidden, ceiling, &a.gates, a.dh)
      all.append(a.contents)
    }
    return all
  }

  @Test(arguments: 1...70)
  func `cells agree with the plain loops`(hidden: Int) {
    let count = stapes_recurrent_kernel_count()
    let expected = unsafe results(stapes_recurrent_kernels_at(count - 1).pointee, hidden: hidden)
    for index in 0..<count - 1 {
      let found = unsafe results(stapes_recurrent_kernels_at(index).pointee, hidden: hidden)
      for (step, (found, expected)) in zip(found, expected).enumerated() {
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 3e-6, "kernel \(step) of table \(index)")
      }
    }
  }
}

/// Convolution patches and normalised rows against their definitions.
@Suite struct RowKernelTests {
  @Test(arguments: [(1, 1, 1, 1), (3, 2, 2, 1), (4, 5, 1, 2), (2, 3, 3, 3), (5, 9, 2, 2)])
  func `patches are what the kernel sees`(time: Int, frequency: Int, byTime: Int, byFrequency: Int)
  {
    var generator = SplitMix64(seed: 2)
    let (frequencies, channels, frameCount) = (5, 2, 7)
    let shape = ConvolutionPatches(
      frequencyCount: frequencies, channelCount: channels, kernel: (time, frequency),
      stride: (byTime, byFrequency))
    let frames = Matrix(
      rowCount: frameCount, columnCount: frequencies * channels,
      values: (0..<frameCount * frequencies * channels).map { _ in
        Float.random(in: -1...1, using: &generator)
      })
    let count = shape.outputCount(forFrames: frameCount)
    let found = shape.patches(of: 0..<count, from: frames)
    var gradient = Matrix(rowCount: frameCount, columnCount: frequencies * channels)
    var expectedGradient = gradient
    shape.add(found, of: 0..<count, to: &gradient)
    var expected: [Float] = []
    for t in 0..<count {
      for f in 0..<shape.outputFrequencyCount {
        for dt in 0..<time {
          for df in 0..<frequency {
            let row = t * byTime + dt - (time - 1) / 2
            let column = f * byFrequency + df - (frequency - 1) / 2
            for channel in 0..<channels {
              let isInside =
                row >= 0 && row < frameCount && column >= 0 && column < frequencies
              let value = isInside ? frames[row, column * channels + channel] : 0
              expected.append(value)
              if isInside { expectedGradient[row, column * channels + channel] += value }
            }
          }
        }
      }
    }
    #expect(found.values == expected)
    let worst = zip(gradient.values, expectedGradient.values).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-5)
    // A part of the outputs, from the frames that they see.
    let last = count - 1
    let first = max(0, last * byTime - (time - 1) / 2)
    let part = shape.patches(
      of: last..<count, from: frames.rows(min(first, frameCount)..<frameCount), firstFrame: first)
    #expect(part == found.rows(last * shape.outputFrequencyCount..<found.rowCount))
  }

  @Test(arguments: [1, 2, 15, 16, 17, 50])
  func `rows are normalised by the definition`(size: Int) {
    var generator = SplitMix64(seed: 3)
    func random(_ rows: Int) -> Matrix {
      Matrix(
        rowCount: rows, columnCount: size,
        values: (0..<rows * size).map { _ in Float.random(in: -2...3, using: &generator) })
    }
    let (input, gain, bias) = (random(4), random(1), random(1))
    var output = input
    output.normalizeRows(gain: gain, bias: bias)
    for row in 0..<4 {
      let x = input.row(row).map(Double.init)
      let mean = x.reduce(0, +) / Double(size)
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      for column in 0..<size {
        let normalized = (x[column] - mean) / (variance + 1e-5).squareRoot()
        let expected = normalized * Double(gain.values[column]) + Double(bias.values[column])
        #expect(abs(Double(output[row, column]) - expected) < 1e-5)
      }
    }
  }
}
