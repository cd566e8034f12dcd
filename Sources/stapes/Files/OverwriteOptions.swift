import ArgumentParser
import FoundationEssentials
import Stapes

/// Whether files that are there already are replaced.
struct OverwriteOptions: ParsableArguments {
  @Flag(help: "Replace what is there already.")
  var overwrite = false

  /// Makes sure, before any work, that results can be written and that they replace nothing that
  /// is not meant to be replaced; a file without a byte holds nothing.
  ///
  /// - Parameter paths: all files of the command; nil for one that is not asked for.
  /// - Throws: `OutputError.unwritable`, `.present`, and `.twice` where two of them are one file.
  func check(_ paths: [String?]) throws(OutputError) {
    try Self.check(paths, replacing: overwrite)
  }

  /// Makes sure of the same, where it is known whether files may be replaced.
  static func check(_ paths: [String?], replacing: Bool) throws(OutputError) {
    var places: Set<ByteName> = []
    for path in paths.compactMap(\.self) {
      try checkWritable(path)
      guard places.insert(place(of: path)).inserted else { throw .twice(path: path) }
      guard replacing || !holdsSomething(path) else { throw .present(path: path) }
    }
  }

  /// Makes a folder where it is not there, and does the same for files in it.
  func check(_ names: [String], in folder: String) throws(OutputError) {
    do throws(RecognitionError) {
      try ResultFile.makeFolder(folder)
    } catch {
      guard case .unwritable(_, let reason) = error else { return }
      throw .unwritable(path: folder, reason: reason)
    }
    try check(names.map { "\(folder)/\($0)" })
  }

  /// Makes sure that a file can be written, before hours are spent on what goes into it.
  static func checkWritable(_ path: String) throws(OutputError) {
    if let kind = WholeFile.unusualKind(of: path) { throw .unwritable(path: path, reason: kind) }
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    do throws(FileFailure) {
      try probe(folder: folder)
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
  }

  /// Whether a regular file is there that has a byte.
  static func holdsSomething(_ path: String) -> Bool {
    let real = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    let attributes = try? FileManager.default.attributesOfItem(atPath: real)
    return attributes?[.type] as? FileAttributeType == .typeRegular
      && attributes?[.size] as? UInt ?? 0 > 0
  }

  /// Whether two paths lead to one file.
  static func isSame(_ path: String, _ other: String) -> Bool {
    place(of: path) == place(of: other)
  }

  private static func place(of path: String) -> ByteName {
    let url = URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath()
    return ByteName(url.path(percentEncoded: false))
  }
}

/// Why a result cannot go where it was meant to.
enum OutputError: Error, Equatable, CustomStringConvertible {
  /// Something is there that was not said to be replaced.
  case present(path: String)
  /// The file cannot be written; `reason` is the system's.
  case unwritable(path: String, reason: String)
  /// Two results have one file.
  case twice(path: String)
  /// Somebody else wrote there while the training went on.
  case changed(path: String)
  /// Another process writes to it.
  case busy(path: String)
  /// It could not be written, for a `cause` in words, and was written to `place`.
  case keptElsewhere(cause: String, place: String)

  var description: String {
    switch self {
    case .present(let path):
      "\(path): there is a file already; choose another name, or replace it with --overwrite"
    case .unwritable(let path, let reason):
      "\(path): it cannot be written: \(reason); choose another place for it"
    case .twice(let path):
      "\(path): two results would be written there; choose another name for one of them"
    case .changed(let path):
      "\(path): somebody else has written there since the training did; move that file away"
    case .busy(let path):
      "\(path): another training writes there; wait for its end, or choose another name"
    case .keptElsewhere(let cause, let place):
      "\(cause); until then it is in \(place)"
    }
  }
}
