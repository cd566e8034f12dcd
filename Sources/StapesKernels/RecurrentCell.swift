internal import CKernels

/// The cell of one direction of a recurrent layer, with its weights packed for one way: for the way
/// forward every matrix transposed, for the way back as it is.
public enum RecurrentCell: Sendable {
  /// Long short-term memory.
  case lstm(LSTMCell)
  /// The gated recurrent unit.
  case gru(GRUCell)
  /// The plain cell that sees its last output.
  case elman(ElmanCell)

  /// The cell's steps.
  var steps: any RecurrentSteps {
    switch self {
    case .lstm(let cell): cell
    case .gru(let cell): cell
    case .elman(let cell): cell
    }
  }

  /// The columns of the gates' inputs.
  public var gateCount: Int { steps.gateCount }
  /// The columns of h.
  public var outputCount: Int { steps.outputCount }
}

/// What a cell computes at one step, and how wide the rows are that it works on.
protocol RecurrentSteps: Sendable {
  /// The columns of the gates.
  var gateCount: Int { get }
  /// The columns of what it hands to the next step besides h.
  var memoryCount: Int { get }
  /// The columns of what it keeps for the way back besides.
  var auxiliaryCount: Int { get }
  /// The columns of h.
  var outputCount: Int { get }
  /// The columns of the gradient that goes to the step before besides that of h's products.
  var carryCount: Int { get }

  /// Computes h and the memory from the gates' inputs, which become the gates' values.
  ///
  /// - Parameters:
  ///   - rows: the rows of the step.
  ///   - hidden: h, [rows × outputCount], with the rows' `stride`.
  ///   - kernels: those of this processor.
  func goForward(
    _ rows: CellRows, to hidden: UnsafeMutablePointer<Float>,
    using kernels: stapes_recurrent_kernels
  )

  /// Adds what comes from the step after to the gradient of h, which then is ∂loss/∂h.
  func receive(_ after: CellGradients, using kernels: stapes_recurrent_kernels)

  /// Turns the gates' values into the gradients of their inputs, from a gradient of h that was
  /// received.
  func goBack(_ rows: CellRows, from after: CellGradients, using kernels: stapes_recurrent_kernels)
}

/// The rows of one step.
@unsafe
struct CellRows {
  /// How many rows the step has.
  let rowCount: Int
  /// How many of them have a step before; the others start from zero.
  let previousCount: Int
  /// The gates, [rows × gateCount].
  let gates: UnsafeMutablePointer<Float>
  /// The memory, [rows × memoryCount].
  let memory: UnsafeMutablePointer<Float>
  /// The memory of the step before, [previous rows × memoryCount].
  let memoryBefore: UnsafeMutablePointer<Float>
  /// What else is kept, [rows × auxiliaryCount].
  let auxiliary: UnsafeMutablePointer<Float>
  /// h of the step before, [previous rows × outputCount], with `stride` from row to row.
  let hiddenBefore: UnsafePointer<Float>
  /// The distance from row to row of h.
  let stride: Int
}

/// What reaches a step on the way back.
@unsafe
struct CellGradients {
  /// How many rows also run at the step after.
  let followingCount: Int
  /// The gradients of the gates' inputs at the step after, [following rows × gateCount].
  let gates: UnsafePointer<Float>
  /// What the cell kept at the step after, [following rows × auxiliaryCount].
  let auxiliary: UnsafePointer<Float>
  /// The gradient of h, [rows × outputCount]: that of the layers above on entry.
  let hidden: UnsafeMutablePointer<Float>
  /// What the step after left for this one, and this leaves for the one before,
  /// [rows × carryCount].
  let carry: UnsafeMutablePointer<Float>
}

/// What a sweep keeps of its way forward, row for row, for the way back.
///
/// Letters: N rows.
public struct RecurrentTrace: Sendable {
  /// [N × gateCount]: W·x + b before the way forward, the gates' values after it, and after the way
  /// back the gradients of the gates' inputs.
  public var gates: Matrix
  /// What a step hands to the next besides h: an LSTM's cells, [N × H].
  public var memory: Matrix
  /// What else the gradient needs; see each cell.
  public var auxiliary: Matrix
  /// ∂loss/∂state of each row, [N × R + columns of the memory], after a way back that keeps it: of h
  /// for all that follows, the layers above included, and of the memory that is handed to the next
  /// step.
  public internal(set) var stateGradients: Matrix?

  /// Begins with the gates' inputs, W·x + b.
  public init(gates: Matrix, cell: RecurrentCell) {
    let steps = cell.steps
    precondition(gates.columnCount == steps.gateCount, "\(gates.columnCount) gate columns")
    self.gates = gates
    // No matrix is empty, so that each has a first element to point to.
    memory = Matrix(rowCount: gates.rowCount, columnCount: max(steps.memoryCount, 1))
    auxiliary = Matrix(rowCount: gates.rowCount, columnCount: max(steps.auxiliaryCount, 1))
  }
}
