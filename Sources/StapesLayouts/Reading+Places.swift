internal import FoundationEssentials
internal import StapesText

extension Reading {
  /// Checks that a source names no sound outside its own folder: what a list from elsewhere leads to
  /// would be read, and its text printed.
  ///
  /// Only the paths as they are written count: a link in the folder is whoever's made it.
  ///
  /// - Throws: `CorpusError.outside`.
  package func checkPlaces(of source: String) throws(CorpusError) {
    let folder = root ?? (isFolder(source) ? source : containingFolder(of: source))
    let roots = [folder, resolvedFolder(at: folder)].map(Self.parts)
    let outside = drafts.lazy.map(\.path).filter { path in
      let parts = Self.parts(of: path)
      return !roots.contains { parts.count > $0.count && parts.starts(with: $0) }
    }
    guard let first = outside.first else { return }
    throw .outside(path: source, sound: first, count: outside.count)
  }

  /// The names on the way from the root to a file or folder, without `.` and `..`.
  private static func parts(of path: String) -> [ByteName] {
    joined(FileManager.default.currentDirectoryPath, path).split(separator: "/").reduce(into: []) {
      parts, part in
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part.byteName)
      }
    }
  }
}
