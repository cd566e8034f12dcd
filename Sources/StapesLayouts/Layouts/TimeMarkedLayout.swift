internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// Segment time marks of NIST's scoring tools: `.stm`.
  public static let stm = CorpusLayout(
    "STM segment times",
    example: "talks.stm with lines talk 1 anna 17.82 28.81 <o,f0,female> the words, and talk.wav",
    .list(
      ListFormat(fits: { $0.ending == "stm" }, place: .anywhere) { file, _ in
        guard file.path.lowercased().hasSuffix(".stm") else { return nil }
        let records = records(of: file).filter { !isScoredNot($0.fields) }
        let channels = Channels(of: records)
        return records.map { record in
          let clip = Result { () throws(LineFault) in
            let clip = try segment(record.fields)
            try channels.check(record.fields)
            return clip
          }
          return (record.number, clip)
        }
      }))

  /// Times of words as decoders write them, in `.ctm`.
  ///
  /// Words without a pause between them are one clip.
  public static let ctm = CorpusLayout(
    "CTM word times",
    example: "talks.ctm with lines talk 1 17.82 0.25 the, a word a line, and talk.wav",
    .list(
      ListFormat(fits: { $0.ending == "ctm" }, place: .anywhere) { file, _ in
        guard file.path.lowercased().hasSuffix(".ctm") else { return nil }
        return utterances(of: records(of: file))
      }))

  private typealias Record = (number: Int, fields: [Substring])

  /// The lines that are no comments, with the fields between their spaces.
  private static func records(of file: ListFile) -> [Record] {
    file.content.lines.filter { !$0.text.trimmed.hasPrefix(";;") }.map {
      ($0.number, $0.text.split(whereSeparator: \.isWhitespace))
    }
  }

  /// Whether a line says that nobody's words are between its times.
  private static func isScoredNot(_ fields: [Substring]) -> Bool {
    let marks = ["inter_segment_gap", "ignore_time_segment_in_scoring"]
    return fields.contains { marks.contains($0.lowercased()) }
  }

  private static func segment(_ fields: [Substring]) throws(LineFault) -> ListedClip {
    guard fields.count >= 5 else { throw .fieldCount(found: fields.count, expected: 6) }
    var clip = ListedClip(sound: String(fields[0]))
    clip.speaker = String(fields[2])
    try clip.cut(from: seconds(fields[3], "start"), to: seconds(fields[4], "end"))
    var words = fields.dropFirst(5)
    if let first = words.first, isLabelSet(first) { words.removeFirst() }
    clip.text = firstAlternatives(of: words).joined(separator: " ")
    return clip
  }

  /// Whether a word is the set of labels that may stand before the text, such as `<o,f0,male>`.
  private static func isLabelSet(_ word: Substring) -> Bool {
    word.hasPrefix("<") && word.hasSuffix(">")
      && (word.contains(",") || !word.contains(where: \.isLowercase))
  }

  /// The words with the first of each `{ several / of which / one }`; `@` stands for none.
  private static func firstAlternatives(of words: ArraySlice<Substring>) -> [Substring] {
    var (chosen, isOpen, isLater) = ([Substring](), false, false)
    for word in words {
      switch word {
      case "{": (isOpen, isLater) = (true, false)
      case "}": (isOpen, isLater) = (false, false)
      case "/" where isOpen: isLater = true
      case "@" where isOpen: break
      default: if !isLater { chosen.append(word) }
      }
    }
    return chosen
  }

  /// The words of a list of times, joined to utterances.
  private static func utterances(of records: [Record]) -> [ListedLine] {
    let channels = Channels(of: records)
    var lines: [ListedLine] = []
    var words: [(number: Int, sound: Substring, segment: LabelSegment)] = []
    func end() {
      let utterances = LabelSegment.utterances(of: words.map(\.segment))
      for utterance in utterances {
        let first = words.first { $0.segment.start == utterance.start }
        guard let first, let start = utterance.start, let end = utterance.end else { continue }
        var clip = ListedClip(sound: String(first.sound))
        clip.text = utterance.text
        (clip.offset, clip.duration) = (start, end - start)
        lines.append((first.number, .success(clip)))
      }
      words = []
    }
    for (number, fields) in records {
      do throws(LineFault) {
        let word = try Self.word(fields)
        try channels.check(fields)
        if words.last?.sound != fields[0] { end() }
        words.append((number, fields[0], word))
      } catch {
        lines.append((number, .failure(error)))
      }
    }
    end()
    return lines
  }

  private static func word(_ fields: [Substring]) throws(LineFault) -> LabelSegment {
    guard fields.count >= 5 else { throw .fieldCount(found: fields.count, expected: 5) }
    let start = try seconds(fields[2], "start")
    let duration = try seconds(fields[3], "duration")
    return LabelSegment(start: start, end: start + duration, text: String(fields[4]))
  }
}

/// The channels of recordings: clips are of all channels mixed, so that the words of one of several
/// cannot be told from the others.
private struct Channels {
  private var channels: [Substring: Set<Substring>] = [:]

  init(of records: [(number: Int, fields: [Substring])]) {
    for (_, fields) in records where fields.count > 1 {
      channels[fields[0], default: []].insert(fields[1])
    }
  }

  /// - Throws: `LineFault.channel` for a line about one of several channels of a recording.
  func check(_ fields: [Substring]) throws(LineFault) {
    guard channels[fields[0], default: []].count <= 1 else { throw .channel(String(fields[1])) }
  }
}
