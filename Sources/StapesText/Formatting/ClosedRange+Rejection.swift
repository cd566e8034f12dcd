extension ClosedRange {
  /// How a setting outside this range, and the range, are written; nil where it lies within.
  package func rejection(of found: Bound) -> (found: String, allowed: String)? {
    contains(found) ? nil : ("\(found)", text)
  }

  /// The same of a setting that is a range itself.
  package func rejection(of found: ClosedRange) -> (found: String, allowed: String)? {
    contains(found.lowerBound) && contains(found.upperBound) ? nil : (found.text, text)
  }

  private var text: String { "\(lowerBound) to \(upperBound)" }
}
