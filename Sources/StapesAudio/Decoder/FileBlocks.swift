/// The bytes of a file, a block at a time, whatever they are.
package struct FileBlocks: ~Copyable {
  private var file: InputFile

  /// Opens a file.
  package init(path: String) throws(AudioError) {
    file = try InputFile(path: path)
  }

  /// The next block; empty at the end.
  package mutating func next() throws(AudioError) -> [UInt8] {
    try file.read(1 << 18)
  }
}
