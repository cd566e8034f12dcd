internal import StapesFiles
internal import StapesScanning
internal import StapesText

/// Finds the sound files that lists name: as written, or as the name is meant.
///
/// Lists leave out the ending, or name another; part folders with backslashes; name a place on the
/// machine where they were made; or count from a folder beside the list.
struct SoundFinder {
  /// The files directly in a folder.
  private struct Listing {
    var names: Set<ByteName> = []
    /// The sound files by their names without ending, in small letters.
    var sounds: [String: [Folder.File]] = [:]

    init(names: [String]) {
      self.names = Set(names.map { $0.byteName })
      for name in names.sorted(by: { $0.bytesPrecede($1) }) {
        let file = Folder.File(path: name)
        if file.isAudio { sounds[file.name.lowercased(), default: []].append(file) }
      }
    }
  }

  /// The folder that is read; nil where it is a single list.
  private let folder: Folder?
  private var listings: [String: Listing] = [:]
  /// The sound files below the folder that is read by their names without ending; nil for those
  /// that several have.
  private lazy var soundOfName: [String: String?] = {
    let sounds = (folder?.audio ?? []).map { file in
      (file.name, folder?.pathOfFile(file.path))
    }
    return Dictionary(sounds) { _, _ in String?.none }
  }()

  /// - Parameter folder: the folder that is read; nil where it is a single list.
  init(folder: Folder? = nil) { self.folder = folder }

  /// The path of the sound that a list in a folder names; where it is not there, the path at which
  /// it would be.
  mutating func path(of written: String, listedIn folder: String) -> String {
    found(written, listedIn: folder) ?? missingPath(of: written, listedIn: folder)
  }

  /// The path of the sound that a list in a folder names; nil where it is not there.
  mutating func found(_ written: String, listedIn folder: String) -> String? {
    if let path = find(written, below: folder) { return path }
    let name = Self.withSlashes(written)
    guard Self.isOfAnotherMachine(name) else {
      return find(name, below: folder) ?? findInParts(of: folder, name) ?? findByName(name)
    }
    // What is left of the path when the folders of the other machine are taken off.
    let parts = name.split(separator: "/").filter { $0 != "." && $0 != ".." }
    for start in parts.indices.dropFirst() {
      let rest = parts[start...].joined(separator: "/")
      if let path = find(rest, below: folder) { return path }
    }
    return parts.last.flatMap { findInParts(of: folder, String($0)) }
  }

  /// The rows of a list without a first one that names its columns.
  mutating func withoutHeader(
    _ rows: [DelimitedTable.Row], column: Int = 0, listedIn folder: String
  ) -> [DelimitedTable.Row] {
    guard let fields = try? rows.first?.fields.get(), fields.indices.contains(column),
      ListedClip.isHeader(fields[column]), found(fields[column], listedIn: folder) == nil
    else { return rows }
    return Array(rows.dropFirst())
  }

  /// Folders in which sound lies beside a list, the likeliest first.
  private static let parts = ["clips", "wavs", "wav", "audio", "flac", "sounds", "recordings"]

  private mutating func findInParts(of folder: String, _ name: String) -> String? {
    for part in Self.parts {
      if let path = find(name, below: folder.appendingPath(part)) { return path }
    }
    return nil
  }

  /// The only sound of this name below the folder that is read.
  private mutating func findByName(_ name: String) -> String? {
    guard !name.contains("/") else { return nil }
    let file = Folder.File(path: name)
    return (soundOfName[name] ?? nil) ?? (file.isAudio ? soundOfName[file.name] ?? nil : nil)
  }

  private mutating func missingPath(of written: String, listedIn folder: String) -> String {
    let name = Self.withSlashes(written)
    let names = listing(of: folder).names
    let part = Self.parts.first { part in
      names.contains(part.byteName) && FileNode.isFolder(folder.appendingPath(part))
    }
    guard !name.contains("/"), let part else { return folder.appendingPath(name) }
    return folder.appendingPath(part + "/" + name)
  }

  /// A file by its path below a folder: of this very name, or a sound of this name whose ending is
  /// left out or another, or whose letters are of the other case.
  private mutating func find(_ path: String, below folder: String) -> String? {
    let file = Folder.File(path: path)
    let directory =
      file.folder.isEmpty ? folder : folder.appendingPath(String(file.folder.dropLast()))
    let listing = listing(of: directory.isEmpty ? "/" : directory)
    let name = String(path.dropFirst(file.folder.count))
    if listing.names.contains(name.byteName) { return directory.appendingPath(name) }
    let isSound = file.isAudio
    for stem in isSound ? [name, file.name] : [name] {
      let sounds = listing.sounds[stem.lowercased()] ?? []
      let exact = sounds.first { $0.name.byteName == stem.byteName }
      // What Unicode calls equal, or differs in case, must be the only one.
      if let sound = exact ?? (sounds.count == 1 ? sounds.first : nil) {
        return directory.appendingPath(sound.path)
      }
    }
    return nil
  }

  private mutating func listing(of directory: String) -> Listing {
    if let known = listings[directory] { return known }
    let names =
      folder?.memory == nil
      ? try? FileSystem.names(inFolder: directory)
      : folder?.files.map { (folder?.path ?? "").appendingPath($0.path) }
        .filter { $0.folderPath.byteName == directory.byteName }
        .map { String($0.split(separator: "/").last ?? "") }
    let listing = Listing(names: names ?? [])
    listings[directory] = listing
    return listing
  }

  private static func withSlashes(_ written: String) -> String {
    let name = written.replacing("\\", with: "/")
    return name.hasPrefix("file:///") ? String(name.dropFirst("file://".count)) : name
  }

  /// Whether a path begins at the root of a disk.
  private static func isOfAnotherMachine(_ path: String) -> Bool {
    let start = path.prefix(3)
    return path.hasPrefix("/")
      || start.count == 3 && start.first?.isLetter == true && start.dropFirst() == ":/"
  }
}
