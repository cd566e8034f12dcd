internal import Glibc

/// A program at work, which ends when this process does, however that is.
///
/// It is in a group of its own, and takes no part in what the terminal's keys do to this process; a
/// shell in the group waits for the end of a pipe that only this process holds open, and then kills it.
@safe
package final class ChildProcess {
  /// Where a program reads, or writes.
  package enum Stream {
    /// An open file, which stays the caller's.
    case descriptor(CInt)
    /// A file, which is made where it is not there, and appended to.
    case file(String)
    /// Nowhere.
    case none
  }

  private let identifier: pid_t
  private let lifeEnd: CInt
  private var result: CInt?

  private static let script =
    #"(read -r _; kill -s KILL 0) <&3 >/dev/null 2>&1 3<&- & exec "$0" "$@" 3<&-"#

  /// Starts a program; nil where the system refuses.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: its arguments, without its name.
  ///   - input: what it reads as standard input.
  ///   - output: where its standard output goes.
  ///   - errors: where its messages go.
  package init?(
    _ program: String, _ arguments: [String], input: Stream = .none, output: Stream = .none,
    errors: Stream = .none
  ) {
    guard let life = Self.makePipe() else { return nil }
    defer { close(life.theirs) }
    let streams = [input, output, errors, .descriptor(life.theirs)]
    guard let identifier = Self.start(["sh", "-c", Self.script, program] + arguments, streams)
    else {
      close(life.ours)
      return nil
    }
    (self.identifier, lifeEnd) = (identifier, life.ours)
  }

  deinit {
    kill()
    // The first process of a container inherits what its children leave.
    while waitpid(-identifier, nil, 0) > 0 || errno == EINTR {}
    close(lifeEnd)
  }

  /// The status that it ended with, 128 and the signal where one ended it; nil as long as it works.
  package var status: CInt? {
    if result == nil {
      var word: CInt = 0
      if unsafe waitpid(identifier, &word, WNOHANG) != 0 {
        result = word & 0x7F == 0 ? word >> 8 & 0xFF : 128 + word & 0x7F
      }
    }
    return result
  }

  /// Kills it with what it started.
  package func kill() { Glibc.kill(-identifier, SIGKILL) }

  /// A pipe, as which sockets serve: only they can be made such that no other child gets an end.
  package static func makePipe() -> (ours: CInt, theirs: CInt)? {
    var ends: [CInt] = [0, 0]
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    return unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
  }

  /// The path of a program: its own, or that in the first folder of `PATH` that has it.
  package static func path(of program: String) -> String? {
    let folders = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    let paths = folders.split(separator: ":").map { "\($0)/\(program)" }
    return (program.contains("/") ? [program] : paths).first { unsafe access($0, X_OK) == 0 }
  }

  private static func start(_ arguments: [String], _ streams: [Stream]) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (target, stream) in streams.enumerated() {
      let mode = target == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
      switch stream {
      case .descriptor(let descriptor):
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(target))
      case .file(let path):
        unsafe posix_spawn_file_actions_addopen(&actions, CInt(target), path, mode, 0o666)
      case .none:
        unsafe posix_spawn_file_actions_addopen(&actions, CInt(target), "/dev/null", O_RDWR, 0)
      }
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
