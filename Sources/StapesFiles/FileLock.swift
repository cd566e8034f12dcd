internal import SystemPackage

/// A lock that one process holds at a time: an empty file, locked for as long as this lives.
///
/// The system lets go of it however the process ends, so that a lock that a killed process left
/// behind holds nobody up. The file is removed at the end.
package final class FileLock: Sendable {
  private let file: OpenFile

  /// Takes a lock without waiting.
  ///
  /// - Parameter path: the file, which is made where it is not there.
  /// - Throws: `FileError`: with the cause `.busy` where another process holds it, with another where
  ///   the file system has no locks, as some network folders, or the file cannot be made.
  package init(path: String) throws(FileError) {
    do throws(Errno) {
      while true {
        let descriptor = try attempt {
          try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
        }
        let file = OpenFile(owning: descriptor, path: path)
        try descriptor.lock(waits: false)
        let opened = try FileNode(of: descriptor)
        // Whoever held it may have removed the file since it was opened here.
        guard FileNode(at: path)?.isSameFile(as: opened) == true else { continue }
        self.file = file
        return
      }
    } catch {
      throw FileError(path, .write, error == .wouldBlock ? .busy : .system(error))
    }
  }

  /// Whether somebody holds the lock at a path; nothing is made there.
  package static func isHeld(atPath path: String) -> Bool {
    let options: FileDescriptor.OpenOptions = [.closeOnExec, .noFollow, .nonBlocking]
    guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly, options: options)
    else { return false }
    let file = OpenFile(owning: descriptor, path: path)
    do throws(Errno) {
      try file.descriptor.lock(waits: false, isShared: true)
      return false
    } catch {
      return error == .wouldBlock
    }
  }

  deinit {
    // What is not empty is not ours.
    if file.byteCount == 0 { try? SystemCalls.unlink(file.path) }
    file.descriptor.unlock()
  }
}
