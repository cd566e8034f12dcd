public import StapesLayouts
internal import StapesText

extension Corpus: CustomStringConvertible {
  /// The sources, a line each, then the sum where there are several, then what was skipped and
  /// why.
  public var description: String {
    var lines = sources.map(\.description)
    if sources.count > 1 {
      lines.append("together: \(counted(clips.count, "clip")), \(formatted(seconds: seconds))")
    }
    if !skipped.isEmpty { lines.append("skipped: " + skipped.summary) }
    return lines.joined(separator: "\n")
  }
}

extension Corpus {
  /// The clips that are skipped because their sources give different texts for them.
  public var conflicts: [Skipped] {
    skipped.filter { if case .conflictingTexts = $0.reason { true } else { false } }
  }

  /// The clips that have a text but no sound that can be used: it is missing, broken or empty.
  public var clipsWithoutSound: [Skipped] {
    skipped.filter { clip in
      switch clip.reason {
      case .missingAudio, .unreadableAudio, .noSound, .outsideAudio: true
      default: false
      }
    }
  }
}

extension Corpus.Source: CustomStringConvertible {
  /// What was found where, such as "fsdd: name-encoded files; 2,700 clips, 0.33 hours, 6 speakers,
  /// 10 different texts".
  public var description: String {
    var facts = [counted(clipCount, "clip"), formatted(seconds: seconds)]
    if speakerCount > 0 { facts.append(counted(speakerCount, "speaker")) }
    facts.append(counted(textCount, "different text"))
    if byteOrderMarkCount > 0 {
      facts.append("byte order marks taken off \(counted(byteOrderMarkCount, "text file"))")
    }
    if carriageReturnCount > 0 {
      facts.append("\(counted(carriageReturnCount, "line")) ending as on Windows")
    }
    if windows1252Count > 0 {
      facts.append("\(counted(windows1252Count, "text file")) read as Windows-1252")
    }
    return "\(path): \(layout.name); \(facts.joined(separator: ", "))"
  }
}

/// Hours to the hundredth, or below a tenth of an hour minutes to the hundredth.
func formatted(seconds: Double) -> String {
  let isShort = seconds < 360
  let value = isShort ? seconds / 60 : seconds / 3600
  let hundredths = Int((value * 100).rounded())
  let fraction = String(hundredths % 100 + 100).dropFirst()
  return "\(grouped(hundredths / 100)).\(fraction) \(isShort ? "minutes" : "hours")"
}
