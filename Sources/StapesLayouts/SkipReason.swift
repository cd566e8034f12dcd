public import StapesScanning
internal import StapesText

/// Why something found in a source is not a clip that can be used.
public enum SkipReason: Error, Hashable {
  /// A text names this sound file, but it is not there.
  case missingAudio
  /// No text goes with this sound file.
  case missingText
  /// The text of this sound file has no visible character.
  case emptyText
  /// The text file is neither UTF-8 nor UTF-16.
  case textNotUnicode
  /// The text file cannot be read.
  case unreadableText
  /// The sound cannot be read, for the reason that reading it gave.
  case unreadableAudio(String)
  /// The file, or the part asked for, holds no sound.
  case noSound
  /// The part asked for does not lie within the file; all in seconds.
  case outsideAudio(start: Double, end: Double?, fileSeconds: Double)
  /// A clip of this name, or the same part of the same file, came before.
  case duplicate(identifier: String)
  /// The clip, or the same part of the same file, has other texts elsewhere: which is right is not
  /// for a reader to choose.
  case conflictingTexts([PlacedText])
  /// The name of the file or folder is not in UTF-8; its other bytes are written as `\xFF`.
  case foreignName
  /// A list names other sounds, but not this one, beside which labels lie in this file.
  case unlisted(labels: String)
  /// A line of the file cannot be used, for the reason given.
  case malformedLine(number: Int, fault: LineFault)
}

/// A text of a clip, and where it stands.
public struct PlacedText: Sendable, Hashable, CustomStringConvertible {
  /// The text.
  public let text: String
  /// The list and the line that say so; nil where no list does.
  public let line: ListLine?
  /// The path of the clip's sound there.
  public let path: String

  package init(text: String, line: ListLine?, path: String) {
    (self.text, self.line, self.path) = (text, line, path)
  }

  /// The text and its place, such as “yes” (list.csv, line 7).
  public var description: String {
    "“\(text)” (\(line.map { "\($0.path), line \($0.number)" } ?? path))"
  }
}

extension SkipReason: CustomStringConvertible {
  /// The reason in a few words, to follow the name of the file.
  public var description: String {
    detail.map { "\(kind) (\($0))" } ?? kind
  }

  /// What the reason has in common with others of its kind.
  var kind: String {
    switch self {
    case .missingAudio: "sound missing"
    case .missingText: "no text"
    case .emptyText: "empty text"
    case .textNotUnicode: "text not in UTF-8"
    case .unreadableText: "text unreadable"
    case .unreadableAudio: "sound unreadable"
    case .noSound: "no sound in it"
    case .outsideAudio: "part outside the sound"
    case .duplicate: "there before"
    case .conflictingTexts: "with different texts"
    case .foreignName: "name not in UTF-8"
    case .unlisted: "not in the list"
    case .malformedLine: "malformed line"
    }
  }

  /// What tells the reason from others of its kind; nil where nothing does.
  var detail: String? {
    switch self {
    case .missingAudio, .missingText, .emptyText, .unreadableText, .noSound: nil
    case .textNotUnicode: "convert it: iconv -f windows-1252 -t utf-8 INPUT > OUTPUT"
    case .foreignName: "rename it"
    case .unlisted(let labels):
      "but labels lie in \(labels); add it to the list, or remove the list"
    case .unreadableAudio(let sentence): sentence
    case .outsideAudio(let start, let end, let fileSeconds):
      "\(start) s to \(end.map { "\($0) s" } ?? "the end"), of \(fileSeconds) s"
    case .duplicate(let identifier): identifier
    case .conflictingTexts(let texts):
      texts.map(\.description).joined(separator: " and ") + "; keep the right one"
    case .malformedLine(let number, let fault): "line \(number): \(fault)"
    }
  }
}
