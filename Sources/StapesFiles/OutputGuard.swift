/// What keeps a command from replacing files that a person or another program has made.
package enum OutputGuard {
  /// Makes sure, before any work, that a command may write to some paths.
  ///
  /// A file without a byte holds nothing, and may always be replaced.
  ///
  /// - Parameters:
  ///   - outputs: the files that it is going to write.
  ///   - inputs: the files that it reads; none of them is replaced, whatever `overwrites` says.
  ///   - overwrites: whether the user has said that existing files are to be replaced.
  ///   - makesFolders: whether folders for the outputs are made later where there are none.
  /// - Throws: `FileError`, with the cause `.occupied` for all files that are in the way.
  package static func check(
    _ outputs: [String], inputs: [String] = [], overwrites: Bool, makesFolders: Bool = false
  ) throws(FileError) {
    var (occupied, places) = ([String](), Set<ByteName>())
    for path in outputs {
      if makesFolders { try checkFolder(path.folderPath) } else { try checkWritable(path) }
      let node = FileNode(at: path)
      // Of what is not there, the folder may be a link.
      let place =
        node == nil
        ? path.folderPath.resolvingLinks.appendingPath(path.fileName) : path.resolvingLinks
      guard places.insert(place.byteName).inserted else {
        throw FileError(path, .write, .twice)
      }
      guard let node else { continue }
      try check(node, at: path, inputs: inputs)
      if isInUse(path) { occupied.append(path) }
    }
    guard overwrites || occupied.isEmpty else { throw .occupied(occupied) }
  }

  /// Makes sure that what stands at the place of an output could be replaced at all.
  ///
  /// - Throws: `FileError`.
  package static func check(
    _ node: FileNode, at path: String, inputs: [String]
  ) throws(FileError) {
    if node.kind == .folder { throw FileError(path, .write, .folder) }
    guard let target = FileNode(at: path, followsLinks: true) else { return }
    // A folder is an input for what is in it, which is looked at file by file.
    let isInput = inputs.contains { input in
      input != "-" && FileNode(at: input, followsLinks: true)?.isSameFile(as: target) == true
    }
    if isInput { throw FileError(path, .write, .isInput) }
    if let fault = target.fault { throw FileError(path, .write, fault) }
  }

  /// Whether something is at a path that is not a file without a byte.
  package static func isInUse(_ path: String) -> Bool {
    let node = FileNode(at: path, followsLinks: true) ?? FileNode(at: path)
    return node.map { $0.kind != .file || $0.size > 0 } ?? false
  }

  /// Makes sure that a file can be written, before hours are spent on what goes into it.
  ///
  /// - Throws: `FileError`.
  package static func checkWritable(_ path: String) throws(FileError) {
    if let fault = FileNode(at: path, followsLinks: true)?.fault {
      throw FileError(path, .write, fault)
    }
    let isLink = FileNode(at: path)?.kind == .link
    do throws(FileError) {
      try probe(folder: (isLink ? path.followingLinks : path).folderPath)
    } catch {
      throw FileError(path, .write, error.cause)
    }
  }

  /// Makes sure, before any work, that a folder can be made at a path: that neither it nor what it
  /// lies in is a file.
  ///
  /// - Throws: `FileError` with the cause `.noFolder`.
  package static func checkFolder(_ path: String) throws(FileError) {
    var place = path
    while true {
      if let node = FileNode(at: place, followsLinks: true) {
        if node.kind != .folder { throw FileError(place, .write, .noFolder) }
        return
      }
      let above = place.folderPath
      guard above != place, !above.isEmpty else { return }
      place = above
    }
  }

  /// Makes sure that files can be written into a folder, by one that is there for a moment.
  ///
  /// - Throws: `FileError`.
  package static func probe(folder: String) throws(FileError) {
    var file = try ReplacedFile(path: temporaryPath(in: folder), role: "folder")
    try file.finish(isForced: true).discard()
  }
}
