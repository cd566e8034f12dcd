extension String {
  /// What stands after the last dot of a file name or path; empty without a dot, or where the name
  /// begins with it.
  package var pathExtension: String {
    guard let dot = extensionDot else { return "" }
    return String(self[utf8.index(after: dot)...])
  }

  /// The path without its last dot and what follows.
  package var withoutPathExtension: String {
    guard let dot = extensionDot, utf8.index(after: dot) < endIndex else { return self }
    return String(self[..<dot])
  }

  /// The last part of a path: what stands after its last slash.
  package var fileName: String { String(self[nameStart...]) }

  /// The folder of a path: what stands before its last slash; "." without one.
  package var folderPath: String { lastSlash.map { String(self[..<$0]) } ?? "." }

  // By bytes, since an accent behind a slash or a dot makes another character of it.
  private var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }

  private var nameStart: Index { lastSlash.map { utf8.index(after: $0) } ?? startIndex }

  private var extensionDot: Index? {
    let dot = utf8[nameStart...].lastIndex(of: UInt8(ascii: "."))
    return dot.flatMap { $0 > nameStart ? $0 : nil }
  }
}
