internal import Glibc

/// The program `ffmpeg`, which decodes what libsndfile does not.
public enum FFmpeg {
  /// The program's name, or its path; nil where it is not to be used.
  @TaskLocal public static var program: String? = "ffmpeg"
}

/// ffmpeg at work on one file.
///
/// It writes to a pipe, is killed where nobody reads to the end, and does not take part in what the
/// terminal's keys do to this process.
@safe
final class FFmpegProcess {
  private let path: String
  private let identifier: pid_t
  private let outputEnd: CInt
  /// What it says goes to a temporary file without a name.
  private let messages: InputFile
  private var status: CInt?

  /// Starts to decode a file that can seek; nil where there is no ffmpeg, or none is wanted.
  static func decoding(_ input: borrowing InputFile) throws(AudioError) -> FFmpegProcess? {
    guard let program = FFmpeg.program else { return nil }
    let messages = try input.copy(of: [])
    let source = try input.duplicateDescriptor()
    defer { close(source) }
    let sink = try messages.duplicateDescriptor()
    defer { close(sink) }
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 })
    else {
      throw .unreadable(path: input.path, reason: systemMessage(errno))
    }
    defer { close(ends[1]) }
    guard let identifier = start(program, [source, ends[1], sink]) else {
      close(ends[0])
      return nil
    }
    return FFmpegProcess(
      path: input.path, identifier: identifier, outputEnd: ends[0], messages: messages)
  }

  private init(
    path: String, identifier: pid_t, outputEnd: CInt, messages: consuming InputFile
  ) {
    self.path = path
    self.identifier = identifier
    self.outputEnd = outputEnd
    self.messages = messages
  }

  deinit {
    guard status == nil else { return }
    // Its group, since it may be a script that runs the program.
    kill(-identifier, SIGKILL)
    wait()
  }

  /// What it writes; asked for once.
  func output() throws(AudioError) -> InputFile {
    try InputFile(owning: outputEnd, path: path)
  }

  /// Why it failed, or what of the sound it could not decode, in its own words; nil where it
  /// complained of nothing.
  ///
  /// It is asked for when it has ended or is about to.
  var failure: String? {
    wait()
    let length = min(messages.currentByteCount, 1 << 16)
    let bytes = (try? messages.bytes(at: 0, count: length)) ?? []
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let line = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
      return status == 0 ? nil : "it ended with status \(status.map { $0 >> 8 & 0xFF } ?? 0)"
    }
    // What it names is a number of ours.
    return line.replacing("/dev/stdin: ", with: "").replacing("[in#0] ", with: "")
      .trimmingPrefix { $0.isWhitespace }.prefix(200).description
  }

  private func wait() {
    guard status == nil else { return }
    var result: CInt = 0
    while unsafe waitpid(identifier, &result, 0) < 0 {
      // Someone else has waited for it already.
      guard errno == EINTR else { break }
    }
    status = result
  }

  private static func start(_ program: String, _ descriptors: [CInt]) -> pid_t? {
    let arguments =
      [
        program, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist",
        "file,pipe",
      ]
      + ["-i", "/dev/stdin", "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav", "-"]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (target, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(target))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = CShort(POSIX_SPAWN_SETPGROUP) | CShort(POSIX_SPAWN_SETSIGDEF)
    unsafe posix_spawnattr_setflags(&attributes, flags)
    var strings = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe strings.forEach { unsafe free($0) } }
    var identifier = pid_t()
    let code = unsafe posix_spawnp(
      &identifier, program, &actions, &attributes, &strings, unsafe environ)
    return code == 0 ? identifier : nil
  }
}
