internal import StapesFiles
internal import StapesText

/// The files below a folder, in the order of their paths' bytes.
///
/// See `FileTree` for links and hidden files.
struct Folder {
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
  /// All files below it.
  let files: [File]
  /// The sound files among them.
  let audio: [File]
  /// The names of these, with the endings and without.
  let soundNames: Set<String>

  /// Lists the folder.
  init(path: String) throws(CorpusError) {
    let tree = try CorpusError.wrapping(FileTree(path: path))
    if let unreadable = tree.unreadable.first { throw .file(unreadable.error) }
    self.init(path: path, relativePaths: tree.files)
  }

  private init(path: String, relativePaths: [String]) {
    self.path = path
    files = relativePaths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(File.init)
    audio = files.filter(\.isAudio)
    soundNames = Set(audio.flatMap { [$0.name, String($0.path.dropFirst($0.folder.count))] })
  }

  /// The files below the inner folder of a name, as a folder of their own.
  func part(named name: String) -> Folder {
    let prefix = name + "/"
    let inner = files.lazy.map(\.path).filter { $0.utf8.starts(with: prefix.utf8) }
    return Folder(
      path: pathOfFile(name),
      relativePaths: inner.map { String(Substring($0.utf8.dropFirst(prefix.utf8.count))) })
  }

  /// The path of a file below the folder, or the file's own where it is absolute.
  func pathOfFile(_ relativePath: String) -> String { joined(path, relativePath) }

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

/// How the names of sound files end: what StapesAudio reads, and what ffmpeg decodes for it or it
/// can name as sound, so that such clips are reported rather than overlooked.
package let audioEndings: Set<String> = [
  "wav", "wave", "w64", "rf64", "bwf", "flac", "ogg", "oga", "opus", "mp3", "mp2", "mpga", "aif",
  "aiff", "aifc", "au", "snd", "caf", "sph", "voc",
  "aac", "m4a", "m4b", "mp4", "m4v", "mov", "3gp", "3gpp", "3g2", "webm", "weba", "mkv", "mka",
  "amr", "awb", "wma", "wmv", "asf", "avi", "flv", "ogv", "ogx", "spx", "ac3", "eac3", "dts", "ape",
  "wv", "tta", "tak", "mpc", "ra", "qcp",
]

/// A path below a folder; the path itself where it is absolute.
func joined(_ folder: String, _ path: String) -> String { folder.appendingPath(path) }

/// Finds the paths of files with links to folders followed and without detours, so that two paths
/// of one file are equal.
struct PathResolver {
  private var realFolders: [ByteName: String] = [:]

  /// The real path of a file, which need not be there.
  mutating func realPath(ofFile path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { path[...$0] } ?? "./"
    let real = realFolders[folder.byteName] ?? String(folder).resolvingLinks
    realFolders[folder.byteName] = real
    return joined(real, String(path[(slash.map(path.index(after:)) ?? path.startIndex)...]))
  }
}
