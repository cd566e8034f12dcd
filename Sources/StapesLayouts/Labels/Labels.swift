internal import StapesScanning
internal import StapesText

/// What a file beside a sound says is spoken in it.
struct Labels {
  /// What the times of segments count.
  enum Unit {
    case seconds
    /// Samples of the sound.
    case samples
  }

  var segments: [LabelSegment] = []
  /// The lines that are not used, and why.
  var faults: [(line: Int, fault: LineFault)] = []
  var unit = Unit.seconds
  /// Whether each segment is a word, to be joined with its neighbours.
  var areWords = false

  /// What is said in all of the sound, in small letters; nil where the labels tell times.
  var wholeText: String? {
    guard segments.count == 1, segments[0].start == nil else { return nil }
    return TextNormalization().normalized(segments[0].text)
  }
}

/// A stretch of sound and what is said in it.
struct LabelSegment: Equatable {
  /// Where it begins; nil where the labels tell no times.
  var start: Double?
  /// Where it ends; nil where the labels tell no times.
  var end: Double?
  var text: String
  var speaker: String?

  /// Whether the text is a mark for a stretch without speech, or with none that can be written.
  var isSilence: Bool {
    let marks: Set<String> = [
      "", "sil", "sp", "spn", "pau", "#", "h#", "<p:>", "<p>", "<eps>", "<sil>", "sent-start",
      "sent-end", "_", "!sil", "!enter", "!exit",
    ]
    return marks.contains(text.trimmed.lowercased())
  }

  /// Words joined to utterances, which end at silence, at a pause of a tenth of a second, where
  /// another speaks, and after 15 seconds.
  static func utterances(of words: [LabelSegment]) -> [LabelSegment] {
    var utterances: [LabelSegment] = []
    var isBroken = true
    for word in words {
      guard !word.isSilence else {
        isBroken = true
        continue
      }
      if !isBroken, let last = utterances.last, let start = word.start, let end = word.end,
        let from = last.start, let to = last.end, last.speaker == word.speaker, start >= from,
        start - to < 0.1, end - from <= 15
      {
        utterances[utterances.count - 1].end = max(end, to)
        utterances[utterances.count - 1].text += " " + word.text.trimmed
      } else {
        utterances.append(word)
      }
      isBroken = false
    }
    return utterances
  }
}

/// A row of labels among several of one sound.
struct LabelTier {
  let name: String
  /// Who speaks; nil where the name alone may tell.
  var speaker: String?
  var segments: [LabelSegment]

  /// What the tier's name says is in it: behind a speaker's, as aligners write it, or in it.
  private enum Content { case utterances, words, parts, unknown }

  private var content: Content {
    let words = name.lowercased().split { !$0.isLetter }
    func names(_ known: String...) -> Bool {
      words.contains { word in known.contains { word.hasPrefix($0) } }
    }
    if names("phon", "syll", "mau", "kan", "ipa", "tone", "pitch", "pos")
      || names("comment", "note", "gloss", "translation", "remark", "noise", "event", "gesture")
    {
      return .parts
    }
    if names("word") || words.contains("ort") { return .words }
    return names("utt", "sent", "text", "trans", "ortho", "phrase", "line", "tx")
      ? .utterances : .unknown
  }

  /// The labels in the tiers that hold texts: those called so, else those of words, else all that
  /// are not called something else, each being a speaker's.
  ///
  /// - Parameter line: the line to name where that is not clear.
  static func labels(of tiers: [LabelTier], line: Int = 1) -> Labels {
    let filled = tiers.filter { tier in tier.segments.contains { !$0.isSilence } }
    let kinds: [Content] = [.utterances, .words, .unknown]
    guard let kind = kinds.first(where: { kind in filled.contains { $0.content == kind } }) else {
      let names = tiers.map(\.name).joined(separator: ", ")
      return Labels(faults: [(line, .missing("tier of texts (tiers: \(names))"))])
    }
    let chosen = filled.filter { $0.content == kind }
    guard !areParallel(chosen) else {
      return Labels(faults: [(line, .severalTiers(chosen.map(\.name)))])
    }
    var labels = Labels(areWords: kind == .words)
    for tier in chosen {
      let speaker = tier.speaker ?? (chosen.count > 1 ? tier.nameOfSpeaker : nil)
      for var segment in tier.segments where kind == .words || !segment.isSilence {
        segment.speaker = segment.speaker ?? speaker
        labels.segments.append(segment)
      }
    }
    return labels
  }

  /// The tier's name without what aligners append to a speaker's, such as ` - words`.
  private var nameOfSpeaker: String {
    guard let end = name.firstRange(of: " - ")?.lowerBound else { return name }
    return String(name[..<end])
  }

  /// Whether two tiers label the same stretch, as two accounts of one speaker do.
  private static func areParallel(_ tiers: [LabelTier]) -> Bool {
    struct Stretch: Hashable { let start, end: Double? }
    var known: Set<Stretch> = []
    return tiers.contains { tier in
      let stretches = tier.segments.filter { !$0.isSilence }.map {
        Stretch(start: $0.start, end: $0.end)
      }
      defer { known.formUnion(stretches) }
      return stretches.contains(where: known.contains)
    }
  }
}
