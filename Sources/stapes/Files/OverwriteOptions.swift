import ArgumentParser
import Stapes

/// Whether files that are there already are replaced.
struct OverwriteOptions: ParsableArguments {
  @Flag(help: "Replace existing files.")
  var overwrite = false

  /// Makes sure, before any work, that results can be written and that they replace nothing that
  /// is not meant to be replaced; a file without a byte holds nothing.
  ///
  /// - Parameter paths: all files of the command; nil for one that is not asked for.
  /// - Throws: `FileError`, also for what a training writes to.
  func check(_ paths: [String?]) throws(FileError) {
    try Self.check(paths.compactMap(\.self), replacing: overwrite)
  }

  /// Makes sure of the same, where it is known whether files may be replaced.
  static func check(_ paths: [String], replacing: Bool) throws(FileError) {
    for path in paths where FileLock.isHeld(atPath: TrainedModelFile.lockPath(of: path)) {
      throw FileError(path, .write, .busy)
    }
    try OutputGuard.check(paths, overwrites: replacing)
  }

  /// Makes a folder where it is not there, and does the same for files in it.
  ///
  /// - Throws: `FileError`.
  func check(_ names: [String], in folder: String) throws(FileError) {
    try FileSystem.makeFolder(folder)
    try check(names.map { "\(folder)/\($0)" })
  }
}
