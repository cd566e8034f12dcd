package import FoundationEssentials
internal import Glibc

/// Reading and writing of whole files.
package enum WholeFile {
  /// The bytes of a file, mapped rather than read, so the file must not be cut short in place while
  /// they are used (writers that replace it do no harm).
  ///
  /// - Throws: `FileFailure`, also for what is not a regular file: a folder, or a device that
  ///   never ends.
  package static func read(_ path: String) throws(FileFailure) -> Data {
    let url = URL(filePath: path).resolvingSymlinksInPath()
    if let kind = unusualKind(of: url) { throw FileFailure(path: path, reason: kind) }
    do {
      return try Data(contentsOf: url, options: .alwaysMapped)
    } catch {
      throw FileFailure(path: path, error: error)
    }
  }

  /// Replaces a file, or makes it: the bytes go to a temporary file beside it, are forced to the
  /// disk, and the temporary file is then renamed, so that the path never holds half a file.
  ///
  /// - Throws: `FileFailure`; the temporary file is then gone, and the file as it was before.
  package static func write(_ bytes: Data, to path: String) throws(FileFailure) {
    let url = URL(filePath: path).resolvingSymlinksInPath()
    if let kind = unusualKind(of: url) { throw FileFailure(path: path, reason: kind) }
    do {
      try bytes.write(to: url, options: .atomic)
    } catch {
      throw FileFailure(path: path, error: error)
    }
  }

  /// What is at a path, links followed, in a few words, if it is neither a regular file nor nothing.
  package static func unusualKind(of path: String) -> String? {
    unusualKind(of: URL(filePath: path).resolvingSymlinksInPath())
  }

  private static func unusualKind(of url: URL) -> String? {
    let path = url.path(percentEncoded: false)
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    return switch type {
    case .none, .typeRegular: nil
    case .typeDirectory: "it is a folder"
    default: "it is not a regular file"
    }
  }
}

extension WholeFile {
  /// Reads a model from its file.
  ///
  /// - Throws: `ModelError.unreadable`, or `.refused` with the fault that `parse` finds.
  static func model<Model>(
    at path: String, _ parse: (Span<UInt8>) throws(ModelFault) -> Model
  ) throws(ModelError) -> Model {
    let data: Data
    do throws(FileFailure) {
      data = try read(path)
    } catch {
      throw .unreadable(path: error.path, reason: error.reason)
    }
    do throws(ModelFault) {
      return try parse(data.span)
    } catch {
      throw .refused(path: path, fault: error)
    }
  }

  /// Writes a model's bytes to a file, or leaves it as it was.
  ///
  /// - Throws: `ModelError.unwritable`.
  static func writeModel(_ bytes: [UInt8], to path: String) throws(ModelError) {
    do throws(FileFailure) {
      try write(Data(bytes), to: path)
    } catch {
      throw .unwritable(path: error.path, reason: error.reason)
    }
  }
}

/// Why a file could not be read or written.
package struct FileFailure: Error, Equatable {
  /// The file.
  package let path: String
  /// The system's reason, in a few words.
  package let reason: String

  /// The reason where the disk is full, or a quota is used up.
  package static let noSpace = "no space left on the device"

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package init(path: String, error: any Error) {
    self.path = path
    reason = Self.reason(of: error)
  }

  private static func reason(of error: any Error) -> String {
    let error = error as? CocoaError
    return switch error?.code {
    case .fileReadNoSuchFile?: "there is no such file"
    case .fileNoSuchFile?: "its folder does not exist"
    case .fileReadNoPermission?, .fileWriteNoPermission?: "permission denied"
    case .fileWriteOutOfSpace?: noSpace
    case .fileWriteVolumeReadOnly?: "the file system is read-only"
    case .fileReadInvalidFileName?, .fileWriteInvalidFileName?: "the name is not usable"
    default:
      switch (error?.underlying as? POSIXError)?.code {
      case let code?: "the system reports error \(code.rawValue)"
      case nil: "the reason is unknown"
      }
    }
  }
}
