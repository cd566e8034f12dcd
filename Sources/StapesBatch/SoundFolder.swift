internal import FoundationEssentials
internal import StapesAudio
internal import StapesCorpus
internal import StapesRecognition
internal import StapesText
internal import StapesTranscript

/// The sound files in a folder and the folders below it.
struct SoundFolder {
  /// Paths relative to the folder, sorted.
  private(set) var soundFiles: [String] = []
  /// How many other files there are.
  private(set) var otherCount = 0
  /// Folders below it that may not be read, likewise relative.
  private(set) var unreadableFolders: [String] = []

  private let endings: Set<String>
  private var visited: Set<ByteName> = []

  /// Lists a folder.
  ///
  /// Names that begin with a dot are passed over. Links are followed, each folder once.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - isRaw: whether files without a header are looked for rather than ordinary ones.
  /// - Throws: `RecognitionError.unreadableFolder` when the folder itself cannot be listed.
  init(path: String, isRaw: Bool) throws(RecognitionError) {
    endings = isRaw ? ["raw", "pcm", "sln", "ulaw", "alaw", "ul", "al"] : audioEndings
    guard let isFolder = Self.isFolder(path) else {
      throw .unreadableFolder(path: path, reason: "it does not exist")
    }
    guard isFolder else { throw .unreadableFolder(path: path, reason: "it is a file") }
    add(folder: path, prefix: "")
    guard unreadableFolders != [""] else {
      throw .unreadableFolder(path: path, reason: "permission denied")
    }
    soundFiles.sort { $0.byteName < $1.byteName }
  }

  private mutating func add(folder: String, prefix: String) {
    let resolved = URL(filePath: folder).resolvingSymlinksInPath().path(percentEncoded: false)
    guard visited.insert(resolved.byteName).inserted else { return }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      unreadableFolders.append(prefix)
      return
    }
    for name in names.sorted(by: { $0.byteName < $1.byteName }) where !name.hasPrefix(".") {
      let path = folder + "/" + name
      if Self.isFolder(path) == true {
        add(folder: path, prefix: prefix + name + "/")
      } else if endings.contains(name.pathExtension.lowercased()) {
        soundFiles.append(prefix + name)
      } else {
        otherCount += 1
      }
    }
  }

  /// Whether there is a folder at a path, links followed; nil for nothing at all.
  static func isFolder(_ path: String) -> Bool? {
    var isFolder = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists ? isFolder : nil
  }
}
