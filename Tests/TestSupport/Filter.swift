import Foundation

/// What a program writes when it is given some bytes.
///
/// - Throws: `CocoaError` where it cannot be run or ends with a failure.
public func filtered(
  _ bytes: [UInt8], by program: String, _ arguments: [String]
) throws -> [UInt8] {
  try withTemporaryFolder { folder in
    let (input, output) = (folder + "/input", folder + "/output")
    try Data(bytes).write(to: URL(filePath: input))
    try Data().write(to: URL(filePath: output))
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: input))
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return Array(try Data(contentsOf: URL(filePath: output)))
  }
}
