internal import StapesKernels

/// Long short-term memory, in one direction or both; the equations stand at `LSTMCell`.
public struct LSTMLayer: Sendable, Equatable {
  /// H: the number of cells of each direction.
  public var size: Int
  /// Whether it also reads the sequence from its end to its beginning.
  public var isBidirectional: Bool
  /// Whether the gates see the cell (Gers 2002).
  public var hasPeepholes: Bool
  /// R: the outputs that the cells' are projected to (Sak 2014); nil for none.
  public var projectionSize: Int?

  /// Describes a layer.
  public init(
    size: Int, isBidirectional: Bool = false, hasPeepholes: Bool = false,
    projectionSize: Int? = nil
  ) {
    self.size = size
    self.isBidirectional = isBidirectional
    self.hasPeepholes = hasPeepholes
    self.projectionSize = projectionSize
  }
}

/// The matrices of a direction: `input` [4H × inputs], `recurrent` [4H × R], `bias` [1 × 4H], all
/// in the order i f g o; with peepholes `peepholes` [3 × H] in the order i f o, and with a
/// projection `projection` [R × H].
extension LSTMLayer: RecurrentLayer {
  var gatesPerUnit: Int { 4 }
  var directionOutputCount: Int { projectionSize ?? size }

  func validate() throws(NetworkError) {
    try NetworkError.check("hidden size", size, in: 1...16_384)
    if let projectionSize {
      try NetworkError.check("projection", projectionSize, in: 1...size)
    }
  }

  var cellShapes: [TensorShape] {
    var shapes = [
      TensorShape("recurrent", 4 * size, directionOutputCount, .recurrent(unitCount: size)),
      TensorShape("bias", 1, 4 * size, .ones(size..<2 * size)),
    ]
    if hasPeepholes { shapes.append(TensorShape("peepholes", 3, size, .constant(0))) }
    if let projectionSize {
      shapes.append(
        TensorShape("projection", projectionSize, size, .input(unitCount: projectionSize)))
    }
    return shapes
  }

  /// The positions among the matrices of a direction.
  private var peepholePart: Int { 3 }
  private var projectionPart: Int { hasPeepholes ? 4 : 3 }

  func forwardCell(_ weights: [WeightMatrix], for products: ProductPrecision) -> RecurrentCell {
    .lstm(
      LSTMCell(
        hiddenSize: size, recurrent: weights[1].packed(for: products),
        projection: projectionSize == nil ? nil : weights[projectionPart].packed(for: products),
        peepholes: hasPeepholes ? weights[peepholePart].matrix : nil))
  }

  func backwardCell(_ weights: [Matrix], precision: ProductPrecision) -> RecurrentCell {
    .lstm(
      LSTMCell(
        hiddenSize: size, recurrent: PackedMatrix(weights[1], precision: precision),
        projection: projectionSize == nil
          ? nil : PackedMatrix(weights[projectionPart], precision: precision),
        peepholes: hasPeepholes ? weights[peepholePart] : nil))
  }

  func addCellGradients(
    _ direction: DirectionGradients, into gradient: inout NetworkParameters, at first: Int
  ) {
    gradient.tensors[first + 1].matrix.addProduct(
      direction.turnedGates, direction.previousHidden)
    let trace = direction.trace
    if hasPeepholes {
      let before = direction.sweep.previous(of: trace.memory, column: 0, count: size)
      for (row, (gate, cells)) in [(0, before), (1, before), (3, trace.memory)].enumerated() {
        gradient.tensors[first + peepholePart].matrix.addColumnProducts(
          toRow: row, trace.gates, rows: 0..<trace.gates.rowCount, column: gate * size, cells,
          from: 0)
      }
    }
    if projectionSize != nil {
      let (cells, outputs) = (0..<size, size..<trace.auxiliary.columnCount)
      gradient.tensors[first + projectionPart].matrix.addProduct(
        TransposedFactor(trace.auxiliary.columns(outputs), precision: direction.precision),
        trace.auxiliary.columns(cells))
    }
  }
}
