/// The name and the shape of a matrix of parameters, and its role, which says how it is initialised.
public struct TensorShape: Sendable, Equatable {
  /// What a matrix of parameters is for.
  package enum Role: Sendable, Equatable {
    /// Weights of a layer's input, random at first; so many units see each input.
    case input(unitCount: Int)
    /// Weights of the step before, random at first: gates of so many rows.
    case recurrent(unitCount: Int)
    /// One value at first.
    case constant(Float)
    /// Zeros at first, and ones at these places, counted row after row.
    case ones(Range<Int>)
  }

  /// The name in the model file.
  public let name: String
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  package let role: Role

  /// Describes a matrix.
  package init(_ name: String, _ rowCount: Int, _ columnCount: Int, _ role: Role) {
    self.name = name
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.role = role
  }

  /// Describes a vector that is initialised to one value.
  package init(_ name: String, _ count: Int, constant: Float = 0) {
    self.init(name, 1, count, .constant(constant))
  }

  /// The number of parameters.
  public var elementCount: Int { rowCount * columnCount }

  /// Whether it is a factor of products with rows of inputs, and may be quantised.
  public var isMultiplied: Bool {
    switch role {
    case .input, .recurrent: true
    case .constant, .ones: false
    }
  }

  /// The same under a longer name.
  package func prefixed(_ prefix: String) -> TensorShape {
    TensorShape("\(prefix).\(name)", rowCount, columnCount, role)
  }
}
