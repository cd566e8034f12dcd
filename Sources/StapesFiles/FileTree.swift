/// The files below a folder, in the order of their paths' bytes.
///
/// Links are followed, each folder once. Names that begin with a dot are not there: systems leave
/// such files behind, some with names that end like sound.
package struct FileTree {
  /// The files' paths below the folder, with slashes.
  package private(set) var files: [String] = []
  /// Folders below it that cannot be listed, by their paths below it with a slash at the end, and
  /// why.
  package private(set) var unreadable: [(folder: String, error: FileError)] = []

  /// What has no name in UTF-8, so that nothing can name it, by its path below the folder.
  package private(set) var foreign: [(path: String, ending: String, isFolder: Bool)] = []

  private var visited: Set<FileNode.Identifier> = []

  /// Lists a folder.
  ///
  /// - Throws: `FileError` when the folder itself cannot be listed.
  package init(path: String) throws(FileError) {
    try list(path, below: "")
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private mutating func list(_ path: String, below prefix: String) throws(FileError) {
    if let node = FileNode(at: path, followsLinks: true) {
      guard visited.insert(node.identifier).inserted else { return }
    }
    let names = try FolderNames(inFolder: path)
    foreign += names.foreign.map {
      (prefix + $0.name + ($0.isFolder ? "/" : ""), $0.ending, $0.isFolder)
    }
    for name in names.names {
      let inner = path.appendingPath(name)
      guard FileNode.isFolder(inner) else {
        files.append(prefix + name)
        continue
      }
      do throws(FileError) {
        try list(inner, below: prefix + name + "/")
      } catch {
        unreadable.append((prefix + name + "/", error))
      }
    }
  }
}
