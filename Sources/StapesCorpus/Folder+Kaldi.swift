extension Folder {
  /// A Kaldi data directory; nil without both `wav.scp` and `text`.
  ///
  /// `wav.scp` has lines of a recording's name and its path, `text` of an utterance's name and its
  /// words, `utt2spk` (which may be missing) of an utterance's name and its speaker's. Each
  /// recording is an utterance of its name, unless `segments` has lines of an utterance's name, its
  /// recording's, and where it begins and ends in seconds; an end of -1 is that of the recording.
  ///
  /// - Throws: `CorpusError.command` where `wav.scp` would run a command.
  func kaldiReading() throws(CorpusError) -> Reading? {
    guard file(named: "wav.scp") != nil, file(named: "text") != nil else { return nil }
    var reading = Reading(layout: .kaldi)
    let utterances = try kaldiUtterances(into: &reading)
    let texts = try kaldiTable("text", into: &reading)
    let textsOfName = Dictionary(grouping: texts) { String($0.name) }
    let speakerOfName = try valueOfName(in: kaldiTable("utt2spk", into: &reading))
    for utterance in utterances {
      guard let texts = textsOfName[utterance.identifier] else {
        reading.leaveOut(utterance.path, .missingText)
        continue
      }
      var draft = utterance
      draft.speaker = speakerOfName[utterance.identifier].map(\.trimmed)
      for (number, _, text) in texts {
        draft.text = String(text)
        draft.line = .init(path: pathOfFile("text"), number: number)
        reading.add(draft)
      }
    }
    let heard = Set(utterances.map(\.identifier))
    var told: Set<Substring> = []
    for (_, name, _) in texts where told.insert(name).inserted && !heard.contains(String(name)) {
      reading.leaveOut(pathOfFile(String(name)), .missingAudio)
    }
    return reading
  }

  private typealias KaldiLine = (number: Int, name: Substring, value: Substring)

  /// The lines of one of the directory's files; none without the file.
  private func kaldiTable(
    _ name: String, into reading: inout Reading
  ) throws(CorpusError) -> [KaldiLine] {
    guard file(named: name) != nil else { return [] }
    return try reading.readText(at: pathOfFile(name)).lines.map { line in
      let (name, value) = line.text.splitAtFirstSpace
      return (line.number, name, value)
    }
  }

  private func valueOfName(in lines: [KaldiLine]) -> [String: Substring] {
    Dictionary(lines.map { (String($0.name), $0.value) }) { first, _ in first }
  }

  /// The utterances, still without texts and speakers.
  private func kaldiUtterances(into reading: inout Reading) throws(CorpusError) -> [Reading.Draft] {
    var pathOfRecording: [String: String] = [:]
    var recordings: [Reading.Draft] = []
    for (number, name, value) in try kaldiTable("wav.scp", into: &reading) {
      let entry = value.trimmed
      guard !entry.hasSuffix("|") else {
        throw .command(path: pathOfFile("wav.scp"), line: number, command: entry)
      }
      let path = pathOfFile(entry)
      recordings.append(.init(identifier: String(name), path: path, text: ""))
      pathOfRecording[String(name)] = pathOfRecording[String(name)] ?? path
    }
    guard file(named: "segments") != nil else { return recordings }
    var segments: [Reading.Draft] = []
    for (number, name, value) in try kaldiTable("segments", into: &reading) {
      let fields = value.split(whereSeparator: \.isWhitespace)
      guard fields.count == 3, let start = Double(fields[1]), let end = Double(fields[2]),
        start >= 0, start.isFinite, end > start || end == -1, end.isFinite
      else {
        reading.leaveOut(pathOfFile("segments"), .malformedLine(number: number))
        continue
      }
      guard let path = pathOfRecording[String(fields[0])] else {
        reading.leaveOut(pathOfFile(String(fields[0])), .missingAudio)
        continue
      }
      segments.append(
        .init(
          identifier: String(name), path: path, text: "", offset: start,
          duration: end == -1 ? nil : end - start))
    }
    return segments
  }
}
