internal import FoundationEssentials
internal import StapesAudio
internal import StapesModel

/// Writing of results.
package enum ResultFile {
  /// Makes a folder, and those above it, where they are not there.
  package static func makeFolder(_ path: String) throws(RecognitionError) {
    try OutputGuard.checkFolder(path)
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

  /// Writes a text to a new file, whole or not at all, and forces it to the disk.
  ///
  /// - Throws: `RecognitionError.occupied` where something is there already, and `.unwritable`.
  package static func writeNew(_ text: String, to path: String) throws(RecognitionError) {
    let text = try FinishedText(text, for: path, writingIn: nil, isForced: true)
    do throws(RecognitionError) {
      try text.place(replaces: false)
    } catch {
      text.discard()
      throw error
    }
  }

  /// Writes a text to one of many files, whole or not at all; the disk may take its time, since
  /// waiting for it would take longer than recognising a short clip.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the file.
  ///   - folder: where it is written before it is complete, on the same file system; nil for beside it.
  package static func writeSwiftly(
    _ text: String, to path: String, writingIn folder: String? = nil
  ) throws(RecognitionError) {
    try FinishedText(text, for: path, writingIn: folder).place(replaces: true)
  }
}

/// A text that is complete on the disk, under a temporary name as yet.
package struct FinishedText: Sendable {
  /// The name that it is to have.
  package let path: String
  /// The hash of the text.
  package let hash: UInt64
  private let temporaryPath: String

  /// Writes a text under a temporary name.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the name that it is to have.
  ///   - folder: where it is written, on the same file system; nil for beside that name.
  ///   - isForced: whether it is forced to the disk.
  /// - Throws: `RecognitionError.unwritable`.
  package init(
    _ text: String, for path: String, writingIn folder: String?, isForced: Bool = false
  ) throws(RecognitionError) {
    self.path = path
    let bytes = Array(text.utf8)
    var content = ContentHash()
    content.add(bytes)
    hash = content.value
    do throws(AudioError) {
      var file = try OutputFile(path: path, writingIn: folder)
      try file.write(bytes)
      temporaryPath = try file.leave(isForced: isForced)
    } catch {
      throw Self.refusal(error, path)
    }
  }

  /// Gives it its name.
  ///
  /// - Parameter replaces: whether what has that name is replaced.
  /// - Throws: `RecognitionError.occupied` where something is there that is not, and `.unwritable`.
  package func place(replaces: Bool) throws(RecognitionError) {
    do throws(AudioError) {
      try OutputFile.place(temporaryPath, at: path, replaces: replaces)
    } catch {
      guard replaces || FileNode(at: path) == nil else { throw .occupied(paths: [path]) }
      throw Self.refusal(error, path)
    }
  }

  /// Removes it, where it has not got its name.
  package func discard() { _ = FileNode.unlink(temporaryPath) }

  private static func refusal(_ error: AudioError, _ path: String) -> RecognitionError {
    guard case .cannotWrite(_, let reason) = error else { return .audio(error) }
    return .unwritable(path: path, reason: reason)
  }
}
