internal import Foundation

/// Another process, run to its end.
enum ChildProcess {
  /// Why there is no output.
  struct Failure: Error, CustomStringConvertible {
    /// The program.
    let program: String
    /// Its exit status, or the signal that ended it.
    let status: Int

    var description: String { "\(program) ended with status \(status); its own words are above" }
  }

  /// This program.
  static let ownPath = "/proc/self/exe"

  /// Runs a program, which shares standard error.
  ///
  /// - Parameters:
  ///   - path: the program.
  ///   - arguments: its arguments.
  ///   - folder: the directory it runs in.
  /// - Returns: what it wrote to standard output.
  static func output(of path: String, _ arguments: [String], in folder: String) throws -> String {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: resolved(path))
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Failure(program: path, status: Int(process.terminationStatus))
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// The file behind a link; a child's own `/proc/self/exe` would be another.
  static func resolved(_ path: String) -> String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? path
  }
}
