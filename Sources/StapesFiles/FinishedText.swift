/// A text that is complete on the disk, under a temporary name as yet.
package struct FinishedText: Sendable {
  /// The hash of the text.
  package let hash: UInt64
  private let file: FinishedFile

  /// The name that it is to have.
  package var path: String { file.path }

  /// Writes a text under a temporary name; the disk may take its time, since waiting for it would
  /// take longer than recognising a short clip.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the name that it is to have.
  ///   - folder: where it is written, on the same file system; nil for beside that name.
  /// - Throws: `FileError`.
  package init(_ text: String, for path: String, writingIn folder: String?) throws(FileError) {
    let bytes = Array(text.utf8)
    var content = ContentHash()
    content.add(bytes)
    hash = content.value
    var file = try ReplacedFile(path: path, followsLinks: false, writingIn: folder)
    try file.write(bytes)
    self.file = try file.finish(isForced: false)
  }

  /// Writes a text to one of many files, whole or not at all.
  ///
  /// - Throws: `FileError`.
  package static func write(
    _ text: String, to path: String, writingIn folder: String? = nil
  ) throws(FileError) {
    let text = try FinishedText(text, for: path, writingIn: folder)
    do throws(FileError) {
      try text.place(replaces: true)
    } catch {
      text.discard()
      throw error
    }
  }

  /// Gives it its name.
  ///
  /// - Parameter replaces: whether what has that name is replaced.
  /// - Throws: `FileError`.
  package func place(replaces: Bool) throws(FileError) {
    try file.place(replaces: replaces)
  }

  /// Removes it, where it has not got its name.
  package func discard() { file.discard() }
}
