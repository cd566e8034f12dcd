internal import CKernels

/// What a unit makes of its input.
public enum Activation: Sendable, Equatable {
  /// tanh(x)
  case tanh
  /// max(x, 0)
  case relu
  /// min(max(x, 0), ceiling)
  case clippedRelu(ceiling: Float)

  /// As the kernels take it: 0 for tanh.
  private var ceiling: Float {
    switch self {
    case .tanh: 0
    case .relu: .infinity
    case .clippedRelu(let ceiling): ceiling
    }
  }

  /// Applies it to rows, which become the outputs, and writes them to other rows as well.
  func apply(
    rows: Int, size: Int, to a: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>,
    stride: Int, using kernels: stapes_recurrent_kernels
  ) {
    unsafe kernels.activate(rows, size, ceiling, a, output, stride)
  }

  /// Turns the outputs of rows into the gradient of the inputs.
  func backward(
    rows: Int, size: Int, outputs: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    using kernels: stapes_recurrent_kernels
  ) {
    unsafe kernels.activate_backward(rows, size, ceiling, outputs, gradient)
  }
}

extension Matrix {
  /// Applies an activation to each element.
  public mutating func apply(_ activation: Activation) {
    let (rows, columns) = (rowCount, columnCount)
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let values = values.baseAddress else { return }
      unsafe activation.apply(
        rows: rows, size: columns, to: values, output: values, stride: columns,
        using: stapes_recurrent_kernels_best().pointee)
    }
  }

  /// Turns the outputs of an activation into the gradient of its inputs.
  ///
  /// - Parameters:
  ///   - activation: what made this matrix.
  ///   - gradient: that of this matrix, of its shape.
  public mutating func backward(through activation: Activation, gradient: Matrix) {
    precondition(
      gradient.rowCount == rowCount && gradient.columnCount == columnCount,
      "[\(rowCount) x \(columnCount)] and [\(gradient.rowCount) x \(gradient.columnCount)]")
    let (rows, columns) = (rowCount, columnCount)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe gradient.values.withUnsafeBufferPointer { gradient in
        guard let values = values.baseAddress, let gradient = gradient.baseAddress else { return }
        unsafe activation.backward(
          rows: rows, size: columns, outputs: values, gradient: gradient,
          using: stapes_recurrent_kernels_best().pointee)
      }
    }
  }
}
