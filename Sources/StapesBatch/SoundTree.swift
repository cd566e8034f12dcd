internal import FoundationEssentials
internal import StapesAudio
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
  }

  /// The files, sorted by name; each once.
  private(set) var files: [File] = []
  /// How many files of other kinds are in the folders.
  private(set) var otherCount = 0
  /// Folders that may not be read, by their names.
  private(set) var unreadableFolders: [String] = []
  /// The absolute path of the folder that all have in common.
  private(set) var root = "/"

  /// Lists folders and files.
  ///
  /// - Parameters:
  ///   - inputs: folders, of which the sound files are taken, and files, which are taken for sound.
  ///   - listed: further ones, of which some may be missing: these count as files.
  ///   - isRaw: whether files without a header are looked for in folders rather than ordinary ones.
  /// - Throws: `RecognitionError.unreadableFolder` for an input that is missing or cannot be listed.
  init(inputs: [String], listed: [String], isRaw: Bool) throws(RecognitionError) {
    var found: [(parts: [String], path: String)] = []
    var unreadable: [[String]] = []
    var common: [String]?
    for (index, input) in (inputs + listed).enumerated() {
      let parts = Self.parts(of: input)
      let isFolder = SoundFolder.isFolder(input)
      if isFolder == nil, index < inputs.count {
        throw .unreadableFolder(path: input, reason: "it does not exist")
      }
      guard isFolder == true else {
        common = Self.common(common, parts.dropLast())
        found.append((parts, input))
        continue
      }
      common = Self.common(common, parts[...])
      let folder = try SoundFolder(path: input, isRaw: isRaw)
      let base = input.hasSuffix("/") ? input : input + "/"
      found += folder.soundFiles.map {
        (parts + $0.split(separator: "/").map(String.init), base + $0)
      }
      unreadable += folder.unreadableFolders.map {
        parts + $0.split(separator: "/").map(String.init)
      }
      otherCount += folder.otherCount
    }
    let depth = common?.count ?? 0
    root = "/" + (common ?? []).joined(separator: "/")
    var names: Set<ByteName> = []
    for (parts, path) in found {
      let name = parts.dropFirst(depth).joined(separator: "/")
      if names.insert(name.byteName).inserted { files.append(File(name: name, path: path)) }
    }
    files.sort { $0.name.byteName < $1.name.byteName }
    unreadableFolders = Set(
      unreadable.map { ($0.dropFirst(depth).joined(separator: "/") + "/").byteName }
    ).sorted().map(\.string)
  }

  /// The absolute path of what has a name.
  func source(of name: String) -> String { (root == "/" ? "" : root) + "/" + name }

  /// The names on the way from the root to a file or folder, without `.` and `..`.
  private static func parts(of path: String) -> [String] {
    let absolute =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return absolute.split(separator: "/").reduce(into: []) { parts, part in
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
    }
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
  /// - Throws: `RecognitionError.audio` when it cannot be read.
  public static func paths(inList path: String) throws(RecognitionError) -> [String] {
    var bytes: [UInt8] = []
    do throws(AudioError) {
      var blocks = try FileBlocks(path: path)
      while true {
        let block = try blocks.next()
        if block.isEmpty { break }
        bytes += block
      }
    } catch {
      throw .audio(error)
    }
    return bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
