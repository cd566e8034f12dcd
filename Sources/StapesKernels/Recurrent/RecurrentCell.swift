/// A cell of a recurrent layer: its parameters, and what it computes at one step, forward and
/// backward.
///
/// `RecurrentSweep` walks it through time, and adds the products with the layer's input. Letters: N
/// rows of the packing, G columns of the gates, H units, R columns of the output h.
public protocol RecurrentCell: Sendable, Equatable {
  /// The weights of one direction, packed for one pass.
  associatedtype Weights: Sendable

  /// H: the number of units.
  var size: Int { get }
  /// G: the columns of the gates.
  var gateCount: Int { get }
  /// R: the columns of h.
  var outputCount: Int { get }
  /// The columns of the state that a step hands to the next besides h.
  var memoryCount: Int { get }
  /// The columns of what else a step caches for the backward pass.
  var auxiliaryCount: Int { get }
  /// The columns of the gradient that goes to the step before besides that through h's products.
  var carryCount: Int { get }
  /// The activation of a unit, where it can be chosen.
  var unitActivation: Activation? { get }

  /// The parameters of a direction behind the input weights W [G × inputs]: the first is
  /// `recurrent`, the second the bias b [1 × G].
  var parameters: [TensorShape] { get }

  /// Packs the parameters for one pass.
  ///
  /// - Parameters:
  ///   - matrices: those of `parameters`.
  ///   - pack: packs a factor of products: for the forward pass transposed, for the backward pass
  ///     as it is.
  func weights(_ matrices: [WeightMatrix], pack: (WeightMatrix) -> PackedMatrix) -> Weights

  /// Computes h and the memory of a step from the gates' inputs W·x + b, which become the gates'
  /// values.
  func forward(_ step: CellStep, weights: Weights)

  /// Adds the gradient that comes from the step after to that of h, which then is ∂loss/∂h.
  func receive(_ gradients: CellGradients, weights: Weights)

  /// Turns the gates' values into the gradients of their inputs, from ∂loss/∂h.
  func backward(_ step: CellStep, gradients: CellGradients, weights: Weights)

  /// Adds to the gradients of the parameters but b, after the backward pass through time.
  ///
  /// - Parameters:
  ///   - pass: what the gradients are made of.
  ///   - gradients: those of `parameters`.
  func addGradients(_ pass: RecurrentBackward, to gradients: inout [Matrix])
}

extension RecurrentCell {
  /// As many as units.
  public var outputCount: Int { size }
  /// None.
  public var memoryCount: Int { 0 }
  /// None.
  public var auxiliaryCount: Int { 0 }
  /// None.
  public var carryCount: Int { 0 }
  /// None.
  public var unitActivation: Activation? { nil }
}

/// What the gradients of a direction's parameters are made of, after the backward pass through time.
public struct RecurrentBackward: Sendable {
  /// The cache, its gates the gradients of their inputs.
  public let cache: RecurrentCache
  /// The transpose of those, [G × N].
  public let transposedGates: TransposedFactor
  /// h of the step before in each row, [N × R].
  let previousHidden: Matrix
  let sweep: RecurrentSweep
  let precision: ProductPrecision

  /// Prepares the factors.
  ///
  /// - Parameters:
  ///   - cache: as `RecurrentSweep.backward` left it.
  ///   - output: the layer's, whose columns `columns` are h.
  ///   - columns: see `output`.
  ///   - sweep: what ran over them.
  ///   - precision: how the products are computed.
  public init(
    cache: RecurrentCache, output: Matrix, columns: Range<Int>, sweep: RecurrentSweep,
    precision: ProductPrecision
  ) {
    self.cache = cache
    transposedGates = TransposedFactor(cache.gates, precision: precision)
    previousHidden = sweep.previous(of: output, columns: columns)
    self.sweep = sweep
    self.precision = precision
  }

  /// The transpose of some columns of a matrix, [columns × N].
  func transposed(_ matrix: Matrix, columns: Range<Int>) -> TransposedFactor {
    TransposedFactor(matrix.columns(columns), precision: precision)
  }
}
