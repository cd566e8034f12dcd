internal import StapesLayouts
internal import StapesText

/// Something about the clips of a corpus that whoever trains on them should know.
public struct Finding: Sendable, Equatable {
  /// How much it matters.
  public enum Severity: String, Codable, Sendable, CaseIterable {
    /// The clips cannot be used, or spoil the model or its figures.
    case error
    /// It makes a model worse, or its figures better than they are.
    case warning
    /// It is taken care of, or harmless; good to know.
    case note
  }

  /// A clip that it is about.
  public struct Item: Codable, Sendable, Equatable {
    /// The sound file, or where there is none, the clip's name below its folder.
    public let path: String
    /// Where in the file the clip begins, in seconds.
    public let offset: Double
    /// The clip's text as written; empty where there is none.
    public let text: String
    /// What is particular about this clip, in a few words.
    public let detail: String

    init(_ clip: LabelledClip, _ detail: String) {
      (path, offset, text) = (clip.path, clip.offset, clip.text)
      self.detail = detail
    }

    init(_ skipped: Corpus.Skipped) {
      (path, offset, text) = (skipped.path, 0, "")
      if case .unreadableAudio(let sentence) = skipped.reason {
        detail = sentence
      } else {
        let place = skipped.line.map { ", \($0.path), line \($0.number)" } ?? ""
        detail = skipped.reason.description + place
      }
    }
  }

  /// What was found.
  public let kind: Kind
  /// The clips, in the order of the corpus.
  public let items: [Item]

  /// How much it matters.
  public var severity: Severity { kind.severity }
}

extension Finding {
  /// What was found, up to three clips, and what mends it.
  package var lines: [String] {
    let shown = 3
    var lines = ["", "\(severity.rawValue): \(kind.title) (\(counted(items.count, "clip")))"]
    lines += items.prefix(shown).map { "  \($0.line)" }
    if items.count > shown { lines.append("  and \(items.count - shown) more") }
    return lines + ["  -> \(kind.remedy)"]
  }

  /// What was found, with the first clip, in one line.
  package var summary: String {
    "\(kind.title) (\(counted(items.count, "clip"))), as \(items[0].line); `stapes check` tells more"
  }
}

extension Finding.Item {
  /// The clip and what is particular about it; sentences about sound name their file themselves.
  fileprivate var line: String {
    let place = offset == 0 ? path : "\(path) at \(offset.formatted(decimals: 2)) s"
    return detail.hasPrefix(path) ? detail : "\(place): \(detail)"
  }
}
