internal import Glibc
internal import StapesAudio
internal import StapesFiles

/// Copies files from servers to the disk by a child curl, several at a time.
///
/// curl reads the addresses from a file without a name, for arguments can be seen by all users of a
/// machine.
package struct Download: Sendable {
  /// A file to copy.
  struct Job: Sendable {
    /// Where it is.
    let address: Address
    /// Where the copy goes.
    let path: String
  }

  /// The name or the path of curl.
  package var program = "curl"
  /// The most bytes that a file may have: what a WAV file can hold.
  package var mostBytes = 1 << 32
  /// After how many seconds a file is given up.
  package var mostSeconds = 3600.0
  /// How long is waited before each further attempt, where a server or the network may recover.
  package var waits: [Duration] = [.seconds(1), .seconds(2), .seconds(4)]

  /// Copies files; what has failed for a cause that may pass is tried again.
  ///
  /// - Returns: for each why there is no copy; nil where there is one.
  func run(_ jobs: [Job]) async -> [AudioError?] {
    var reasons: [String?] = jobs.map { job in
      job.address.isAllowed
        ? nil : "it is not encrypted, which is allowed for this machine alone; give https://"
    }
    var waiting = jobs.indices.filter { reasons[$0] == nil }
    for wait in [.zero] + waits where !waiting.isEmpty {
      try? await Task.sleep(for: wait)
      let results = await attempt(waiting.map { jobs[$0] })
      for (index, result) in zip(waiting, results) { reasons[index] = result?.reason }
      waiting = zip(waiting, results).filter { $0.1?.mayPass == true }.map(\.0)
    }
    return zip(jobs, reasons).map { job, reason in
      if let reason {
        FileSystem.remove(job.path)
        return .notFetched(address: job.address.shown, reason: reason)
      }
      // Of an empty body, curl makes no file.
      let isEmpty = (FileNode(at: job.path)?.size ?? 0) == 0
      return isEmpty ? .emptyFile(path: job.address.shown) : nil
    }
  }

  /// Why an attempt failed.
  private struct Fault {
    let reason: String
    var mayPass = false
  }

  private func attempt(_ jobs: [Job]) async -> [Fault?] {
    func all(_ reason: String) -> [Fault?] { jobs.map { _ in Fault(reason: reason) } }
    guard let program = ChildProcess.path(of: program) else { return all("curl is not installed") }
    guard let input = try? OpenFile(temporaryFor: "list of addresses"),
      let output = try? OpenFile(temporaryFor: "report of curl"),
      (try? input.write(Array(configuration(jobs).utf8))) != nil,
      let source = try? input.duplicateDescriptor()
    else { return all("no temporary file can be made for curl") }
    defer { close(source) }
    input.seek(to: 0)
    guard let sink = try? output.duplicateDescriptor() else { return all("curl cannot be run") }
    defer { close(sink) }
    let process = ChildProcess(
      "/bin/sh", ["-c", script, program], input: .descriptor(source), output: .descriptor(sink))
    guard let process else { return all("curl cannot be run") }
    while process.status == nil {
      if Task.isCancelled {
        process.kill()
        return all("the work was stopped")
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
    output.seek(to: 0)
    let report = String(decoding: (try? output.readRest()) ?? [], as: UTF8.self)
    return faults(of: jobs, report)
  }

  /// A file that grows beyond the limit ends its own transfer only: curl learns of a length before it
  /// begins where servers tell it, and the system refuses what goes beyond.
  private var script: String {
    "trap '' XFSZ; ulimit -f \(mostBytes / 512); exec \"$0\" --disable --config - 2>/dev/null"
  }

  /// What curl is to do.
  private func configuration(_ jobs: [Job]) -> String {
    // A redirection never leads to where nothing is encrypted.
    let protocols = jobs.allSatisfy { $0.address.text.lowercased().hasPrefix("https") }
    var lines = [
      "silent", "fail", "location", "globoff", "parallel", "parallel-max = 8", "max-redirs = 5",
      "proto = \(protocols ? "=https" : "=https,http")", "proto-redir = =https",
      "connect-timeout = 30", "speed-limit = 1000", "speed-time = 60",
      "max-time = \(mostSeconds)", "max-filesize = \(mostBytes)",
      #"write-out = "%{urlnum}\t%{exitcode}\t%{http_code}\t%{errormsg}\n""#,
    ]
    for job in jobs {
      lines += ["url = \(quoted(job.address.text))", "output = \(quoted(job.path))"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Reads what curl reports: the number of the address, its exit status, that of HTTP, and words.
  private func faults(of jobs: [Job], _ report: String) -> [Fault?] {
    var faults: [Fault?] = jobs.map { _ in
      Fault(reason: "curl reported nothing; version 7.75 or later is needed")
    }
    for line in report.split(separator: "\n") {
      let columns = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
      guard columns.count == 4, let index = Int(columns[0]), faults.indices.contains(index),
        let status = Int(columns[1]), let code = Int(columns[2])
      else { continue }
      faults[index] = fault(of: jobs[index], status, code, String(columns[3]))
    }
    return faults
  }

  private func fault(of job: Job, _ status: Int, _ code: Int, _ words: String) -> Fault? {
    switch status {
    case 0: return nil
    case 22:
      let isPassing = [408, 425, 429, 500, 502, 503, 504].contains(code)
      return Fault(reason: "the server answered \(code)\(meaning(of: code))", mayPass: isPassing)
    case 18:
      return Fault(reason: "it was cut short on its way", mayPass: true)
    case 28:
      return Fault(reason: "it took too long or came too slowly", mayPass: true)
    case 23 where (FileNode(at: job.path)?.size ?? 0) / 512 >= mostBytes / 512, 63:
      return Fault(reason: "it has more than \(mostBytes) bytes")
    case 23: return Fault(reason: "its copy cannot be written; make room")
    // The address itself, a redirection, or a certificate is at fault.
    case 1, 2, 3, 47, 51, 58, 60, 77: return Fault(reason: cleaned(words, of: job))
    default: return Fault(reason: cleaned(words, of: job), mayPass: true)
    }
  }

  private func meaning(of code: Int) -> String {
    switch code {
    case 401, 403: " (no access; a presigned address may have expired)"
    case 404, 410: " (no such file)"
    default: ""
    }
  }

  /// curl's words, without an address in them that gives access.
  private func cleaned(_ words: String, of job: Job) -> String {
    let query = job.address.text.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1).last
    let isQuoted = words.contains("://") || query.flatMap { String($0) }.map(words.contains) == true
    return isQuoted || words.isEmpty ? "curl failed" : "curl says: \(words)"
  }
}
