internal import Glibc
internal import SystemPackage

/// A file that is open, and closed when this is gone.
@safe
package struct OpenFile: ~Copyable {
  /// How messages call it; "-" is standard input.
  package let path: String
  /// What it is to whoever uses it.
  package let role: String
  let descriptor: FileDescriptor

  /// Opens a file for reading, or standard input for "-".
  ///
  /// - Throws: `FileError`, also for a folder.
  package init(reading path: String, role: String = "file") throws(FileError) {
    do throws(Errno) {
      self.init(owning: try Self.descriptor(reading: path), path: path, role: role)
    } catch {
      throw FileError(path, role: role, .read, .system(error))
    }
  }

  private static func descriptor(reading path: String) throws(Errno) -> FileDescriptor {
    if path == "-" { return try duplicate(of: .standardInput) }
    return try readable(
      attempt { try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) })
  }

  private static func duplicate(of descriptor: FileDescriptor) throws(Errno) -> FileDescriptor {
    try readable(descriptor.duplicated())
  }

  /// A descriptor, but for that of a folder, which is closed.
  private static func readable(_ descriptor: FileDescriptor) throws(Errno) -> FileDescriptor {
    if let node = try? FileNode(of: descriptor), node.kind == .folder {
      try? descriptor.close()
      throw .isDirectory
    }
    return descriptor
  }

  /// Makes an empty file for what does not fit into memory, in the folder that `TMPDIR` names.
  ///
  /// It has no name, so that it is gone when it is closed, however this process ends.
  ///
  /// - Throws: `FileError` with the folder's path.
  package init(temporaryFor role: String) throws(FileError) {
    let folder = SystemCalls.temporaryFolder
    let path = temporaryPath(in: folder)
    do throws(Errno) {
      let descriptor = try attempt {
        try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: .ownerReadWrite)
      }
      self.init(owning: descriptor, path: folder, role: role)
    } catch {
      throw FileError(folder, role: role, .write, .system(error))
    }
    FileSystem.remove(path)
  }

  /// Reads from a descriptor that stays the caller's.
  ///
  /// - Throws: `FileError`, also for a folder.
  package init(duplicating descriptor: CInt, path: String) throws(FileError) {
    do throws(Errno) {
      let copy = try Self.duplicate(of: FileDescriptor(rawValue: descriptor))
      self.init(owning: copy, path: path)
    } catch {
      throw FileError(path, .read, .system(error))
    }
  }

  /// Takes over a descriptor.
  init(owning descriptor: FileDescriptor, path: String, role: String = "file") {
    (self.path, self.role, self.descriptor) = (path, role, descriptor)
  }

  deinit { try? descriptor.close() }

  /// Another descriptor of the same file at the same place, for someone else to close.
  ///
  /// - Throws: `FileError`.
  package func duplicateDescriptor() throws(FileError) -> CInt {
    try refusing(.read) { () throws(Errno) in try descriptor.duplicated().rawValue }
  }

  /// The same file at the same place, which both then share.
  ///
  /// - Throws: `FileError`.
  package func duplicate() throws(FileError) -> OpenFile {
    OpenFile(
      owning: FileDescriptor(rawValue: try duplicateDescriptor()), path: path, role: role)
  }

  /// Under which this process can open the file anew, also one that has no name, while it is open.
  package var descriptorPath: String { "/proc/self/fd/\(descriptor.rawValue)" }

  /// What it is; nil where that cannot be told.
  package var kind: FileNode.Kind? { (try? FileNode(of: descriptor))?.kind }

  /// The number of bytes of a regular file; nil for a pipe or a device.
  package var byteCount: Int? {
    guard let node = try? FileNode(of: descriptor), node.kind == .file else { return nil }
    return node.size
  }

  /// The place of the next byte that is read or written; nil for a pipe.
  package var position: Int? { (try? descriptor.seek(offset: 0, from: .current)).map(Int.init) }

  /// Goes to a byte counted from the start of a regular file.
  package func seek(to offset: Int) {
    _ = try? descriptor.seek(offset: Int64(offset), from: .start)
  }

  /// The next numbers, the least significant byte first: as many as asked for, fewer only at the end.
  ///
  /// - Throws: `FileError`.
  package func read<Number: FixedWidthInteger>(
    _ count: Int, of type: Number.Type = UInt8.self
  ) throws(FileError) -> [Number] {
    try unsafe fill(count) { try unsafe descriptor.read(into: $0) }
  }

  /// The bytes at an offset, wherever it stands otherwise; fewer only at the end.
  ///
  /// - Throws: `FileError`.
  package func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    var place = Int64(offset)
    return try unsafe fill(count) { buffer in
      let got = try unsafe descriptor.read(fromAbsoluteOffset: place, into: buffer)
      place += Int64(got)
      return got
    }
  }

  /// All that is left.
  ///
  /// - Throws: `FileError`.
  package func readRest() throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let block = try read(1 << 18)
      if block.isEmpty { return bytes }
      bytes += block
    }
  }

  /// Writes all of some numbers, the least significant byte first.
  ///
  /// - Throws: `FileError`.
  package func write(_ numbers: [some FixedWidthInteger]) throws(FileError) {
    try refusing(.write) { () throws(Errno) in
      try attempt {
        try unsafe numbers.withUnsafeBytes { bytes in
          var done = 0
          while done < bytes.count {
            done += try unsafe descriptor.write(UnsafeRawBufferPointer(rebasing: bytes[done...]))
          }
        }
      }
    }
  }

  /// Does what the system may refuse, in the name of this file.
  func refusing<Value>(
    _ operation: FileError.Operation, _ body: () throws(Errno) -> Value
  ) throws(FileError) -> Value {
    do throws(Errno) {
      return try body()
    } catch {
      throw FileError(path, role: role, operation, .system(error))
    }
  }

  private func fill<Number: FixedWidthInteger>(
    _ count: Int, by read: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws(FileError) -> [Number] {
    let size = MemoryLayout<Number>.size
    return try refusing(.read) { () throws(Errno) in
      try attempt {
        try unsafe [Number](unsafeUninitializedCapacity: count) { buffer, filled in
          let bytes = UnsafeMutableRawBufferPointer(buffer)
          var done = 0
          while done < count * size {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done..<(count * size)])
            let got = try unsafe read(rest)
            if got == 0 { break }
            done += got
          }
          filled = done / size
        }
      }
    }
  }
}

/// A path in a folder that nothing has.
func temporaryPath(in folder: String) -> String {
  "\(folder)/.stapes-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
}
