extension StringProtocol {
  /// The text without white space at its ends.
  package var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}

extension Substring {
  /// The text before the first white space, and what follows that white space.
  package var splitAtFirstSpace: (Substring, Substring) {
    let start = drop(while: \.isWhitespace)
    let name = start.prefix { !$0.isWhitespace }
    return (name, start[name.endIndex...].drop(while: \.isWhitespace))
  }
}
