internal import Glibc

/// A file that takes its name only when it is complete.
///
/// It is written beside its goal and renamed by `commit()`; dropped before that, nothing is left.
@safe
package struct OutputFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let descriptor: CInt
  private var isCommitted = false

  /// Starts a file.
  ///
  /// - Parameters:
  ///   - path: its goal.
  ///   - folder: where it is written before it is complete, on the same file system; nil for beside
  ///     its goal.
  package init(path: String, writingIn folder: String? = nil) throws(AudioError) {
    self.path = path
    let place = folder.map { "\($0)/output" } ?? path
    temporaryPath = "\(place).\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    // Unlike mkstemp, this leaves the permissions to the user's mask.
    descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unsafe unlink(temporaryPath) }
  }

  /// Appends bytes.
  package mutating func write(_ bytes: [UInt8]) throws(AudioError) {
    guard writeAll(bytes, to: descriptor) else {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
  }

  /// Gives the file its name.
  package mutating func commit() throws(AudioError) {
    try Self.place(temporaryPath, at: path, replaces: true)
    isCommitted = true
  }

  /// Leaves the complete file under its temporary name, for `place(_:at:replaces:)`.
  ///
  /// - Parameter isForced: whether its content is forced to the disk.
  /// - Returns: that name.
  package mutating func leave(isForced: Bool = false) throws(AudioError) -> String {
    guard !isForced || fsync(descriptor) == 0 else {
      throw .cannotWrite(path: path, reason: systemMessage(errno))
    }
    isCommitted = true
    return temporaryPath
  }

  /// Gives a complete file its name.
  ///
  /// - Parameters:
  ///   - temporaryPath: where it is; where this fails, it stays there.
  ///   - path: its name, on the same file system.
  ///   - replaces: whether what has that name is replaced; where not, this fails.
  package static func place(
    _ temporaryPath: String, at path: String, replaces: Bool
  ) throws(AudioError) {
    func refusal() -> AudioError { .cannotWrite(path: path, reason: systemMessage(errno)) }
    if !replaces {
      if unsafe link(temporaryPath, path) == 0 {
        unsafe unlink(temporaryPath)
        return
      }
      guard errno != EEXIST else { throw refusal() }
      // Some file systems have no links; there a look must do.
      var status = stat()
      guard unsafe lstat(path, &status) != 0 else {
        errno = EEXIST
        throw refusal()
      }
    }
    guard unsafe rename(temporaryPath, path) == 0 else { throw refusal() }
  }
}

/// Writes all bytes; false, with `errno` set, when that fails.
@safe
func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
  unsafe bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count, let start = buffer.baseAddress {
      let count = unsafe Glibc.write(descriptor, start + done, buffer.count - done)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return false }
      done += count
    }
    return true
  }
}
