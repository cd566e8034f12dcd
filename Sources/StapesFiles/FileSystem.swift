package import FoundationEssentials
internal import SystemPackage

/// What is done to whole files and to folders.
package enum FileSystem {
  /// The bytes of a file, mapped rather than read, so the file must not be cut short in place while
  /// they are used (writers that replace it do no harm).
  ///
  /// - Throws: `FileError`, also for what is not a regular file: a folder, or a device that never
  ///   ends.
  package static func read(_ path: String, role: String = "file") throws(FileError) -> Data {
    let node = try FileNode(ofFileAt: path, role: role)
    // The system's reason, of which Foundation keeps less.
    _ = try OpenFile(reading: path, role: role)
    // Foundation never frees the 4 KB into which it would read an empty file.
    if node.size == 0 { return Data() }
    do {
      return try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw FileError(path, role: role, .read, .system(.ioError))
    }
  }

  /// Replaces a file, or makes it: the bytes go to a temporary file beside it, are forced to the
  /// disk, and the temporary file is then renamed, so that the path never holds half a file.
  ///
  /// - Parameters:
  ///   - bytes: the content.
  ///   - path: the file.
  ///   - role: what it is to whoever uses it.
  ///   - replaces: whether what is there is replaced, a file without a byte apart.
  ///   - known: the file as it was written last; what another program has made of it is not replaced.
  /// - Throws: `FileError`; the temporary file is then gone, and the file as it was before.
  package static func write(
    _ bytes: [UInt8], to path: String, role: String = "file", replaces: Bool = true,
    known: FileNode? = nil
  ) throws(FileError) {
    var file = try ReplacedFile(path: path, role: role, followsLinks: replaces)
    try file.write(bytes)
    guard !replaces else { return try file.commit(known: known) }
    let finished = try file.finish(isForced: true)
    do throws(FileError) {
      try finished.place(replaces: false)
    } catch {
      finished.discard()
      throw error
    }
  }

  /// Replaces a file, or makes it, with a text.
  ///
  /// - Throws: `FileError`; the file is then as it was before.
  package static func write(
    _ text: String, to path: String, role: String = "file", replaces: Bool = true
  ) throws(FileError) {
    try write(Array(text.utf8), to: path, role: role, replaces: replaces)
  }

  /// Appends bytes to a file, which is made where it is not there.
  ///
  /// - Throws: `FileError`.
  package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file: OpenFile
    do throws(Errno) {
      let descriptor = try attempt {
        try FileDescriptor.open(
          FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec],
          permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
      }
      file = OpenFile(owning: descriptor, path: path)
    } catch {
      throw FileError(path, .write, .system(error))
    }
    try file.write(bytes)
  }

  /// Makes a file where nothing is, which of several processes on several machines one can (O_EXCL);
  /// false where something is there.
  ///
  /// - Throws: `FileError`.
  package static func makeNew(_ bytes: [UInt8], at path: String) throws(FileError) -> Bool {
    let file: OpenFile
    do throws(Errno) {
      let descriptor = try attempt {
        try FileDescriptor.open(
          FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
      }
      file = OpenFile(owning: descriptor, path: path)
    } catch {
      if error == .fileExists { return false }
      throw FileError(path, .write, .system(error))
    }
    try file.write(bytes)
    return true
  }

  /// Removes a file, never a folder; whether it is gone.
  @discardableResult
  package static func remove(_ path: String) -> Bool {
    (try? SystemCalls.unlink(path)) != nil
  }

  /// Gives a file another name, in place of what has that; where it fails, nothing happens.
  package static func move(_ path: String, to goal: String) {
    try? SystemCalls.rename(path, to: goal)
  }
}

// Folders.
extension FileSystem {
  /// The folder that relative paths begin at.
  package static var currentFolder: String { FileManager.default.currentDirectoryPath }

  /// The folder for what lasts no longer than the process.
  package static var temporaryFolder: String { SystemCalls.temporaryFolder }

  /// The names in UTF-8 of what is in a folder, in the order of their bytes.
  ///
  /// - Throws: `FileError`.
  package static func names(inFolder path: String) throws(FileError) -> [String] {
    try FolderNames(inFolder: path, withHidden: true).names
  }

  /// Makes a folder, and those above it, where they are not there.
  ///
  /// - Throws: `FileError`, with the cause `.noFolder` where a file is in the way.
  package static func makeFolder(_ path: String) throws(FileError) {
    try OutputGuard.checkFolder(path)
    var (missing, place) = ([String](), path)
    while !FileNode.isFolder(place) {
      missing.append(place)
      place = place.folderPath
    }
    for folder in missing.reversed() {
      do throws(Errno) {
        try SystemCalls.makeFolder(folder)
      } catch {
        // Someone else may have made it meanwhile.
        guard !FileNode.isFolder(folder) else { continue }
        throw FileError(path, role: "folder", .write, .system(error))
      }
    }
  }

  /// Removes the files in a folder, but not folders in it.
  package static func removeFiles(inFolder path: String) {
    for name in (try? names(inFolder: path)) ?? [] { remove(path + "/" + name) }
  }

  /// Runs another program in place of this one.
  ///
  /// - Parameters:
  ///   - path: the program.
  ///   - arguments: its arguments, without its name.
  /// - Throws: `FileError` where it cannot be run; otherwise it does not return.
  package static func execute(_ path: String, _ arguments: [String]) throws(FileError) -> Never {
    throw FileError(path, role: "program", .read, .system(SystemCalls.execute(path, arguments)))
  }
}
