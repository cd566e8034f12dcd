internal import FoundationEssentials
internal import StapesFiles
internal import StapesScanning

extension TextFile {
  /// Reads a file.
  ///
  /// - Throws: `LayoutError.file` and `.notUnicode`.
  init(path: String, memory: [ByteName: [UInt8]]? = nil) throws(LayoutError) {
    guard let file = TextFile(bytes: try Self.bytes(at: path, memory)) else {
      throw .notUnicode(path: path)
    }
    self = file
  }

  /// Reads the beginning of a file, whatever is no UTF-8 in it being replaced.
  ///
  /// - Throws: as `init(path:memory:)`.
  init(
    beginningOf path: String, byteCount: Int, memory: [ByteName: [UInt8]]? = nil
  ) throws(LayoutError) {
    guard let file = TextFile(beginning: try Self.bytes(at: path, memory, upTo: byteCount)) else {
      throw .notUnicode(path: path)
    }
    self = file
  }

  private static func bytes(
    at path: String, _ memory: [ByteName: [UInt8]]?, upTo count: Int = .max
  ) throws(LayoutError) -> [UInt8] {
    guard let memory else {
      return try Array(rethrowing(FileSystem.read(path), as: LayoutError.file).prefix(count))
    }
    guard let bytes = memory[path.byteName] else {
      throw .file(FileError(path, .read, .missing))
    }
    return Array(bytes.prefix(count))
  }
}
