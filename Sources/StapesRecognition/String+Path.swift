extension String {
  /// What stands after the last dot of a file name or path; empty without a dot, or where the name
  /// begins with it.
  var pathExtension: String {
    let name = self[(lastIndex(of: "/").map(index(after:)) ?? startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
  }

  /// The path without its last dot and what follows.
  package var withoutPathExtension: String {
    pathExtension.isEmpty ? self : String(dropLast(pathExtension.count + 1))
  }

  /// The last part of a path: what stands after its last slash.
  package var fileName: String {
    lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self
  }

  /// The folder of a path: what stands before its last slash; "." without one.
  package var folderPath: String {
    lastIndex(of: "/").map { String(self[..<$0]) } ?? "."
  }
}
