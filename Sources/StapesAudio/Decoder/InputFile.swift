internal import Glibc

/// Bytes to be decoded: a file, or a pipe, which is copied to a temporary file when one must seek.
///
/// It owns a file descriptor and closes it.
@safe
struct InputFile: ~Copyable {
  /// How messages call it; "-" is standard input.
  let path: String
  private let descriptor: CInt
  /// The number of bytes, where that is known: not for a pipe.
  private(set) var byteCount: Int?
  /// What writes to the pipe, where that is known: then it is waited for with care.
  var program: FFmpegProcess?
  /// What was read from a pipe so far, so that nothing is lost when it must be copied.
  private var consumed: [UInt8] = []

  /// Whether one can seek.
  var isSeekable: Bool { byteCount != nil }

  /// Opens a file, or standard input for "-".
  init(path: String) throws(AudioError) {
    if path == "-" {
      try self.init(duplicating: STDIN_FILENO, path: path)
      return
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(errno, path: path) }
    try self.init(owning: descriptor, path: path)
  }

  /// Reads from a descriptor that stays the caller's.
  init(duplicating descriptor: CInt, path: String) throws(AudioError) {
    try self.init(owning: Self.duplicate(descriptor, path: path), path: path)
  }

  /// Takes over a descriptor, with which it is closed.
  init(owning descriptor: CInt, path: String) throws(AudioError) {
    self.path = path
    self.descriptor = descriptor
    byteCount = nil
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.error(errno, path: path) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG where lseek(descriptor, 0, SEEK_CUR) == 0: byteCount = Int(status.st_size)
    case S_IFIFO, S_IFSOCK: ()
    // Devices, and files that someone has read from already, are taken from where they are.
    default: try copyRest(after: [])
    }
  }

  private init(owning descriptor: CInt, path: String, byteCount: Int?) {
    self.path = path
    self.descriptor = descriptor
    self.byteCount = byteCount
  }

  deinit { close(descriptor) }

  /// The same input at the same place, which both then share.
  func duplicate() throws(AudioError) -> InputFile {
    InputFile(owning: try duplicateDescriptor(), path: path, byteCount: byteCount)
  }

  /// A temporary file without a name: other bytes in front, then parts of this one.
  ///
  /// - Precondition: one can seek.
  func copy(
    of ranges: [Range<Int>], after front: [UInt8] = []
  ) throws(AudioError) -> InputFile {
    let copy = InputFile(
      owning: try Self.openTemporaryFile(for: path), path: path,
      byteCount: front.count + ranges.reduce(0) { $0 + $1.count })
    var block = front
    for range in ranges {
      var position = range.lowerBound
      while position < range.upperBound {
        let next = try bytes(at: position, count: min(range.upperBound - position, 1 << 18))
        if next.isEmpty { break }
        block += next
        position += next.count
        if block.count >= 1 << 18 { try copy.append(&block) }
      }
    }
    try copy.append(&block)
    lseek(copy.descriptor, 0, SEEK_SET)
    return copy
  }

  private func append(_ block: inout [UInt8]) throws(AudioError) {
    guard writeAll(block, to: descriptor) else {
      throw .cannotSpool(path: path, reason: systemMessage(errno))
    }
    block = []
  }

  /// The bytes at an offset, wherever it stands otherwise; fewer only at the end.
  ///
  /// - Precondition: one can seek.
  func bytes(at offset: Int, count: Int) throws(AudioError) -> [UInt8] {
    var failure: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = unsafe pread(descriptor, start + filled, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    if failure != 0 { throw Self.error(failure, path: path) }
    return bytes
  }

  /// A descriptor of the same file at the same place, for someone else to close.
  func duplicateDescriptor() throws(AudioError) -> CInt {
    try Self.duplicate(descriptor, path: path)
  }

  /// The next bytes: as many as asked for, fewer only at the end.
  mutating func read(_ count: Int) throws(AudioError) -> [UInt8] {
    let bytes = try nextBytes(count)
    if !isSeekable { consumed += bytes }
    return bytes
  }

  /// The number of bytes by now, of a file that another process writes to.
  var currentByteCount: Int {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Forgets what was read from a pipe so far.
  mutating func forget() { consumed = [] }

  /// Passes over bytes; in a file, possibly beyond its end.
  mutating func skip(_ count: Int) throws(AudioError) {
    if isSeekable {
      lseek(descriptor, count, SEEK_CUR)
    } else {
      _ = try read(count)
    }
  }

  /// Goes to a byte counted from the start; a pipe is copied to a temporary file first.
  mutating func seek(to offset: Int) throws(AudioError) {
    if !isSeekable { try copyRest(after: consumed) }
    lseek(descriptor, offset, SEEK_SET)
  }

  /// Replaces the input by a temporary file: other bytes in front, then all from here to the end.
  ///
  /// The file has no name, so that it is gone when it is closed, however this process ends.
  mutating func copyRest(after front: [UInt8]) throws(AudioError) {
    let copy = try Self.openTemporaryFile(for: path)
    defer { close(copy) }
    var total = 0
    var block = front
    repeat {
      guard writeAll(block, to: copy) else {
        throw .cannotSpool(path: path, reason: systemMessage(errno))
      }
      total += block.count
      block = try nextBytes(1 << 16)
    } while !block.isEmpty
    guard dup2(copy, descriptor) >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) >= 0,
      lseek(descriptor, 0, SEEK_SET) == 0
    else {
      throw .cannotSpool(path: path, reason: systemMessage(errno))
    }
    byteCount = total
    consumed = []
  }

  private func nextBytes(_ count: Int) throws(AudioError) -> [UInt8] {
    guard let program else { return try waitForBytes(count) }
    var bytes: [UInt8] = []
    while bytes.count < count {
      let available = try program.wait(for: 1)
      let next = try waitForBytes(min(available, count - bytes.count))
      if next.isEmpty { break }
      bytes += next
    }
    return bytes
  }

  private func waitForBytes(_ count: Int) throws(AudioError) -> [UInt8] {
    var failure: CInt = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = unsafe Glibc.read(descriptor, start + filled, count - filled)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    if failure != 0 { throw Self.error(failure, path: path) }
    return bytes
  }

  private static func duplicate(_ descriptor: CInt, path: String) throws(AudioError) -> CInt {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw error(errno, path: path) }
    return copy
  }

  private static func openTemporaryFile(for path: String) throws(AudioError) -> CInt {
    let directory = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var name = Array("\(directory)/stapes-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) >= 0 else {
      throw .cannotSpool(path: path, reason: systemMessage(errno))
    }
    unsafe unlink(name)
    return descriptor
  }

  private static func error(_ code: CInt, path: String) -> AudioError {
    switch code {
    case ENOENT, ENOTDIR: .noSuchFile(path: path)
    case EISDIR: .isDirectory(path: path)
    case EACCES, EPERM: .noPermission(path: path)
    default: .unreadable(path: path, reason: systemMessage(code))
    }
  }
}

/// The system's words for an error number.
@safe
func systemMessage(_ code: CInt) -> String {
  var text = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
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
