/// Labels that only stand behind others, as combining signs do: none begins a text or a word.
public struct DependentLabels: Codable, Sendable, Equatable {
  /// Whether each label, as far as the last of them, is one.
  private let isDependent: [Bool]
  /// The label between two words; nil where there is none.
  private let separator: Int32?

  /// Takes labels.
  ///
  /// - Returns: nil where there are none, so that a search need not look for them.
  public init?(_ labels: [Int], separator: Int?) {
    guard let last = labels.max() else { return nil }
    var isDependent = [Bool](repeating: false, count: last + 1)
    for label in labels { isDependent[label] = true }
    self.isDependent = isDependent
    self.separator = separator.map(Int32.init)
  }

  /// Whether a label may not follow another; 0 for the beginning of a text.
  func forbid(_ label: Int32, after last: Int32) -> Bool {
    Int(label) < isDependent.count && isDependent[Int(label)] && (last == 0 || last == separator)
  }
}
