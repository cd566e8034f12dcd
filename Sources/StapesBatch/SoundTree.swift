internal import StapesAudio
internal import StapesFiles
public import StapesRecognition
internal import StapesText

/// The sound files that a batch is given: folders, single files, or both.
///
/// Files are called by where they lie below the folder that all have in common, so that one folder
/// gives the names of what is in it.
struct SoundTree {
  /// A sound file.
  struct File: Equatable {
    /// What it is called.
    var name: String
    /// Where it is.
    var path: String
    /// Where it is on a server; nil for one that is here.
    var address: Address?
  }

  /// What cannot be looked at.
  struct Unreadable {
    /// What it is called.
    var path: String
    /// Whether its name is the cause, rather than that it is closed to this user.
    let hasForeignName: Bool

    /// Why not.
    var error: RecognitionError {
      hasForeignName
        ? .foreignName(path: path) : .file(FileError(path, role: "folder", .read, .forbidden))
    }
  }

  /// The files, sorted by name; each once.
  private(set) var files: [File] = []
  /// How many files of other kinds are in the folders.
  private(set) var otherCount = 0
  /// What may not be read, by its name.
  private(set) var unreadable: [Unreadable] = []
  /// The absolute path of the folder that all have in common.
  private(set) var root = "/"
  /// The addresses of files on servers, by name.
  private var addresses: [ByteName: Address] = [:]

  /// Lists folders and files.
  ///
  /// - Parameters:
  ///   - inputs: folders, of which the sound files are taken, and files, which are taken for sound.
  ///   - listed: further ones, of which some may be missing: these count as files; and addresses of
  ///     files on servers.
  ///   - isRaw: whether files without a header are looked for in folders rather than ordinary ones.
  /// - Throws: `RecognitionError.file` for an input that is missing or cannot be listed.
  init(inputs: [String], listed: [String], isRaw: Bool) throws(RecognitionError) {
    let endings = isRaw ? ["raw", "pcm", "sln", "ulaw", "alaw", "ul", "al"] : audioEndings
    var found: [(parts: [String], path: String, address: Address?)] = []
    var unreadable: [(parts: [String], hasForeignName: Bool)] = []
    var common: [String]?
    for (index, input) in (inputs + listed).enumerated() {
      if index >= inputs.count, let address = Address(input) {
        common = Self.common(common, address.parts.dropLast())
        found.append((address.parts, address.shown, address))
        continue
      }
      let parts = input.absoluteParts
      let node = FileNode(at: input, followsLinks: true)
      if node == nil, index < inputs.count {
        throw .file(FileError(input, role: "folder", .read, .missing))
      }
      guard node?.kind == .folder else {
        common = Self.common(common, parts.dropLast())
        found.append((parts, input, nil))
        continue
      }
      common = Self.common(common, parts[...])
      let tree = try rethrowing(FileTree(path: input), as: RecognitionError.file)
      let sounds = tree.files.filter { endings.contains($0.pathExtension.lowercased()) }
      found += sounds.map { (parts + $0.parts, input.appendingPath($0), nil) }
      let foreign = tree.foreign.filter { $0.isFolder || endings.contains($0.ending) }
      unreadable += tree.unreadable.map { (parts + [$0.folder], false) }
      unreadable += foreign.map { (parts + [$0.path], true) }
      otherCount += tree.files.count - sounds.count + tree.foreign.count - foreign.count
    }
    let depth = common?.count ?? 0
    root = "/" + (common ?? []).joined(separator: "/")
    var names: Set<ByteName> = []
    for (parts, path, address) in found {
      let name = parts.dropFirst(depth).joined(separator: "/")
      if let address {
        // By the name alone these could not be told apart.
        if let other = addresses.updateValue(address, forKey: name.byteName), other != address {
          throw .file(FileError(address.shown, .write, .twice))
        }
      }
      guard names.insert(name.byteName).inserted else { continue }
      files.append(File(name: name, path: path, address: address))
    }
    files.sort { $0.name.byteName < $1.name.byteName }
    names = []
    for (parts, hasForeignName) in unreadable {
      let name = parts.dropFirst(depth).joined(separator: "/")
      guard names.insert(name.byteName).inserted else { continue }
      self.unreadable.append(Unreadable(path: name, hasForeignName: hasForeignName))
    }
    self.unreadable.sort { $0.path.byteName < $1.path.byteName }
  }

  /// The absolute path of what has a name, or its address as it may be shown.
  func source(of name: String) -> String {
    addresses[name.byteName]?.shown ?? (root == "/" ? "" : root) + "/" + name
  }

  /// The folders that two ways begin with.
  private static func common(_ a: [String]?, _ b: ArraySlice<String>) -> [String] {
    guard let a else { return Array(b) }
    return zip(a, b).prefix { $0.byteName == $1.byteName }.map(\.0)
  }
}

extension BatchRun {
  /// The paths in a list of files.
  ///
  /// - Parameter path: a file with one path on each line, or "-" for standard input; empty lines
  ///   do not count.
  /// - Throws: `RecognitionError.file` when it cannot be read.
  public static func paths(inList path: String) throws(RecognitionError) -> [String] {
    try rethrowing(OpenFile(reading: path, role: "list").readRest(), as: RecognitionError.file)
      .split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

extension String {
  /// The names that a path is made of.
  fileprivate var parts: [String] { split(separator: "/").map(String.init) }
}
