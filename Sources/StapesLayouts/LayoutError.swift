public import StapesFiles

/// Why labelled clips could not be read from a path.
public enum LayoutError: Error, Equatable {
  /// No path was given.
  case noPath
  /// A folder or file cannot be read.
  case file(FileError)
  /// The folder fits no layout.
  case unrecognizedFolder(path: String, found: FolderInventory)
  /// The names of files or folders might be the labels, but files that nothing has read may hold
  /// them: those, and the sound files that have no text beside them where others have one.
  case unreadLabels(
    path: String, guess: CorpusLayout, files: [UnreadFile], soundsWithoutText: [String])
  /// All sound lies in one folder, whose name might be the label.
  case singleClass(path: String, label: String)
  /// The file is not a manifest.
  case unrecognizedFile(path: String)
  /// The folder holds several manifests, and which is meant is not said.
  case severalManifests(path: String, names: [String])
  /// The folder holds several folders with clips, and whether all are meant is not said.
  case severalParts(path: String, parts: [Part])
  /// A manifest is neither UTF-8 nor UTF-16.
  case notUnicode(path: String)
  /// A line of `wav.scp` names a command to run instead of a file.
  case command(path: String, line: Int, command: String)
  /// A list names sound outside its own folder, which was not allowed: the first of them, and how
  /// many there are.
  case outside(path: String, sound: String, count: Int)
  /// A layout was found, but not a single clip that can be used.
  case noUsableClip(path: String, layout: CorpusLayout, skipped: [Skipped])

  /// A folder within a folder, and the layout in it.
  public struct Part: Sendable, Equatable {
    /// The name of the inner folder.
    public let name: String
    /// How clips lie there.
    public let layout: CorpusLayout
  }
}

/// What was found in a folder that fits no layout.
public struct FolderInventory: Sendable, Equatable {
  /// The number of sound files.
  public let audioCount: Int
  /// The number of other files.
  public let otherCount: Int
  /// The number of folders that hold sound files directly.
  public let audioFolderCount: Int
  /// The first few files, sound first.
  public let examples: [String]
  /// Files that may hold labels in a form that is not read.
  public let unread: [UnreadFile]
  /// Names of files and folders that are not in UTF-8, so that nothing can name them.
  public var foreignNames: [String] = []
}

/// A file that may hold labels, but that no layout reads.
public struct UnreadFile: Sendable, Equatable {
  /// The path below its folder.
  public let path: String
  /// What it looks like, in a few words.
  public let appearance: String
}
