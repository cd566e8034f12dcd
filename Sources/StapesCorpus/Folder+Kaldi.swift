internal import StapesText

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
    let textOfName = valueOfName(in: texts)
    let speakerOfName = try valueOfName(in: kaldiTable("utt2spk", into: &reading))
    for utterance in utterances {
      guard let text = textOfName[utterance.identifier.byteName] else {
        reading.leaveOut(utterance.path, .missingText)
        continue
      }
      var draft = utterance
      draft.text = String(text)
      draft.speaker = speakerOfName[utterance.identifier.byteName].map(\.trimmed)
      reading.add(draft)
    }
    let heard = Set(utterances.map(\.identifier.byteName))
    var told: Set<ByteName> = []
    for (_, name, _) in texts {
      if !told.insert(name.byteName).inserted {
        reading.leaveOut(pathOfFile("text"), .duplicate(identifier: String(name)))
      } else if !heard.contains(name.byteName) {
        reading.leaveOut(pathOfFile(String(name)), .missingAudio)
      }
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

  private func valueOfName(in lines: [KaldiLine]) -> [ByteName: Substring] {
    Dictionary(lines.map { ($0.name.byteName, $0.value) }) { first, _ in first }
  }

  /// The utterances, still without texts and speakers.
  private func kaldiUtterances(into reading: inout Reading) throws(CorpusError) -> [Reading.Draft] {
    var pathOfRecording: [ByteName: String] = [:]
    var recordings: [Reading.Draft] = []
    for (number, name, value) in try kaldiTable("wav.scp", into: &reading) {
      let entry = value.trimmed
      guard !entry.hasSuffix("|") else {
        throw .command(path: pathOfFile("wav.scp"), line: number, command: entry)
      }
      let path = pathOfFile(entry)
      recordings.append(.init(identifier: String(name), path: path, text: ""))
      pathOfRecording[name.byteName] = pathOfRecording[name.byteName] ?? path
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
      guard let path = pathOfRecording[fields[0].byteName] else {
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
