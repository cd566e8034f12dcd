public import StapesKernels

/// What can be wrong with a network's description or its weights.
public enum NetworkError: Error, Equatable {
  /// A setting is outside of its range.
  case settingOutOfRange(name: String, found: String, allowed: String)
  /// A word of a description is not one that may stand there; the position is that of a character,
  /// counted from 1, and the line too.
  case unreadable(line: Int, position: Int, found: String, allowed: String)
  /// The weights are not those of the described network.
  case weightsDiffer(name: String, found: String, expected: String)
  /// The weights are stored in another precision where 32-bit floats are needed.
  case notFloat32(found: WeightPrecision)

  /// Checks that a setting is in its range.
  static func check(
    _ name: String, _ value: Int, in allowed: ClosedRange<Int>
  ) throws(NetworkError) {
    guard allowed.contains(value) else {
      throw .settingOutOfRange(
        name: name, found: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
  }
}

extension NetworkError: CustomStringConvertible {
  /// The error in one sentence.
  public var description: String {
    switch self {
    case .settingOutOfRange(let name, let found, let allowed):
      "the network's \(name) is \(found), but must be \(allowed)"
    case .unreadable(let line, let position, let found, let allowed):
      "the network's description has \(found.isEmpty ? "its end" : "“\(found)”") at character "
        + "\(position)\(line == 1 ? "" : " of line \(line)") where \(allowed) should be"
    case .weightsDiffer(let name, let found, let expected):
      "the weights “\(name)” are \(found), but the network's description asks for \(expected)"
    case .notFloat32(let found):
      """
      the network's weights are quantised (\(found.rawValue)), but 32-bit floats are needed here; 
      """
        + "use the model that was quantised"
    }
  }
}
