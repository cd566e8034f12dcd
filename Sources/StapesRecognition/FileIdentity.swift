internal import Glibc
internal import StapesAudio
internal import StapesKernels

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
    guard let node = FileNode(at: path, followsLinks: true) else {
      throw .audio(errno == EACCES ? .noPermission(path: path) : .noSuchFile(path: path))
    }
    switch node.kind {
    case .file: return node
    case .folder: throw .audio(.isDirectory(path: path))
    default: throw .audio(.unreadable(path: path, reason: "it is not a regular file"))
    }
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
    do throws(RecognitionError) {
      try hash.addFile(path)
      return hash.value
    } catch {
      return nil
    }
  }
}

extension FileIdentity {
  /// The first bytes of a file; fewer where it is shorter or cannot be read.
  static func start(ofFileAt path: String, byteCount: Int) -> [UInt8] {
    do throws(AudioError) {
      var blocks = try FileBlocks(path: path)
      return Array(try blocks.next().prefix(byteCount))
    } catch {
      return []
    }
  }
}

/// What stands at a path: two that are equal are the same file, unchanged between two looks.
package struct FileNode: Equatable, Sendable {
  /// What kinds of things stand in folders.
  package enum Kind: Sendable {
    case file, folder, link, other
  }

  /// What it is; `.link` only where links are not followed.
  package let kind: Kind
  /// Its length in bytes.
  package let size: Int
  /// When its content was changed last (mtime), in microseconds since 1970.
  package let modified: Int
  /// When anything about it was changed last (ctime), in the same form.
  package let changed: Int
  private let device: UInt
  private let number: UInt

  /// Looks at a path without opening what is there; nil where nothing is, or it cannot be told.
  package init?(at path: String, followsLinks: Bool = false) {
    var status = stat()
    guard unsafe (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
      return nil
    }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int(status.st_size)
    modified = status.st_mtim.tv_sec * 1_000_000 + status.st_mtim.tv_nsec / 1000
    changed = status.st_ctim.tv_sec * 1_000_000 + status.st_ctim.tv_nsec / 1000
    (device, number) = (UInt(status.st_dev), UInt(status.st_ino))
  }

  /// Whether it is the same file as another, under whatever names, changed or not.
  package func isSameFile(as other: Self) -> Bool {
    device == other.device && number == other.number
  }

  /// Whether it was changed so lately that a further change may bear the same time: file systems
  /// count in steps of up to two seconds.
  var isRecent: Bool { changed > BatchJournal.now - 2_000_000 }

  /// Whether certainly nothing is at a path, rather than something that may not be looked at.
  static func isNothing(at path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Removes a file, never a folder; whether it is gone.
  static func unlink(_ path: String) -> Bool { unsafe Glibc.unlink(path) == 0 }

  /// Whether this process may read a file.
  static func isReadable(at path: String) -> Bool { unsafe access(path, R_OK) == 0 }
}

/// A running hash of 64 bits that tells contents apart; it guards against chance, not intent.
package struct ContentHash: Sendable {
  private var state: UInt64 = 0x243F_6A88_85A3_08D3
  private var byteCount = 0

  /// Begins a hash.
  package init() {}

  /// Adds bytes; how they are divided into blocks counts too, unless blocks are multiples of eight.
  package mutating func add(_ bytes: [UInt8]) {
    state = bytes.mixWords(into: state)
    byteCount += bytes.count
  }

  /// Adds words of 64 bits, as the bytes that they are, the least significant first.
  package mutating func add(words: [UInt64]) {
    state = words.mixWords(into: state)
    byteCount += 8 * words.count
  }

  /// Adds a text, told from all others that could stand in its place.
  package mutating func add(_ text: String) {
    add(Array(text.utf8))
    state = [UInt64(text.utf8.count)].mixWords(into: state)
  }

  /// Adds the content of a file.
  ///
  /// - Throws: `RecognitionError.audio` when it cannot be read.
  package mutating func addFile(_ path: String) throws(RecognitionError) {
    do throws(AudioError) {
      var blocks = try FileBlocks(path: path)
      while true {
        let block = try blocks.next()
        if block.isEmpty { return }
        add(block)
      }
    } catch {
      throw .audio(error)
    }
  }

  /// The hash of all that was added.
  package var value: UInt64 {
    var mixed = state ^ UInt64(byteCount)
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
