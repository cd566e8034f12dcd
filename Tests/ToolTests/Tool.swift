import Foundation

/// The built tool, run as a process of its own.
struct Tool {
  /// How a run ended.
  struct Run {
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String
    /// Its exit status; 128 plus the number of the signal that ended it.
    let status: Int

    /// The lines of standard error.
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  /// The tool lies beside the tests.
  static let path: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return (tests ?? ".").split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/stapes"
  }()

  /// Runs the tool to its end.
  static func run(_ arguments: [String]) throws -> Run { try run(path, arguments, input: Data()) }

  /// Runs the tool to its end.
  static func run(_ arguments: String..., input: Data = Data()) throws -> Run {
    try run(path, arguments, input: input)
  }

  /// Runs a line of shell in which `stapes` is the tool.
  static func shell(_ line: String) throws -> Run {
    try run("/bin/bash", ["-c", "stapes() { '\(path)' \"$@\"; }; \(line)"], input: Data())
  }

  private static func run(_ path: String, _ arguments: [String], input: Data) throws -> Run {
    let folder = FileManager.default.temporaryDirectory.path + "/stapes-run-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Files rather than pipes: nothing waits for a reader.
    func file(_ name: String, _ content: Data) throws -> FileHandle {
      try content.write(to: URL(filePath: folder + "/" + name))
      return try FileHandle(forUpdating: URL(filePath: folder + "/" + name))
    }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = try file("input", input)
    process.standardOutput = try file("output", Data())
    process.standardError = try file("errors", Data())
    try process.run()
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
    }
    let status = Int(process.terminationStatus)
    return Run(
      output: try text("output"), errors: try text("errors"),
      status: process.terminationReason == .exit ? status : 128 + status)
  }
}
