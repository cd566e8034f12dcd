import Foundation

/// A folder in memory for files that are read once.
struct ScratchFolder: Sendable {
  let path: String

  /// Makes a folder of this process's own.
  init() {
    path = "/dev/shm/stapes-fuzzing-\(getpid())"
    try? FileManager.default.createDirectory(
      atPath: path + "/kaldi", withIntermediateDirectories: true)
  }

  /// Writes a file; returns its path.
  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path + "/" + name
    _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
    return file
  }
}
