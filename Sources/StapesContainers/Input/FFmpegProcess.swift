internal import Glibc
internal import StapesFiles

/// ffmpeg at work on one file, which it decodes where libsndfile does not.
///
/// It writes to a pipe, and does not take part in what the terminal's keys do to this process. Where
/// nobody reads to the end it is killed with its group, since it may be a script that runs the
/// program; also where this process ends, however that is: a shell in the group waits for the end of
/// a pipe that only this process holds open.
@safe
package final class FFmpegProcess {
  private let path: String
  private let identifier: pid_t
  private let outputEnd: CInt
  private let lifeEnd: CInt
  /// What it says goes to a temporary file without a name.
  private let messages: InputFile
  private let limit: TimeLimit
  private var status: CInt?

  private static let script =
    #"(read -r _; kill -s KILL 0) <&3 >/dev/null 2>&1 3<&- & exec "$0" "$@" 3<&-"#

  /// Starts a program to decode a file that can seek; nil where there is no such program.
  package static func decoding(
    _ input: borrowing InputFile, by program: String, within limit: TimeLimit
  ) throws(AudioError) -> FFmpegProcess? {
    guard let program = Self.path(of: program) else { return nil }
    let messages = try input.copy(of: [])
    let source = try input.duplicateDescriptor()
    defer { close(source) }
    let sink = try messages.duplicateDescriptor()
    defer { close(sink) }
    let output = try makePipe(for: input.path)
    defer { close(output.theirs) }
    let life: (ours: CInt, theirs: CInt)
    do throws(AudioError) {
      life = try makePipe(for: input.path)
    } catch {
      close(output.ours)
      throw error
    }
    defer { close(life.theirs) }
    guard let identifier = start(program, [source, output.theirs, sink, life.theirs]) else {
      for end in [output.ours, life.ours] { close(end) }
      return nil
    }
    return FFmpegProcess(
      path: input.path, identifier: identifier, outputEnd: output.ours, lifeEnd: life.ours,
      messages: messages, limit: limit)
  }

  /// A pipe, as which sockets serve: only they can be made such that no other child gets an end.
  private static func makePipe(for path: String) throws(AudioError) -> (ours: CInt, theirs: CInt) {
    var ends: [CInt] = [0, 0]
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .file(FileError(path, .read, .code(errno)))
    }
    return (ends[0], ends[1])
  }

  private init(
    path: String, identifier: pid_t, outputEnd: CInt, lifeEnd: CInt, messages: consuming InputFile,
    limit: TimeLimit
  ) {
    (self.path, self.identifier, self.limit) = (path, identifier, limit)
    (self.outputEnd, self.lifeEnd) = (outputEnd, lifeEnd)
    self.messages = messages
  }

  deinit {
    kill(-identifier, SIGKILL)
    // The first process of a container inherits what its children leave.
    while waitpid(-identifier, nil, 0) > 0 || errno == EINTR {}
    close(outputEnd)
    close(lifeEnd)
  }

  /// What it writes; asked for once.
  package func output() throws(AudioError) -> InputFile {
    var output = try InputFile(duplicating: outputEnd, path: path)
    output.program = self
    return output
  }

  /// Waits until some bytes of what it writes can be read, or their end.
  ///
  /// - Returns: how many bytes there are, at least as many as asked for; `Int.max` at the end.
  /// - Throws: `AudioError.timedOut`, and `.cancelled` when the task is.
  package func wait(for byteCount: Int) throws(AudioError) -> Int {
    while true {
      var state = pollfd(fd: outputEnd, events: CShort(POLLIN), revents: 0)
      let isReady = unsafe poll(&state, 1, 50) > 0
      var available: CInt = 0
      _ = unsafe ioctl(outputEnd, UInt(FIONREAD), &available)
      if available >= byteCount { return Int(available) }
      if CInt(state.revents) & POLLHUP != 0 { return Int.max }
      try limit.check()
      if Task.isCancelled { throw .cancelled(path: path) }
      if isReady { usleep(500) }
    }
  }

  /// Why it failed, or what of the sound it could not decode, in its own words; nil where it
  /// complained of nothing.
  ///
  /// It is asked for at the end of what it writes; what does not end soon after that is killed.
  package var failure: String? {
    end()
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

  private func end() {
    var (result, found): (CInt, pid_t) = (0, 0)
    for _ in 0..<1000 where status == nil {
      found = unsafe waitpid(identifier, &result, WNOHANG)
      if found != 0 { status = result } else { usleep(1000) }
    }
    if status == nil {
      kill(-identifier, SIGKILL)
      status = 0
    }
  }

  /// The path of a program: its own, or that in the first folder of `PATH` that has it.
  static func path(of program: String) -> String? {
    let folders = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    let paths = folders.split(separator: ":").map { "\($0)/\(program)" }
    return (program.contains("/") ? [program] : paths).first { unsafe access($0, X_OK) == 0 }
  }

  private static func start(_ program: String, _ descriptors: [CInt]) -> pid_t? {
    let arguments =
      [
        "sh", "-c", script, program, "-nostdin", "-hide_banner", "-loglevel", "error",
        "-protocol_whitelist", "file,pipe",
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
    let code = unsafe posix_spawn(
      &identifier, "/bin/sh", &actions, &attributes, &strings, unsafe environ)
    return code == 0 ? identifier : nil
  }
}
