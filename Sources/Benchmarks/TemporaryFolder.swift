internal import Foundation

/// A folder for the time of a measurement.
struct TemporaryFolder {
  /// Where it lies.
  let path: String

  /// Makes an empty folder.
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/stapes-bench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Removes it with all that is in it.
  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
