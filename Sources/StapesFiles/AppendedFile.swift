internal import Glibc
internal import SystemPackage

/// A file of lines that is only ever appended to, by one process at a time.
///
/// Each line goes to the system at once and as a whole, so that it outlives this process however
/// that ends. The lock ends when the process does.
package struct AppendedFile: ~Copyable {
  private let file: OpenFile

  /// Where it is.
  package var path: String { file.path }

  /// Opens a file, or makes it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - waits: whether to wait for another process that holds it.
  /// - Throws: `FileError`, also where the path is a link, which might lead to anyone's file, or no
  ///   regular file; and with the cause `.busy` when another process holds it.
  package init(path: String, waits: Bool = false) throws(FileError) {
    let file = try Self.open(path)
    try Self.refuseOthers(at: path)
    do throws(Errno) {
      try file.descriptor.lock(waits: waits)
    } catch {
      // Some network file systems know no locks; then nothing keeps others away.
      if error == .wouldBlock { throw FileError(path, .write, .busy) }
    }
    let byteCount = file.byteCount ?? 0
    if byteCount > 0, try file.read(1, at: byteCount - 1) != [UInt8(ascii: "\n")] {
      try file.write([UInt8(ascii: "\n")])
    }
    self.file = file
  }

  deinit { file.descriptor.unlock() }

  private static func open(_ path: String) throws(FileError) -> OpenFile {
    do throws(Errno) {
      let descriptor = try attempt {
        try FileDescriptor.open(
          FilePath(path), .readWrite,
          options: [.create, .append, .closeOnExec, .noFollow, .nonBlocking],
          permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
      }
      return OpenFile(owning: descriptor, path: path)
    } catch {
      // What is there says more than the system's refusal.
      try refuseOthers(at: path)
      throw FileError(path, .write, .system(error))
    }
  }

  /// Makes sure that a file of lines stands at a path, or nothing.
  ///
  /// - Throws: `FileError`.
  package static func refuseOthers(at path: String) throws(FileError) {
    if let fault = FileNode(at: path)?.fault {
      throw FileError(path, .write, fault == .link ? .link : .irregular)
    }
  }

  /// Appends a text, which should end its line.
  ///
  /// - Throws: `FileError`.
  package func append(_ text: String) throws(FileError) { try file.write(Array(text.utf8)) }

  /// Forces what was appended to the disk.
  package func flush() { fdatasync(file.descriptor.rawValue) }

  /// How many bytes it has.
  package var byteCount: Int { file.byteCount ?? 0 }
}
