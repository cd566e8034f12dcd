import Foundation
import StapesAudio

/// A folder in memory for files that are read once.
struct ScratchFolder: Sendable {
  let path: String

  /// Makes a folder of this process's own.
  init() {
    path = "/dev/shm/stapes-fuzzing-\(getpid())"
    try? FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  /// The path of an inner folder with three short sounds and an empty folder `etc`, made once.
  func folderOfSounds(_ name: String) -> String {
    let folder = path + "/" + name
    guard !FileManager.default.fileExists(atPath: folder) else { return folder }
    try? FileManager.default.createDirectory(
      atPath: folder + "/etc", withIntermediateDirectories: true)
    for sound in ["a", "b", "c"] {
      try? AudioFileWriter.writeWAV(
        samples: Array(repeating: 0, count: 8000), sampleRate: 8000,
        to: folder + "/" + sound + ".wav")
    }
    return folder
  }

  /// Writes a file; returns its path.
  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path + "/" + name
    _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
    return file
  }
}
