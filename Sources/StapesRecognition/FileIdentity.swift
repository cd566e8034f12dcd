internal import Glibc
internal import StapesAudio
internal import StapesKernels

/// What tells whether a file still holds what it held: its size and the time of its last change,
/// and a hash of its content where those two say too little.
struct FileIdentity: Equatable {
  /// Its length in bytes.
  var size: Int
  /// When it was changed last, in microseconds since 1970.
  var modified: Int
  /// The hash of its content; nil as long as nobody has asked.
  var hash: UInt64?

  /// Looks at a file, links followed, without opening it.
  ///
  /// - Throws: `RecognitionError.audio` when there is none, or it is no regular file: a pipe or a
  ///   device might never end.
  init(ofFileAt path: String) throws(RecognitionError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      throw .audio(errno == EACCES ? .noPermission(path: path) : .noSuchFile(path: path))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .audio(.isDirectory(path: path))
    default: throw .audio(.unreadable(path: path, reason: "it is not a regular file"))
    }
    size = Int(status.st_size)
    modified = status.st_mtim.tv_sec * 1_000_000 + status.st_mtim.tv_nsec / 1000
  }

  /// Makes an identity that was written down.
  init(size: Int, modified: Int, hash: UInt64?) {
    (self.size, self.modified, self.hash) = (size, modified, hash)
  }

  /// The hash of a file's content; nil where it cannot be read.
  static func hash(ofFileAt path: String) -> UInt64? {
    var hash = ContentHash()
    do throws(AudioError) {
      var blocks = try FileBlocks(path: path)
      while true {
        let block = try blocks.next()
        if block.isEmpty { return hash.value }
        hash.add(block)
      }
    } catch {
      return nil
    }
  }
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
