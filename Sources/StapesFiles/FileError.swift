public import SystemPackage

/// Why a file or a folder could not be read or written.
public struct FileError: Error, Equatable, Sendable {
  /// What was to be done with it.
  public enum Operation: Sendable {
    /// A file was to be read, or a folder to be listed.
    case read
    /// A file was to be written, or a folder to be made.
    case write
  }

  /// What was in the way.
  public enum Cause: Equatable, Sendable {
    /// The system refused.
    case system(Errno)
    /// It is a pipe or a device, which may never end, or a socket.
    case irregular
    /// It is a symbolic link, which might lead to anyone's file.
    case link
    /// What gzip packed is damaged or cut short.
    case damagedGzip
    /// What gzip packed unpacks to more than this many times its size.
    case gzipBomb(highestRatio: Int)
    /// A temporary file has become shorter than it was written.
    case cutShort
    /// Files that someone else made would be replaced: this one and some more.
    case occupied(others: [String])
    /// The file is read, and would be replaced by what is made of it.
    case isInput
    /// Two results would be written there.
    case twice
    /// Something other than a folder stands where a folder is needed.
    case noFolder
    /// Another process writes there.
    case busy
    /// Another program has written there since the file was written.
    case changed

    /// The system refused with this number.
    package static func code(_ code: CInt) -> Cause { .system(Errno(rawValue: code)) }
    /// Nothing is there; where a file is written, its folder is not there.
    public static let missing = Cause.system(.noSuchFileOrDirectory)
    /// This user may not do that.
    public static let forbidden = Cause.system(.permissionDenied)
    /// A folder is there.
    public static let folder = Cause.system(.isDirectory)
  }

  /// The file or folder; "-" is standard input.
  public var path: String
  /// What it is to whoever uses it, such as "model", "list" or "folder".
  public var role: String
  /// What was to be done with it.
  public var operation: Operation
  /// What was in the way.
  public var cause: Cause

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - path: the file or folder; "-" is standard input.
  ///   - role: what it is to whoever uses it.
  ///   - operation: what was to be done with it.
  ///   - cause: what was in the way.
  public init(_ path: String, role: String = "file", _ operation: Operation, _ cause: Cause) {
    (self.path, self.role, self.operation) = (path, role, operation)
    self.cause =
      switch cause {
      case .system(.notPermitted): .forbidden
      case .system(.notDirectory) where operation == .read && role != "folder": .missing
      default: cause
      }
  }

  /// The error for files that someone else made and that would be replaced; at least one.
  package static func occupied(_ paths: [String]) -> FileError {
    FileError(paths[0], .write, .occupied(others: Array(paths.dropFirst())))
  }

  /// Whether there was no room for the file.
  public var isFullDisk: Bool {
    cause == .system(.noSpace) || cause == .system(.diskQuotaExceeded)
  }
}

extension FileError: CustomStringConvertible {
  /// Which file, what is wrong, and what to do.
  public var description: String { "\(problem); \(remedy)" }

  /// Which file, and what is wrong, for those who have another remedy.
  public var problem: String {
    let name = path == "-" ? "standard input" : path
    return switch cause {
    case .occupied(let others):
      "\(name): the file exists already and would be replaced\(also(others))"
    case .isInput: "\(name): the file is read, and would be replaced by the output"
    case .twice: "\(name): two results would be written there"
    case .noFolder: "\(name): it is a file, and the output needs a folder there"
    case .busy: "\(name): another process writes there now"
    case .changed:
      "\(name): another program has changed this file since it was written; move it away"
    default: "\(name): the \(role) cannot be \(operation == .read ? "read" : "written"): \(reason)"
    }
  }

  /// What is in the way, in a few words.
  public var reason: String {
    switch cause {
    case .system(let code): reason(of: code)
    case .irregular: "it is not a regular file"
    case .link: "it is a symbolic link"
    case .damagedGzip: "what gzip packed is damaged or cut short"
    case .gzipBomb(let ratio): "it unpacks to more than \(ratio) times its size"
    case .cutShort: "a temporary file was cut short"
    case .occupied: "there is a file already"
    case .isInput: "it is read as well"
    case .twice: "two results would be written there"
    case .noFolder: "it is a file, not a folder"
    case .busy: "another process writes there"
    case .changed: "another program has changed it"
    }
  }

  private func reason(of code: Errno) -> String {
    switch code {
    case .noSuchFileOrDirectory where operation == .write: "its folder does not exist"
    case .noSuchFileOrDirectory where path.contains("\u{FFFD}"): "its name is not UTF-8"
    case .noSuchFileOrDirectory where role == "folder": "it does not exist"
    case .noSuchFileOrDirectory: "there is no such file"
    case .notDirectory where operation == .read: "it is a file"
    case .notDirectory: "a file stands where its folder should"
    case .isDirectory: "it is a folder"
    case .permissionDenied: "permission denied"
    case .noSpace, .diskQuotaExceeded: "no space left on the device"
    case .readOnlyFileSystem: "the file system is read-only"
    case .fileNameTooLong: "the name is too long"
    default: code.description
    }
  }

  private var remedy: String {
    switch (cause, operation) {
    case (.occupied, _): "choose another output, or give --overwrite"
    case (.isInput, _), (.noFolder, _): "choose another output"
    case (.twice, _): "choose another name for one of them"
    case (.busy, _): "wait for its end, or choose another output"
    case (.damagedGzip, _): "copy the file again, or use it unpacked"
    case (.gzipBomb, _): "unpack it first, if it is meant"
    case (.system(.isDirectory), .read), (.irregular, .read): "give a file"
    case (.system(.noSuchFileOrDirectory), .read) where path.contains("\u{FFFD}"): "rename it"
    case (_, .read): "check its path and permissions"
    case (_, .write) where isFullDisk: "make room, or choose another place for it"
    case (_, .write): "choose another place for it"
    }
  }

  /// Further files by name as far as a line has room; nothing where there are none.
  private func also(_ others: [String]) -> String {
    let mostNamed = 20
    guard !others.isEmpty else { return "" }
    let more = others.count > mostNamed ? " and \(others.count - mostNamed) more" : ""
    return ", as would \(others.prefix(mostNamed).joined(separator: ", "))\(more)"
  }
}

/// Does something, and throws its errors as those of another type.
///
/// - Parameters:
///   - body: what is done.
///   - wrap: makes the error that is thrown from that of `body`; mostly a case that carries it.
package func rethrowing<Value: ~Copyable, Cause: Error, Whole: Error>(
  _ body: @autoclosure () throws(Cause) -> Value, as wrap: (Cause) -> Whole
) throws(Whole) -> Value {
  do throws(Cause) {
    return try body()
  } catch {
    throw wrap(error)
  }
}

/// Does what the system may refuse.
func attempt<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
  do {
    return try body()
  } catch {
    throw error as? Errno ?? .ioError
  }
}
