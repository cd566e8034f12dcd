internal import Glibc
internal import StapesAudio
internal import StapesKernels

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
  /// When anything about it was changed last (ctime), likewise.
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

  /// Whether certainly nothing is at a path, rather than something that may not be looked at.
  package static func isNothing(at path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Removes a file, never a folder; whether it is gone.
  package static func unlink(_ path: String) -> Bool { unsafe Glibc.unlink(path) == 0 }

  /// Whether this process may read a file.
  package static func isReadable(at path: String) -> Bool { unsafe access(path, R_OK) == 0 }
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
