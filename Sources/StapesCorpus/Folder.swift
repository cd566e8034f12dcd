internal import FoundationEssentials
internal import StapesText

/// The files below a folder, in the order of their paths' bytes.
///
/// Links are followed, each folder once. Files and folders whose names begin with a dot are not
/// there: systems leave them behind, some with names that end like sound.
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
  /// What the files hold, by their whole paths; nil where they lie on disk.
  let memory: [ByteName: [UInt8]]?
  /// The paths of sounds and folders that have no name in UTF-8, so that nothing can name them.
  private(set) var foreign: [String] = []

  /// Lists the folder.
  init(path: String) throws(CorpusError) {
    var (found, foreign) = ([String](), [String]())
    var visited: Set<ByteName> = []
    try Self.list(path, below: "", into: &found, &foreign, visited: &visited)
    self.init(path: path, relativePaths: found, memory: nil)
    self.foreign = foreign
  }

  /// A folder in memory, by what its files hold.
  init(path: String, memory: [ByteName: [UInt8]]) {
    let prefix = path.utf8.count + 1
    self.init(
      path: path,
      relativePaths: memory.keys.map { String(decoding: $0.bytes[prefix...], as: UTF8.self) },
      memory: memory)
  }

  private init(path: String, relativePaths: [String], memory: [ByteName: [UInt8]]?) {
    self.path = path
    self.memory = memory
    files = relativePaths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(File.init)
    audio = files.filter(\.isAudio)
    soundNames = Set(audio.flatMap { [$0.name, String($0.path.dropFirst($0.folder.count))] })
  }

  /// The files below the inner folder of a name, as a folder of their own.
  func part(named name: String) -> Folder {
    let prefix = name + "/"
    let inner = files.lazy.map(\.path).filter { $0.utf8.starts(with: prefix.utf8) }
    var part = Folder(
      path: pathOfFile(name),
      relativePaths: inner.map { String(Substring($0.utf8.dropFirst(prefix.utf8.count))) },
      memory: memory)
    part.foreign = foreign.filter { $0.utf8.starts(with: prefix.utf8) }
      .map { String(Substring($0.utf8.dropFirst(prefix.utf8.count))) }
    return part
  }

  /// The path of a file below the folder, or the file's own where it is absolute.
  func pathOfFile(_ relativePath: String) -> String { joined(path, relativePath) }

  /// The file directly in the folder that has this name.
  func file(named name: String) -> File? { files.first { $0.path == name } }

  private static func list(
    _ path: String, below prefix: String, into found: inout [String], _ foreign: inout [String],
    visited: inout Set<ByteName>
  ) throws(CorpusError) {
    guard visited.insert(resolvedFolder(at: path).byteName).inserted else { return }
    guard let names = FolderNames(inFolder: path) else { throw .unreadable(path: path) }
    foreign += names.foreign.filter { $0.isFolder || audioEndings.contains($0.ending) }
      .map { prefix + $0.name + ($0.isFolder ? "/" : "") }
    for name in names.names {
      let inner = joined(path, name)
      if isFolder(inner) {
        try list(inner, below: prefix + name + "/", into: &found, &foreign, visited: &visited)
      } else {
        found.append(prefix + name)
      }
    }
  }
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

/// Whether a folder lies at the path, or a link to one.
func isFolder(_ path: String) -> Bool {
  var isFolder = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
}

/// What lies at a path, links followed, as far as a reader must know before it opens it.
enum PlaceKind {
  /// Neither a regular file nor a folder: a pipe may have no writer, a device no end.
  case unusual
  /// A regular file without a byte.
  case emptyFile
  /// Anything else, also nothing.
  case usual

  /// Looks at a path.
  init(of path: String) {
    let real = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    let attributes = try? FileManager.default.attributesOfItem(atPath: real)
    switch attributes?[.type] as? FileAttributeType {
    case .typeRegular?: self = attributes?[.size] as? UInt == 0 ? .emptyFile : .usual
    // A link that is left after links were followed leads nowhere.
    case .typeDirectory?, .typeSymbolicLink?, nil: self = .usual
    default: self = .unusual
    }
  }
}

/// A path below a folder; the path itself where it is absolute.
func joined(_ folder: String, _ path: String) -> String {
  if path.utf8.first == UInt8(ascii: "/") { return path }
  return folder.utf8.last == UInt8(ascii: "/") ? folder + path : folder + "/" + path
}

/// Finds the paths of files with links to folders followed and without detours, so that two paths
/// of one file are equal.
struct PathResolver {
  private var realFolders: [ByteName: String] = [:]

  /// The real path of a file, which need not be there.
  mutating func realPath(ofFile path: String) -> String {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { path[...$0] } ?? "./"
    let real = realFolders[folder.byteName] ?? resolvedFolder(at: String(folder))
    realFolders[folder.byteName] = real
    return joined(real, String(path[(slash.map(path.utf8.index(after:)) ?? path.startIndex)...]))
  }
}

/// The path of a folder with links followed and without detours.
func resolvedFolder(at path: String) -> String {
  URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
}
