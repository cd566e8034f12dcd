internal import Glibc

/// The system's program `gzip` at work on one file.
struct GzipProcess: Sendable {
  private let identifier: pid_t
  private let path: String

  /// Starts unpacking a file from where it stands.
  ///
  /// - Returns: the process, and a descriptor of the unpacked bytes, which the caller closes.
  /// - Throws: `LanguageError.gzipFailed`.
  @safe
  static func unpacking(
    _ file: borrowing ByteFile, path: String
  ) throws(LanguageError) -> (GzipProcess, CInt) {
    let source = try file.duplicateDescriptor()
    defer { close(source) }
    let (readEnd, writeEnd) = try makePipe(path: path)
    defer { close(writeEnd) }
    do throws(LanguageError) {
      return (try start(["gzip", "-dc"], from: source, to: writeEnd, path: path), readEnd)
    } catch {
      close(readEnd)
      throw error
    }
  }

  /// Starts packing what is written to the returned descriptor, which the caller closes.
  ///
  /// - Throws: `LanguageError.gzipFailed`.
  @safe
  static func packing(to file: borrowing ReplacedFile) throws(LanguageError) -> (GzipProcess, CInt)
  {
    let goal = try file.duplicateDescriptor()
    defer { close(goal) }
    let (readEnd, writeEnd) = try makePipe(path: file.path)
    defer { close(readEnd) }
    do throws(LanguageError) {
      return (try start(["gzip", "-c"], from: readEnd, to: goal, path: file.path), writeEnd)
    } catch {
      close(writeEnd)
      throw error
    }
  }

  /// Writes all bytes to a descriptor that `packing(to:)` returned.
  ///
  /// - Throws: `LanguageError.gzipFailed`.
  @safe
  static func write(
    _ bytes: [UInt8], to descriptor: CInt, path: String
  ) throws(LanguageError) {
    guard unsafe bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }) else {
      throw .gzipFailed(path: path, reason: systemMessage(errno))
    }
  }

  /// Waits for the end of the process.
  ///
  /// - Throws: `LanguageError.gzipFailed` where it was not content.
  @safe
  func finish() throws(LanguageError) {
    var status: CInt = 0
    while unsafe waitpid(identifier, &status, 0) < 0 {
      // Someone else has waited for it already.
      guard errno == EINTR else { return }
    }
    guard status == 0 else {
      throw .gzipFailed(path: path, reason: "the file is damaged, or the disk is full")
    }
  }

  private static func makePipe(path: String) throws(LanguageError) -> (CInt, CInt) {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw .gzipFailed(path: path, reason: systemMessage(errno))
    }
    return (ends[0], ends[1])
  }

  private static func start(
    _ arguments: [String], from source: CInt, to goal: CInt, path: String
  ) throws(LanguageError) -> GzipProcess {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, source, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, goal, STDOUT_FILENO)
    // One sentence on what is wrong is enough, and it is ours, with the file's name.
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var strings = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe strings.forEach { unsafe free($0) } }
    var identifier = pid_t()
    let code = unsafe posix_spawnp(&identifier, arguments[0], &actions, nil, &strings, nil)
    guard code == 0 else { throw .gzipFailed(path: path, reason: systemMessage(code)) }
    return GzipProcess(identifier: identifier, path: path)
  }
}
