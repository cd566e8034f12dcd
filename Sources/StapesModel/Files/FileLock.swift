internal import Glibc

/// A lock that one process holds at a time: an empty file, locked for as long as this lives.
///
/// The system lets go of it however the process ends, so that a lock that a killed process left
/// behind holds nobody up. The file is removed at the end.
@safe
package final class FileLock: Sendable {
  /// Why there is no lock.
  package enum Failure: Error, Equatable {
    /// Another process holds it.
    case busy
    /// The file system has no locks, as some network folders, or the file cannot be made.
    case unavailable(reason: String)
  }

  private let path: String
  private let descriptor: CInt

  /// Takes a lock without waiting.
  ///
  /// - Parameter path: the file, which is made where it is not there.
  package init(path: String) throws(Failure) {
    while true {
      let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw .unavailable(reason: systemMessage(errno)) }
      if let failure = Self.lock(descriptor) {
        close(descriptor)
        throw failure
      }
      if Self.isName(path, of: descriptor) {
        (self.path, self.descriptor) = (path, descriptor)
        return
      }
      // Whoever held it has removed the file since it was opened here.
      close(descriptor)
    }
  }

  /// Whether somebody holds the lock at a path; nothing is made there.
  package static func isHeld(atPath path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  deinit {
    var status = stat()
    // What is not empty is not ours.
    if unsafe fstat(descriptor, &status) == 0, status.st_size == 0 { unsafe unlink(path) }
    close(descriptor)
  }

  private static func lock(_ descriptor: CInt) -> Failure? {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      return errno == EWOULDBLOCK ? .busy : .unavailable(reason: systemMessage(errno))
    }
    return nil
  }

  private static func isName(_ path: String, of descriptor: CInt) -> Bool {
    var (named, opened) = (stat(), stat())
    return unsafe stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
  }
}

/// The system's words for an error number.
@safe
private func systemMessage(_ code: CInt) -> String {
  var text = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
