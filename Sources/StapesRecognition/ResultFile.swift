internal import FoundationEssentials
internal import StapesAudio
internal import StapesModel

/// Writing of results.
package enum ResultFile {
  /// Makes a folder, and those above it, where they are not there.
  package static func makeFolder(_ path: String) throws(RecognitionError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: path, reason: FileFailure(path: path, error: error).reason)
    }
  }

  /// Writes a text to a file, whole or not at all, and forces it to the disk.
  package static func write(_ text: String, to path: String) throws(RecognitionError) {
    do throws(FileFailure) {
      try WholeFile.write(Data(text.utf8), to: path)
    } catch {
      throw .unwritable(path: error.path, reason: error.reason)
    }
  }

  /// Writes a text to one of many files, whole or not at all; the disk may take its time, since
  /// waiting for it would take longer than recognising a short clip.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the file.
  ///   - folder: where it is written before it is complete, on the same file system; nil for beside it.
  static func writeSwiftly(
    _ text: String, to path: String, writingIn folder: String? = nil
  ) throws(RecognitionError) {
    do throws(AudioError) {
      var file = try OutputFile(path: path, writingIn: folder)
      try file.write(Array(text.utf8))
      try file.commit()
    } catch .cannotWrite(_, let reason) {
      throw .unwritable(path: path, reason: reason)
    } catch {
      throw .audio(error)
    }
  }
}
