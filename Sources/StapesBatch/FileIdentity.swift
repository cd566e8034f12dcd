internal import StapesAudio
internal import StapesFiles
internal import StapesRecognition

/// What tells whether a file still holds what it held: its size, the times of its last change, and
/// a hash of its content where those say too little.
struct FileIdentity: Equatable, Sendable {
  /// Its length in bytes.
  var size: Int
  /// When its content was changed last, as programs may set it (mtime), in microseconds since 1970.
  var modified: Int
  /// When anything about it was changed last, as only the system sets it (ctime), in the same form;
  /// nil where that is not known, or so recent that a further change need not show in it.
  var changed: Int?
  /// The hash of its content; nil as long as nobody has asked.
  var hash: UInt64?

  /// Looks at a file, links followed, without opening it.
  ///
  /// - Throws: `RecognitionError.audio` when there is none, or it is no regular file: a pipe or a
  ///   device might never end.
  init(ofFileAt path: String) throws(RecognitionError) {
    self.init(of: try Self.node(ofFileAt: path))
  }

  /// What stands where a sound file should, links followed.
  ///
  /// - Throws: as `init(ofFileAt:)`.
  static func node(ofFileAt path: String) throws(RecognitionError) -> FileNode {
    try rethrowing(FileNode(ofFileAt: path), as: { RecognitionError.audio(.file($0)) })
  }

  /// The identity of what was looked at, without the hash.
  init(of node: FileNode) {
    self.init(
      size: node.size, modified: node.modified, changed: node.isRecent ? nil : node.changed,
      hash: nil)
  }

  /// Makes an identity that was written down.
  init(size: Int, modified: Int, changed: Int?, hash: UInt64?) {
    (self.size, self.modified, self.changed, self.hash) = (size, modified, changed, hash)
  }

  /// The hash of a file's content; nil where it cannot be read.
  static func hash(ofFileAt path: String) -> UInt64? {
    var hash = ContentHash()
    return (try? hash.addFile(path)).map { hash.value }
  }
}

extension FileNode {
  /// Whether it was changed so lately that a further change may bear the same time: file systems
  /// count in steps of up to two seconds.
  var isRecent: Bool { changed > BatchJournal.now - 2_000_000 }
}
