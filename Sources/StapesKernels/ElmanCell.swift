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
  func goBack(
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
  public mutating func goBack(through activation: Activation, gradient: Matrix) {
    precondition(
      gradient.rowCount == rowCount && gradient.columnCount == columnCount,
      "[\(rowCount) x \(columnCount)] and [\(gradient.rowCount) x \(gradient.columnCount)]")
    let (rows, columns) = (rowCount, columnCount)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe gradient.values.withUnsafeBufferPointer { gradient in
        guard let values = values.baseAddress, let gradient = gradient.baseAddress else { return }
        unsafe activation.goBack(
          rows: rows, size: columns, outputs: values, gradient: gradient,
          using: stapes_recurrent_kernels_best().pointee)
      }
    }
  }
}

/// The plain recurrent cell: h = f(W·x + b + R·h₋₁) with f = tanh or a rectifier (Elman 1990).
///
/// Letters: H units.
public struct ElmanCell: Sendable {
  private let recurrent: PackedMatrix
  private let activation: Activation

  /// Makes a cell for one way.
  ///
  /// - Parameters:
  ///   - recurrent: forward Rᵀ; back R, [H × H].
  ///   - activation: f.
  public init(recurrent: PackedMatrix, activation: Activation) {
    precondition(
      recurrent.rowCount == recurrent.columnCount,
      "[\(recurrent.rowCount) x \(recurrent.columnCount)]")
    self.recurrent = recurrent
    self.activation = activation
  }
}

extension ElmanCell: RecurrentSteps {
  var gateCount: Int { recurrent.rowCount }
  var memoryCount: Int { 0 }
  var auxiliaryCount: Int { 0 }
  var outputCount: Int { recurrent.rowCount }
  var carryCount: Int { 0 }

  func goForward(
    _ rows: CellRows, to hidden: UnsafeMutablePointer<Float>,
    using kernels: stapes_recurrent_kernels
  ) {
    unsafe recurrent.addProduct(
      rows: rows.previousCount, rows.hiddenBefore, stride: rows.stride, to: rows.gates,
      stride: gateCount, using: kernels)
    unsafe activation.apply(
      rows: rows.rowCount, size: gateCount, to: rows.gates, output: hidden,
      stride: rows.stride, using: kernels)
  }

  func receive(_ after: CellGradients, using kernels: stapes_recurrent_kernels) {
    unsafe recurrent.addProduct(
      rows: after.followingCount, after.gates, stride: gateCount, to: after.hidden,
      stride: gateCount, using: kernels)
  }

  func goBack(
    _ rows: CellRows, from after: CellGradients, using kernels: stapes_recurrent_kernels
  ) {
    unsafe activation.goBack(
      rows: rows.rowCount, size: gateCount, outputs: rows.gates, gradient: after.hidden,
      using: kernels)
  }
}
