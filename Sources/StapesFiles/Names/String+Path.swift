internal import FoundationEssentials

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
  package var folderPath: String {
    lastSlash.map { $0 == startIndex ? "/" : String(self[..<$0]) } ?? "."
  }

  /// The path of what lies in this folder; the other path itself where it is absolute.
  package func appendingPath(_ path: String) -> String {
    // By bytes, since an accent behind a slash makes another character of it.
    if path.utf8.first == UInt8(ascii: "/") { return path }
    return utf8.last == UInt8(ascii: "/") ? self + path : self + "/" + path
  }

  /// The absolute path of what a link leads to, as the system follows it.
  package var followingLinks: String {
    URL(filePath: self).resolvingSymlinksInPath().path(percentEncoded: false)
  }

  /// The absolute path with links followed and without detours, as far as something is there.
  package var resolvingLinks: String {
    URL(filePath: self).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
  }

  /// The names on the way from the root to a file or folder, without `.` and `..`.
  package var absoluteParts: [String] {
    FileSystem.currentFolder.appendingPath(self).split(separator: "/")
      .reduce(into: []) { parts, part in
        switch part {
        case ".": break
        case "..": _ = parts.popLast()
        default: parts.append(String(part))
        }
      }
  }

  // By bytes, since an accent behind a slash or a dot makes another character of it.
  private var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }

  private var nameStart: Index { lastSlash.map { utf8.index(after: $0) } ?? startIndex }

  private var extensionDot: Index? {
    let dot = utf8[nameStart...].lastIndex(of: UInt8(ascii: "."))
    return dot.flatMap { $0 > nameStart ? $0 : nil }
  }
}
