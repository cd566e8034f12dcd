/// The name and the shape of a matrix of weights, and what it is for.
public struct TensorShape: Sendable, Equatable {
  /// How a matrix begins.
  enum Beginning: Sendable, Equatable {
    /// Weights of what comes from below, random; as many units as these see an input.
    case input(unitCount: Int)
    /// Weights of what comes from the step before, random: gates of so many rows.
    case recurrent(unitCount: Int)
    /// One value for all.
    case constant(Float)
    /// Zeros, and ones at these places, counted row after row.
    case ones(Range<Int>)
  }

  /// The name in the model file.
  public let name: String
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  let beginning: Beginning

  /// Describes a matrix.
  init(_ name: String, _ rowCount: Int, _ columnCount: Int, _ beginning: Beginning) {
    self.name = name
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.beginning = beginning
  }

  /// A vector of one value.
  init(_ name: String, _ count: Int, constant: Float = 0) {
    self.init(name, 1, count, .constant(constant))
  }

  /// The number of weights.
  public var elementCount: Int { rowCount * columnCount }

  /// Whether it is a factor of products with rows of inputs, and may be stored in fewer bits.
  public var isMultiplied: Bool {
    switch beginning {
    case .input, .recurrent: true
    case .constant, .ones: false
    }
  }

  /// The same under a longer name.
  func prefixed(_ prefix: String) -> TensorShape {
    TensorShape("\(prefix).\(name)", rowCount, columnCount, beginning)
  }
}
