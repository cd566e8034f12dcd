internal import FoundationEssentials
package import StapesFiles
internal import StapesModel

/// The file that a training writes its model to.
///
/// Hours went into the model, so that a full disk must not be its end.
package struct TrainedModelFile {
  /// The file.
  package let path: String
  /// Whether what lies there may be replaced.
  var isOurs = false
  /// Where the training keeps its checkpoints, which give way to the model; nil for none.
  var checkpoints: CheckpointOptions? = nil
  /// The file as it was when a model was written to it last.
  private var written: FileNode?

  /// Makes the file of a training.
  package init(path: String, isOurs: Bool = false, checkpoints: CheckpointOptions? = nil) {
    (self.path, self.isOurs, self.checkpoints) = (path, isOurs, checkpoints)
  }

  /// Whether what was written last is still there.
  package var isIntact: Bool {
    written.map { FileNode(at: path, followsLinks: true)?.isUnchanged(from: $0) == true } ?? false
  }

  /// Keeps other runs away from files for as long as the locks live: from all that a training writes
  /// to again and again.
  ///
  /// - Returns: fewer where a file system has no locks, and of each such file what to mind.
  /// - Throws: `FileError`, also where another training writes to one.
  package static func lock(
    _ paths: [String]
  ) throws(FileError) -> (locks: [FileLock], cautions: [String]) {
    var (locks, cautions) = ([FileLock](), [String]())
    for path in paths {
      try OutputGuard.checkWritable(path)
      do throws(FileError) {
        locks.append(try FileLock(path: lockPath(of: path)))
      } catch {
        guard error.cause != .busy else { throw FileError(path, .write, .busy) }
        cautions.append(
          """
          \(path): its folder does not support file locks (\(error.reason)); make sure that no \
          other training writes this file
          """)
      }
    }
    return (locks, cautions)
  }

  /// Where the lock of a file lies, by whatever path the file is named.
  package static func lockPath(of path: String) -> String { path.resolvingLinks + ".lock" }

  /// Writes a model that is the best so far.
  ///
  /// - Parameter write: writes it to a path, unless another program has changed the file since it was
  ///   as it is told.
  /// - Throws: what `write` throws, and `FileError` for a file that has come to lie there since
  ///   the training began.
  package mutating func write(_ write: (String, FileNode?) throws -> Void) throws {
    if OutputGuard.isInUse(path), !isOurs { throw FileError.occupied([path]) }
    do {
      try write(path, written)
    } catch {
      guard let checkpoints, saysDiskIsFull(error) else { throw error }
      checkpoints.remove()
      try write(path, written)
    }
    isOurs = true
    written = FileNode(at: path, followsLinks: true)
  }

  /// Writes the model that a training ends with: where its file cannot be written, to another place.
  ///
  /// - Throws: `TrainedModelError.keptElsewhere`, or what `write` throws where no place takes it.
  package mutating func finish(_ write: (String, FileNode?) throws -> Void) throws {
    do {
      try self.write(write)
    } catch {
      let name = "stapes-\(ProcessInfo.processInfo.processIdentifier)-\(path.fileName)"
      let home = ProcessInfo.processInfo.environment["HOME"] ?? FileSystem.currentFolder
      for folder in [FileSystem.temporaryFolder, FileSystem.currentFolder, home] {
        let place = folder.appendingPath(name)
        guard FileNode(at: place) == nil, (try? write(place, nil)) != nil else { continue }
        throw TrainedModelError.keptElsewhere(cause: "\(error)", place: place)
      }
      throw error
    }
  }
}

/// Whether there was no room for a file.
private func saysDiskIsFull(_ error: any Error) -> Bool {
  guard case ModelError.file(let error)? = error as? ModelError else { return false }
  return error.isFullDisk
}

/// Why a model is not where it was meant to be.
package enum TrainedModelError: Error, Equatable, CustomStringConvertible {
  /// It could not be written, for a `cause` in words, and was written to `place`.
  case keptElsewhere(cause: String, place: String)

  package var description: String {
    switch self {
    case .keptElsewhere(let cause, let place):
      "\(cause); until then it is in \(place)"
    }
  }
}
