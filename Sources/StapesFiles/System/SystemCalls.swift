internal import Glibc
internal import SystemPackage

/// What swift-system leaves to the C library.
enum SystemCalls {
  /// Gives a file another name, which then is this file's alone.
  static func rename(_ path: String, to goal: String) throws(Errno) {
    try check(unsafe Glibc.rename(path, goal))
  }

  /// Gives a file a further name, which nothing may have.
  static func link(_ path: String, to goal: String) throws(Errno) {
    try check(unsafe Glibc.link(path, goal))
  }

  /// Removes a file, never a folder.
  static func unlink(_ path: String) throws(Errno) { try check(unsafe Glibc.unlink(path)) }

  /// Makes a folder in one that is there.
  static func makeFolder(_ path: String) throws(Errno) { try check(unsafe mkdir(path, 0o777)) }

  /// Runs another program in place of this one.
  ///
  /// - Returns: why it cannot be run; otherwise it does not return.
  static func execute(_ path: String, _ arguments: [String]) -> Errno {
    var strings = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe strings.forEach { unsafe free($0) } }
    unsafe execv(path, &strings)
    return Errno(rawValue: errno)
  }

  /// The folder for what does not fit into memory.
  static var temporaryFolder: String {
    unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
  }

  private static func check(_ result: CInt) throws(Errno) {
    if result != 0 { throw Errno(rawValue: errno) }
  }
}

extension FileDescriptor {
  /// Another descriptor of the same file at the same place.
  func duplicated() throws(Errno) -> FileDescriptor {
    let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw Errno(rawValue: errno) }
    return FileDescriptor(rawValue: copy)
  }

  /// Locks the file against other processes until it is closed.
  ///
  /// - Parameters:
  ///   - waits: whether to wait for another process that holds it.
  ///   - isShared: whether others may lock it so as well.
  func lock(waits: Bool, isShared: Bool = false) throws(Errno) {
    while flock(rawValue, (isShared ? LOCK_SH : LOCK_EX) | (waits ? 0 : LOCK_NB)) != 0 {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
    }
  }

  /// Ends the lock.
  ///
  /// Closing the file alone does not, while a process that is being started has a copy of it.
  func unlock() {
    _ = flock(rawValue, LOCK_UN)
  }

  /// Forces the content to the disk.
  func synchronize() throws(Errno) {
    guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
  }
}
