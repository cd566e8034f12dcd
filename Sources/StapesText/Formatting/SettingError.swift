/// An error that can say of a setting that it lies outside what is allowed.
package protocol SettingError: Error {
  /// The error for a setting, what it is and what is allowed being written out.
  static func settingOutOfRange(name: String, found: String, allowed: String) -> Self
}

extension SettingError {
  /// Makes sure that a setting lies within a range.
  ///
  /// - Parameters:
  ///   - name: what the setting is called.
  ///   - found: the setting.
  ///   - allowed: the range.
  /// - Throws: `settingOutOfRange`.
  package static func check<Value: Comparable>(
    _ name: String, _ found: Value, within allowed: ClosedRange<Value>
  ) throws(Self) {
    guard let (found, allowed) = allowed.rejection(of: found) else { return }
    throw settingOutOfRange(name: name, found: found, allowed: allowed)
  }

  /// Makes sure of the same for a setting that is a range itself.
  ///
  /// - Parameters:
  ///   - name: what the setting is called.
  ///   - found: the setting.
  ///   - allowed: the range.
  /// - Throws: `settingOutOfRange`.
  package static func check<Value: Comparable>(
    _ name: String, _ found: ClosedRange<Value>, within allowed: ClosedRange<Value>
  ) throws(Self) {
    guard let (found, allowed) = allowed.rejection(of: found) else { return }
    throw settingOutOfRange(name: name, found: found, allowed: allowed)
  }
}

extension ClosedRange {
  /// How a setting outside this range, and the range, are written; nil where it lies within.
  fileprivate func rejection(of found: Bound) -> (found: String, allowed: String)? {
    contains(found) ? nil : ("\(found)", text)
  }

  /// The same of a setting that is a range itself.
  fileprivate func rejection(of found: ClosedRange) -> (found: String, allowed: String)? {
    contains(found.lowerBound) && contains(found.upperBound) ? nil : (found.text, text)
  }

  private var text: String { "\(lowerBound) to \(upperBound)" }
}
