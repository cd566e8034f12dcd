internal import FoundationEssentials
internal import StapesModel

/// Writing of results.
enum OutputFile {
  /// Makes a folder, and those above it, where they are not there.
  static func makeFolder(_ path: String) throws(RecognitionError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: path, reason: FileFailure(path: path, error: error).reason)
    }
  }

  /// Writes a text to a file, whole or not at all.
  static func write(_ text: String, to path: String) throws(RecognitionError) {
    do throws(FileFailure) {
      try WholeFile.write(Data(text.utf8), to: path)
    } catch {
      throw .unwritable(path: error.path, reason: error.reason)
    }
  }
}
