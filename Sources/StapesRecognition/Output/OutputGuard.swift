internal import StapesTranscript

/// What keeps a command from replacing files that a person or another program has made.
package enum OutputGuard {
  /// Makes sure, before any work, that a command may write to some paths.
  ///
  /// - Parameters:
  ///   - outputs: the files that it is going to write.
  ///   - inputs: the files that it reads; none of them is replaced, whatever `overwrites` says.
  ///   - overwrites: whether the user has said that existing files are to be replaced.
  /// - Throws: `RecognitionError.outputIsInput`, `.occupied` with all files that are in the way, and
  ///   `.unwritable` where something stands there that is no file.
  package static func check(
    _ outputs: [String], inputs: [String] = [], overwrites: Bool
  ) throws(RecognitionError) {
    var occupied: [String] = []
    for path in outputs {
      guard let node = FileNode(at: path) else { continue }
      try check(node, at: path, inputs: inputs)
      occupied.append(path)
    }
    guard overwrites || occupied.isEmpty else { throw .occupied(paths: occupied) }
  }

  /// Makes sure that what stands at the place of an output could be replaced at all.
  ///
  /// - Throws: `RecognitionError.outputIsInput` and `.unwritable`.
  package static func check(
    _ node: FileNode, at path: String, inputs: [String]
  ) throws(RecognitionError) {
    if node.kind == .folder { throw .unwritable(path: path, reason: "it is a folder") }
    guard let target = FileNode(at: path, followsLinks: true) else { return }
    // A folder is an input for what is in it, which is looked at file by file.
    let isInput = inputs.contains { input in
      input != "-" && FileNode(at: input, followsLinks: true)?.isSameFile(as: target) == true
    }
    if isInput { throw .outputIsInput(path: path) }
    guard target.kind == .file else {
      throw .unwritable(path: path, reason: "it is not a regular file")
    }
  }

  /// Makes sure, before any work, that a folder can be made at a path: that neither it nor what it
  /// lies in is a file.
  ///
  /// - Throws: `RecognitionError.notAFolder`.
  package static func checkFolder(_ path: String) throws(RecognitionError) {
    var place = path
    while true {
      if let node = FileNode(at: place, followsLinks: true) {
        if node.kind != .folder { throw .notAFolder(path: place) }
        return
      }
      let above = place.folderPath
      guard above != place, !above.isEmpty else { return }
      place = above
    }
  }
}
