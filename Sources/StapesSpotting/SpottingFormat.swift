internal import StapesContainers
internal import StapesFiles
internal import StapesRecognition
internal import StapesText
internal import StapesTranscript

/// How spotted phrases are written, one on each line.
public enum SpottingFormat: String, Sendable, CaseIterable {
  /// Columns parted by tabs, for people.
  case txt
  /// A table with a header.
  case csv
  /// A JSON object.
  case json

  /// What stands before the lines.
  public var header: String { self == .csv ? "path,start,end,score,phrase\r\n" : "" }

  /// The line of a phrase.
  ///
  /// - Parameters:
  ///   - found: the phrase and where it is.
  ///   - path: the recording; nil for live sound, whose lines begin with the time.
  public func line(_ found: SpottedPhrase, path: String? = nil) -> String {
    let times = [found.start, found.end].map { $0.formatted(decimals: 2) }
    let numbers = times + [found.score.formatted(decimals: 3)]
    let text = found.phrase.text
    switch self {
    case .txt:
      return TranscriptFormat.tsv.row((path.map { [$0] } ?? []) + numbers + [text])
    case .csv:
      return TranscriptFormat.csv.row([path ?? ""] + numbers + [text])
    case .json:
      return jsonLine(
        Record(
          path: path, phrase: text, start: rounded(found.start, to: 100),
          end: rounded(found.end, to: 100), score: rounded(found.score, to: 1000),
          slots: found.phrase.slots.isEmpty ? nil : found.phrase.slots))
    }
  }

  private struct Record: Encodable {
    let path: String?
    let phrase: String
    let start: Double
    let end: Double
    let score: Double
    let slots: [String: String]?
  }

  private func rounded(_ value: Double, to parts: Double) -> Double {
    (value * parts).rounded() / parts
  }
}

extension Spotter {
  /// The recordings that some paths name: files as they are, and the sound files of folders and of
  /// those below them, in the order of their names.
  ///
  /// - Throws: `SpottingError.recognition` for a path that is missing, a folder that cannot be
  ///   listed or has no sound file.
  public static func recordings(in paths: [String]) throws(SpottingError) -> [String] {
    var found: [String] = []
    for path in paths {
      guard FileNode(at: path, followsLinks: true)?.kind == .folder else {
        found.append(path)
        continue
      }
      let tree = try rethrowing(
        FileTree(path: path), as: { SpottingError.recognition(.file($0)) })
      let sounds = tree.files.filter(\.endsAsSound)
      guard !sounds.isEmpty else { throw .recognition(.noSoundFiles(path: path)) }
      found += sounds.map { path.appendingPath($0) }
    }
    return found
  }
}
