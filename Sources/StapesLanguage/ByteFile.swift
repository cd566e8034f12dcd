internal import Glibc

/// Bytes that are read from start to end: a text, a model, or a file of this process's own that was
/// written first.
///
/// It owns a file descriptor and closes it.
@safe
struct ByteFile: ~Copyable {
  /// How messages call it; "-" is standard input.
  let path: String
  private let descriptor: CInt

  /// Opens a file for reading, or standard input for "-".
  ///
  /// - Throws: `LanguageError.unreadable`.
  init(path: String) throws(LanguageError) {
    let descriptor =
      unsafe path == "-"
      ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemMessage(errno)) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw .unreadable(path: path, reason: "it is a folder")
    }
    self.init(owning: descriptor, path: path)
  }

  /// Takes over a descriptor that is open for reading.
  init(owning descriptor: CInt, path: String) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Makes an empty file for what does not fit into memory, in the folder that `TMPDIR` names.
  ///
  /// It has no name, so that it is gone when it is closed, however this process ends.
  ///
  /// - Throws: `LanguageError.cannotSpill`.
  init() throws(LanguageError) {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    path = folder
    var name = Array("\(folder)/stapes-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&name)
    guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) >= 0 else {
      throw .cannotSpill(folder: folder, reason: systemMessage(errno))
    }
    unsafe unlink(name)
  }

  deinit { close(descriptor) }

  /// A descriptor of the same file at the same place, for someone else to close.
  ///
  /// - Throws: `LanguageError.unreadable`.
  func duplicateDescriptor() throws(LanguageError) -> CInt {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .unreadable(path: path, reason: systemMessage(errno)) }
    return copy
  }

  /// The number of bytes from here to the end of a regular file; nil for a pipe or a device.
  var remainingByteCount: Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size) - lseek(descriptor, 0, SEEK_CUR)
  }

  /// Goes to a byte counted from the start of a regular file.
  mutating func seek(to offset: Int) {
    lseek(descriptor, offset, SEEK_SET)
  }

  /// The next bytes: as many as asked for, fewer only at the end.
  ///
  /// - Throws: `LanguageError.unreadable`.
  mutating func read(_ count: Int) throws(LanguageError) -> [UInt8] {
    try fill(count)
  }

  /// The next words of 64 bits, the least significant byte first: as many as asked for, fewer only
  /// at the end.
  ///
  /// - Throws: `LanguageError.unreadable`.
  mutating func readWords(_ count: Int) throws(LanguageError) -> [UInt64] {
    try fill(count)
  }

  /// Appends words to a file that `init()` made.
  ///
  /// - Throws: `LanguageError.cannotSpill`.
  mutating func append(_ words: [UInt64]) throws(LanguageError) {
    guard unsafe words.withUnsafeBytes({ writeAll($0, to: descriptor) }) else {
      throw .cannotSpill(folder: path, reason: systemMessage(errno))
    }
  }

  private func fill<Element: FixedWidthInteger>(
    _ count: Int
  ) throws(LanguageError) -> [Element] {
    var failure: CInt = 0
    let size = MemoryLayout<Element>.size
    let elements = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var done = 0
      while done < count * size, let start = bytes.baseAddress {
        let got = unsafe Glibc.read(descriptor, start + done, count * size - done)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        done += got
      }
      filled = done / size
    }
    if failure != 0 { throw .unreadable(path: path, reason: systemMessage(failure)) }
    return elements
  }
}

/// Writes all bytes; false, with `errno` set, when that fails.
@safe
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
  var done = 0
  while done < bytes.count, let start = bytes.baseAddress {
    let count = unsafe Glibc.write(descriptor, start + done, bytes.count - done)
    if count < 0, errno == EINTR { continue }
    if count < 0 { return false }
    done += count
  }
  return true
}

/// The system's words for an error number.
@safe
func systemMessage(_ code: CInt) -> String {
  var text = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
