internal import Glibc
internal import StapesFiles

/// ffmpeg at work on one file, which it decodes where libsndfile does not.
///
/// It writes to a pipe. Where nobody reads to the end it is killed.
@safe
package final class FFmpegProcess {
  private let path: String
  private let process: ChildProcess
  private let outputEnd: CInt
  /// What it says goes to a temporary file without a name.
  private let messages: InputFile
  private let limit: TimeLimit

  /// Starts a program to decode a file that can seek; nil where there is no such program.
  package static func decoding(
    _ input: borrowing InputFile, by program: String, within limit: TimeLimit
  ) throws(AudioError) -> FFmpegProcess? {
    guard let program = ChildProcess.path(of: program) else { return nil }
    let messages = try input.copy(of: [])
    let source = try input.duplicateDescriptor()
    defer { close(source) }
    let sink = try messages.duplicateDescriptor()
    defer { close(sink) }
    guard let output = ChildProcess.makePipe() else {
      throw .file(FileError(input.path, .read, .code(errno)))
    }
    defer { close(output.theirs) }
    let arguments = [
      "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe",
      "-i", "/dev/stdin", "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav", "-",
    ]
    let process = ChildProcess(
      program, arguments, input: .descriptor(source), output: .descriptor(output.theirs),
      errors: .descriptor(sink))
    guard let process else {
      close(output.ours)
      return nil
    }
    return FFmpegProcess(
      path: input.path, process: process, outputEnd: output.ours, messages: messages, limit: limit)
  }

  private init(
    path: String, process: ChildProcess, outputEnd: CInt, messages: consuming InputFile,
    limit: TimeLimit
  ) {
    (self.path, self.process, self.limit) = (path, process, limit)
    self.outputEnd = outputEnd
    self.messages = messages
  }

  deinit { close(outputEnd) }

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
    let status = end()
    let length = min(messages.currentByteCount, 1 << 16)
    let bytes = (try? messages.bytes(at: 0, count: length)) ?? []
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let line = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
      return status == 0 ? nil : "it ended with status \(status)"
    }
    // What it names is a number of ours.
    return line.replacing("/dev/stdin: ", with: "").replacing("[in#0] ", with: "")
      .trimmingPrefix { $0.isWhitespace }.prefix(200).description
  }

  private func end() -> CInt {
    for _ in 0..<1000 {
      if let status = process.status { return status }
      usleep(1000)
    }
    process.kill()
    return 0
  }
}
