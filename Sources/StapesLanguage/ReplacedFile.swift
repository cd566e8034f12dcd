internal import Glibc

/// A file that takes its name only when it is complete.
///
/// It is written beside its goal and renamed by `commit()`; dropped before that, nothing is left
/// and what was there before stays.
@safe
struct ReplacedFile: ~Copyable {
  /// The goal.
  let path: String
  private let temporaryPath: String
  private let descriptor: CInt
  private var isCommitted = false

  /// Starts a file.
  ///
  /// - Throws: `LanguageError.unwritable`, also where something other than a file is in the way.
  init(path: String) throws(LanguageError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .unwritable(path: path, reason: "it is \(isFolder ? "a folder" : "no regular file")")
    }
    let temporaryPath = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
    (self.path, self.temporaryPath, self.descriptor) = (path, temporaryPath, descriptor)
  }

  deinit {
    close(descriptor)
    if !isCommitted { unsafe unlink(temporaryPath) }
  }

  /// A descriptor of the same file at the same place, for someone else to write to and close.
  func duplicateDescriptor() throws(LanguageError) -> CInt {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
    return copy
  }

  /// Appends bytes.
  ///
  /// - Throws: `LanguageError.unwritable`.
  mutating func write(_ bytes: [UInt8]) throws(LanguageError) {
    guard unsafe bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }) else {
      throw .unwritable(path: path, reason: systemMessage(errno))
    }
  }

  /// Appends words of 64 bits, the least significant byte first.
  ///
  /// - Throws: `LanguageError.unwritable`.
  mutating func write(_ words: [UInt64]) throws(LanguageError) {
    guard unsafe words.withUnsafeBytes({ writeAll($0, to: descriptor) }) else {
      throw .unwritable(path: path, reason: systemMessage(errno))
    }
  }

  /// Forces the content to the disk and gives the file its name.
  ///
  /// - Throws: `LanguageError.unwritable`.
  mutating func commit() throws(LanguageError) {
    guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
      throw .unwritable(path: path, reason: systemMessage(errno))
    }
    isCommitted = true
  }
}
