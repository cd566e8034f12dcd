internal import StapesFiles
internal import StapesText

extension Reading {
  /// Checks that a source names no sound outside its own folder: what a list from elsewhere leads to
  /// would be read, and its text printed.
  ///
  /// Only the paths as they are written count: a link in the folder is whoever's made it.
  ///
  /// - Throws: `LayoutError.outside`.
  package func checkPlaces(of source: String) throws(LayoutError) {
    let folder = root ?? (FileNode.isFolder(source) ? source : source.folderPath)
    let roots = [folder, folder.resolvingLinks].map(Self.parts)
    let outside = drafts.lazy.map(\.path).filter { path in
      let parts = Self.parts(of: path)
      return !roots.contains { parts.count > $0.count && parts.starts(with: $0) }
    }
    guard let first = outside.first else { return }
    throw .outside(path: source, sound: first, count: outside.count)
  }

  private static func parts(of path: String) -> [ByteName] { path.absoluteParts.map(\.byteName) }
}
