internal import Glibc
internal import StapesRecognition

/// A file of lines that is only ever appended to, by one process at a time.
///
/// Each line goes to the system at once and as a whole, so that it outlives this process however
/// that ends. It owns a file descriptor, and with it a lock that ends when the process does.
@safe
struct JournalFile: ~Copyable {
  /// Where it is.
  let path: String
  private let descriptor: CInt

  /// Opens a file, or makes it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - waits: whether to wait for another process that holds it.
  /// - Throws: `RecognitionError.unwritable`, also where the path is a link, which might lead to
  ///   anyone's file, or no regular file; and `.busy` when another process holds it.
  init(path: String, waits: Bool = false) throws(RecognitionError) {
    self.path = path
    descriptor = unsafe open(
      path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    let reason = descriptor < 0 ? systemMessage(errno) : nil
    try Self.refuseOthers(at: path)
    if let reason { throw .unwritable(path: path, reason: reason) }
    while flock(descriptor, LOCK_EX | (waits ? 0 : LOCK_NB)) != 0 {
      if errno == EINTR { continue }
      // Some network file systems know no locks; then nothing keeps others away.
      guard errno == EWOULDBLOCK else { break }
      close(descriptor)
      throw .busy(path: path)
    }
    if try !endsWithLine() { try append("\n") }
  }

  deinit { close(descriptor) }

  /// Makes sure that a file of lines stands at a path, or nothing.
  ///
  /// - Throws: `RecognitionError.unwritable`.
  static func refuseOthers(at path: String) throws(RecognitionError) {
    switch FileNode(at: path)?.kind {
    case .file?, nil: break
    case .link?: throw .unwritable(path: path, reason: "it is a symbolic link")
    default: throw .unwritable(path: path, reason: "it is not a regular file")
    }
  }

  /// Appends a text, which should end its line.
  ///
  /// - Throws: `RecognitionError.unwritable`.
  func append(_ text: String) throws(RecognitionError) {
    let bytes = Array(text.utf8)
    let failure = unsafe bytes.withUnsafeBytes { buffer -> CInt? in
      var done = 0
      while done < buffer.count, let start = buffer.baseAddress {
        let count = unsafe write(descriptor, start + done, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return nil
    }
    if let failure { throw .unwritable(path: path, reason: systemMessage(failure)) }
  }

  /// Forces what was appended to the disk.
  func flush() { fdatasync(descriptor) }

  /// How many bytes it has.
  var byteCount: Int { Int(lseek(descriptor, 0, SEEK_END)) }

  /// Whether the file is empty or its last line is complete.
  private func endsWithLine() throws(RecognitionError) -> Bool {
    let end = lseek(descriptor, 0, SEEK_END)
    guard end > 0 else { return true }
    var byte: UInt8 = 0
    guard unsafe pread(descriptor, &byte, 1, end - 1) == 1 else {
      throw .unwritable(path: path, reason: systemMessage(errno))
    }
    return byte == UInt8(ascii: "\n")
  }
}

/// The system's words for an error number.
@safe
private func systemMessage(_ code: CInt) -> String {
  var text = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
