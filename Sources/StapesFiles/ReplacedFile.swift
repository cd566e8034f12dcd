internal import Glibc
internal import SystemPackage

/// A file that takes its name only when it is complete.
///
/// It is written beside its goal and renamed by `commit()`; dropped before that, nothing is left and
/// what was there before stays. A file that is replaced hands on its permissions.
package struct ReplacedFile: ~Copyable {
  /// How messages call it.
  package let path: String

  private let finished: FinishedFile
  private let file: OpenFile
  private var isLeft = false

  /// Starts a file.
  ///
  /// - Parameters:
  ///   - path: its goal.
  ///   - role: what it is to whoever uses it.
  ///   - followsLinks: whether, where the goal is a link, what it leads to is replaced rather than
  ///     the link.
  ///   - folder: where it is written before it is complete, on the same file system; nil for beside
  ///     its goal.
  /// - Throws: `FileError`, also where something other than a file is in the way.
  package init(
    path: String, role: String = "file", followsLinks: Bool = true, writingIn folder: String? = nil
  ) throws(FileError) {
    if let fault = FileNode(at: path, followsLinks: true)?.fault {
      throw FileError(path, role: role, .write, fault)
    }
    let isLink = followsLinks && FileNode(at: path)?.kind == .link
    let goal = isLink ? path.followingLinks : path
    let temporary = temporaryPath(in: folder ?? goal.folderPath)
    do throws(Errno) {
      let usual: FilePermissions = [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
      let descriptor = try attempt {
        try FileDescriptor.open(
          FilePath(temporary), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: usual)
      }
      file = OpenFile(owning: descriptor, path: path, role: role)
      if let replaced = try? Stat(FilePath(goal)) {
        fchmod(descriptor.rawValue, replaced.permissions.rawValue & 0o777)
      }
    } catch {
      throw FileError(path, role: role, .write, .system(error))
    }
    finished = FinishedFile(path: path, role: role, goal: goal, temporaryPath: temporary)
    self.path = path
  }

  deinit { if !isLeft { finished.discard() } }

  /// Appends numbers, the least significant byte first.
  ///
  /// - Throws: `FileError`.
  package func write(_ numbers: [some FixedWidthInteger]) throws(FileError) {
    try file.write(numbers)
  }

  /// Gives the file its name.
  ///
  /// - Parameters:
  ///   - isForced: whether its content is forced to the disk first.
  ///   - known: the file as it was written last; what another program has made of it is not replaced.
  /// - Throws: `FileError`.
  package mutating func commit(isForced: Bool = true, known: FileNode? = nil) throws(FileError) {
    if isForced { try synchronize() }
    if let known, FileNode(at: path, followsLinks: true)?.isUnchanged(from: known) == false {
      throw FileError(path, role: finished.role, .write, .changed)
    }
    try finished.place(replaces: true)
    isLeft = true
  }

  /// Leaves the complete file under its temporary name.
  ///
  /// - Parameter isForced: whether its content is forced to the disk.
  /// - Throws: `FileError`.
  package mutating func finish(isForced: Bool) throws(FileError) -> FinishedFile {
    if isForced { try synchronize() }
    isLeft = true
    return finished
  }
}

extension ReplacedFile {
  private func synchronize() throws(FileError) {
    try file.refusing(.write) { () throws(Errno) in try file.descriptor.synchronize() }
  }
}

/// A file that is complete on the disk, under a temporary name as yet.
package struct FinishedFile: Sendable {
  /// How messages call what it is to be.
  package let path: String
  fileprivate let role: String
  fileprivate let goal: String
  fileprivate let temporaryPath: String

  /// Gives it its name; where that fails, it keeps the temporary one.
  ///
  /// - Parameter replaces: whether what has that name is replaced; a file without a byte always is.
  /// - Throws: `FileError`, with the cause `.occupied` where something is there that is not replaced.
  package func place(replaces: Bool) throws(FileError) {
    do throws(Errno) {
      if !replaces, try hasTakenFreeName() { return }
      try SystemCalls.rename(temporaryPath, to: goal)
    } catch {
      let isOccupied = error == .fileExists && !replaces
      throw FileError(
        path, role: role, .write, isOccupied ? .occupied(others: []) : .system(error))
    }
  }

  /// Takes the name where nothing has it; false where it may be taken all the same.
  private func hasTakenFreeName() throws(Errno) -> Bool {
    do throws(Errno) {
      try SystemCalls.link(temporaryPath, to: goal)
      discard()
      return true
    } catch {
      // Some file systems have no links; there a look must do.
      let node = FileNode(at: goal)
      guard node == nil || node?.kind == .file && node?.size == 0 else { throw .fileExists }
      return false
    }
  }

  /// Removes it, where it has not got its name.
  package func discard() { try? SystemCalls.unlink(temporaryPath) }
}
