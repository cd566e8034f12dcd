import FoundationEssentials
import StapesAudio
import StapesCorpus
import StapesLayouts
import TestSupport

/// A folder of clips made for one test.
struct Tree {
  /// The path of the folder.
  let root: String

  /// Makes a folder, lets `body` use it, and removes it.
  static func with<Result>(_ body: (Tree) throws -> Result) throws -> Result {
    try withTemporaryFolder { try body(Tree(root: $0)) }
  }

  /// The path of a file below the folder.
  func path(_ name: String) -> String { root + "/" + name }

  /// Writes bytes to a file, and makes the folders on the way.
  func write(_ name: String, bytes: [UInt8]) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Writes a text file in UTF-8.
  func write(_ name: String, _ text: String) throws {
    try write(name, bytes: Array(text.utf8))
  }

  /// Writes silent sound files of half a second, or another length; WAV whatever their names.
  func sound(_ names: String..., seconds: Double = 0.5) throws {
    for name in names {
      try write(name, bytes: [])
      try AudioFileWriter.writeWAV(
        samples: Array(repeating: 0, count: Int(seconds * 8000)), sampleRate: 8000,
        to: path(name))
    }
  }

  /// Makes a link.
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
  }

  /// Reads the folder, or files and folders in it.
  func corpus(_ names: String..., allowsOutside: Bool = false) throws(LayoutError) -> Corpus {
    try Corpus(
      readingFrom: names.isEmpty ? [root] : names.map(path), allowsOutside: allowsOutside)
  }

  /// What reading says is wrong; nil when nothing is.
  func error(_ names: String...) -> LayoutError? {
    do throws(LayoutError) {
      _ = try Corpus(readingFrom: names.isEmpty ? [root] : names.map(path))
      return nil
    } catch {
      return error
    }
  }

  /// What was skipped, with paths below the folder.
  func skipped(of corpus: Corpus) -> [String: SkipReason] {
    let prefix = root + "/"
    return Dictionary(
      corpus.skipped.map { (String($0.path.dropFirst(prefix.count)), $0.reason) }
    ) { first, _ in first }
  }
}

extension Corpus {
  /// The layout of the only source.
  var layout: CorpusLayout? { sources.count == 1 ? sources[0].layout : nil }
  /// The texts by the clips' names.
  var texts: [String: String] {
    Dictionary(clips.map { ($0.identifier, $0.text) }) { first, _ in first }
  }
  /// The speakers by the clips' names.
  var speakersOfClips: [String: String] {
    Dictionary(clips.compactMap { clip in clip.speaker.map { (clip.identifier, $0) } }) {
      first, _ in first
    }
  }
}
