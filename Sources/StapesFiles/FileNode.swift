internal import Glibc
internal import SystemPackage

/// What stands at a path: two that are equal are the same file, unchanged between two looks.
package struct FileNode: Equatable, Sendable {
  /// What kinds of things stand in folders.
  package enum Kind: Sendable {
    case file, folder, link, pipe, device
  }

  /// What tells a file from all others, under whatever names.
  package struct Identifier: Hashable, Sendable {
    fileprivate let device, number: UInt64
  }

  /// What it is; `.link` only where links are not followed.
  package let kind: Kind
  /// Its length in bytes.
  package let size: Int
  /// When its content was changed last, as programs may set it (mtime), in microseconds since 1970.
  package let modified: Int
  /// When anything about it was changed last, as only the system sets it (ctime), in the same unit.
  package let changed: Int
  /// Which file it is.
  package let identifier: Identifier

  /// Looks at a path without opening what is there; nil where nothing is, or it cannot be told.
  package init?(at path: String, followsLinks: Bool = false) {
    guard let node = try? Self(lookingAt: path, followsLinks: followsLinks) else { return nil }
    self = node
  }

  /// Looks at a regular file, links followed, without opening it: a pipe may have no writer, a
  /// device no end.
  ///
  /// - Throws: `FileError`.
  package init(ofFileAt path: String, role: String = "file") throws(FileError) {
    do throws(Errno) {
      try self.init(lookingAt: path, followsLinks: true)
    } catch {
      throw FileError(path, role: role, .read, .system(error))
    }
    if let fault { throw FileError(path, role: role, .read, fault) }
  }

  /// Looks at a path without opening what is there, and knows why where it cannot.
  init(lookingAt path: String, followsLinks: Bool) throws(Errno) {
    self.init(try Stat(FilePath(path), followTargetSymlink: followsLinks))
  }

  /// Looks at a file that is open.
  init(of descriptor: FileDescriptor) throws(Errno) { self.init(try Stat(descriptor)) }

  private init(_ status: Stat) {
    kind =
      switch status.type {
      case .regular: .file
      case .directory: .folder
      case .symbolicLink: .link
      case .fifo, .socket: .pipe
      default: .device
      }
    size = Int(status.size)
    modified = status.st_mtim.microseconds
    changed = status.st_ctim.microseconds
    identifier = Identifier(
      device: UInt64(status.deviceID.rawValue), number: UInt64(status.inode.rawValue))
  }

  /// Whether it is the same file as another, under whatever names, changed or not.
  package func isSameFile(as other: Self) -> Bool { identifier == other.identifier }

  /// Whether it is what another node was, and nobody has written to it since.
  package func isUnchanged(from other: Self) -> Bool {
    isSameFile(as: other) && modified == other.modified
  }

  /// Why this is not the regular file that it should be; nil where it is one.
  package var fault: FileError.Cause? {
    switch kind {
    case .file: nil
    case .folder: .folder
    case .link: .link
    case .pipe, .device: .irregular
    }
  }

  /// Whether a folder is at a path, links followed.
  package static func isFolder(_ path: String) -> Bool {
    Self(at: path, followsLinks: true)?.kind == .folder
  }

  /// Whether certainly nothing is at a path, rather than something that may not be looked at.
  package static func isNothing(at path: String) -> Bool {
    do throws(Errno) {
      _ = try Self(lookingAt: path, followsLinks: false)
      return false
    } catch {
      return error == .noSuchFileOrDirectory || error == .notDirectory
    }
  }
}

extension timespec {
  fileprivate var microseconds: Int { tv_sec * 1_000_000 + tv_nsec / 1000 }
}
