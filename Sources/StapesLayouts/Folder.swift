internal import StapesAudio
package import StapesFiles

/// The files below a folder, in the order of their paths' bytes.
///
/// See `FileTree` for links and hidden files.
package struct Folder {
  /// A file, by its path below the folder.
  struct File {
    /// The path below the folder, with slashes.
    let path: String
    /// The path of the folder that the file lies in, with a slash at its end unless empty.
    let folder: String
    /// The name without its ending.
    let name: String
    /// The name's ending in small letters, without the dot; empty without one.
    let ending: String

    /// The path without the name's ending; tells apart the files of one kind.
    var stem: String { folder + name }
    /// The folders on the way to the file, outermost first.
    var folders: [Substring] { folder.split(separator: "/") }
    /// Whether the ending is one of sound.
    var isAudio: Bool { audioEndings.contains(ending) }

    init(path: String) {
      self.path = path
      let bytes = path.utf8
      let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
      let nameStart = slash.map(bytes.index(after:)) ?? path.startIndex
      let dot = bytes[nameStart...].lastIndex(of: UInt8(ascii: "."))
      folder = String(path[..<nameStart])
      name = String(path[nameStart..<(dot ?? path.endIndex)])
      ending = dot.map { path[bytes.index(after: $0)...].lowercased() } ?? ""
    }
  }

  /// The path of the folder.
  let path: String
  /// How its sound files are read.
  let options: AudioOptions
  /// All files below it.
  let files: [File]
  /// The sound files among them.
  let audio: [File]
  /// The names of these, with the endings and without.
  let soundNames: Set<String>
  /// What the files hold, by their whole paths; nil where they lie on disk.
  let memory: [ByteName: [UInt8]]?
  /// The paths of sounds and folders that have no name in UTF-8, so that nothing can name them.
  private(set) var foreign: [String] = []

  /// Lists the folder.
  init(path: String, options: AudioOptions = AudioOptions()) throws(LayoutError) {
    let tree = try rethrowing(FileTree(path: path), as: LayoutError.file)
    if let unreadable = tree.unreadable.first { throw .file(unreadable.error) }
    self.init(path: path, options: options, relativePaths: tree.files, memory: nil)
    foreign = tree.foreign.map(\.path)
  }

  /// The sample rate of sounds in memory, which last a second.
  static let memoryRate = 8000.0

  /// A folder in memory, by what its files hold.
  package init(path: String, memory: [ByteName: [UInt8]]) {
    let prefix = path.utf8.count + 1
    self.init(
      path: path, options: AudioOptions(),
      relativePaths: memory.keys.map { String(decoding: $0.bytes[prefix...], as: UTF8.self) },
      memory: memory)
  }

  private init(
    path: String, options: AudioOptions, relativePaths: [String], memory: [ByteName: [UInt8]]?
  ) {
    (self.path, self.options, self.memory) = (path, options, memory)
    files = relativePaths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(File.init)
    audio = files.filter(\.isAudio)
    soundNames = Set(audio.flatMap { [$0.name, String($0.path.dropFirst($0.folder.count))] })
  }

  /// The files below the inner folder of a name, as a folder of their own.
  func part(named name: String) -> Folder {
    let prefix = name + "/"
    let inner = files.lazy.map(\.path).filter { $0.utf8.starts(with: prefix.utf8) }
    var part = Folder(
      path: pathOfFile(name), options: options,
      relativePaths: inner.map { String(Substring($0.utf8.dropFirst(prefix.utf8.count))) },
      memory: memory)
    part.foreign = foreign.filter { $0.utf8.starts(with: prefix.utf8) }
      .map { String(Substring($0.utf8.dropFirst(prefix.utf8.count))) }
    return part
  }

  /// The path of a file below the folder, or the file's own where it is absolute.
  func pathOfFile(_ relativePath: String) -> String { path.appendingPath(relativePath) }

  /// The file directly in the folder that has this name.
  func file(named name: String) -> File? { files.first { $0.path == name } }
}

/// Names that archives give their parts, so that they are neither labels nor speakers.
let partNames = splitNames.union([
  "audio", "clips", "data", "flac", "recordings", "sounds", "txt", "wav", "wav48", "wavs",
])

/// Names of the parts of an archive that are a corpus each.
let splitNames: Set<String> = [
  "dev", "eval", "test", "train", "training", "val", "valid", "validation",
]

/// Finds the paths of files with links to folders followed and without detours, so that two paths
/// of one file are equal.
package struct PathResolver {
  private var realFolders: [ByteName: String] = [:]

  package init() {}

  /// The real path of a file, which need not be there.
  package mutating func realPath(ofFile path: String) -> String {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { path[...$0] } ?? "./"
    let real = realFolders[folder.byteName] ?? String(folder).resolvingLinks
    realFolders[folder.byteName] = real
    return real.appendingPath(
      String(path[(slash.map(path.utf8.index(after:)) ?? path.startIndex)...]))
  }
}
