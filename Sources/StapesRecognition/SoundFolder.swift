internal import FoundationEssentials

/// The sound files in a folder and the folders below it.
struct SoundFolder {
  /// Paths relative to the folder, sorted.
  private(set) var soundFiles: [String] = []
  /// How many other files there are.
  private(set) var otherCount = 0
  /// Folders below it that may not be read, likewise relative.
  private(set) var unreadableFolders: [String] = []

  /// Endings of the names of sound files, in small letters.
  static let extensions: Set<String> = [
    "wav", "wave", "w64", "rf64", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "aifc",
    "au", "snd", "caf", "sph", "nist", "voc", "raw", "pcm",
  ]

  private var visited: Set<String> = []

  /// Lists a folder.
  ///
  /// Names that begin with a dot are passed over. Links are followed, each folder once.
  ///
  /// - Throws: `RecognitionError.unreadableFolder` when the folder itself cannot be listed.
  init(path: String) throws(RecognitionError) {
    switch Self.kind(of: path) {
    case .folder(let names?): add(names, in: path, prefix: "")
    case .folder(nil): throw .unreadableFolder(path: path, reason: "permission denied")
    case .file: throw .unreadableFolder(path: path, reason: "it is a file")
    case nil: throw .unreadableFolder(path: path, reason: "there is no such folder")
    }
    soundFiles.sort()
  }

  private mutating func add(_ names: [String], in folder: String, prefix: String) {
    let resolved = URL(filePath: folder).resolvingSymlinksInPath().path(percentEncoded: false)
    guard visited.insert(resolved).inserted else { return }
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder + "/" + name
      switch Self.kind(of: path) {
      case .folder(let names?): add(names, in: path, prefix: prefix + name + "/")
      case .folder(nil): unreadableFolders.append(prefix + name)
      case .file, nil:
        if Self.extensions.contains(name.pathExtension.lowercased()) {
          soundFiles.append(prefix + name)
        } else {
          otherCount += 1
        }
      }
    }
  }

  private enum Kind {
    /// A folder, with the names in it unless it may not be read.
    case folder([String]?)
    case file
  }

  /// What is at a path, links followed; nil for nothing.
  private static func kind(of path: String) -> Kind? {
    let manager = FileManager.default
    func type(_ path: String) -> FileAttributeType? {
      try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    }
    var found = type(path)
    if found == .typeSymbolicLink {
      found = type(URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false))
    }
    guard let found else { return nil }
    guard found == .typeDirectory else { return .file }
    return .folder(try? manager.contentsOfDirectory(atPath: path))
  }
}
