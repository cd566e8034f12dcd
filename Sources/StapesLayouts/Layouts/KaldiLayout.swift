internal import StapesFiles
internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// A Kaldi data directory: `wav.scp`, `text`, and `utt2spk` and `segments` when there.
  ///
  /// `wav.scp` has lines of a recording's name and its path, `text` of an utterance's name and its
  /// words, `utt2spk` (which may be missing) of an utterance's name and its speaker's. Each
  /// recording is an utterance of its name, unless `segments` has lines of an utterance's name, its
  /// recording's, and where it begins and ends in seconds; an end of -1 is that of the recording.
  public static let kaldi = CorpusLayout(
    "Kaldi data directory",
    example: "wav.scp with lines \"a audio/a.wav\", text with lines \"a THE WORDS\"",
    .folder { folder throws(LayoutError) in try folder.kaldiReading() })
}

extension Folder {
  /// The clips of a Kaldi data directory; nil without both `wav.scp` and `text`.
  ///
  /// - Throws: `LayoutError.command` where `wav.scp` would run a command.
  fileprivate func kaldiReading() throws(LayoutError) -> Reading? {
    guard file(named: "wav.scp") != nil, file(named: "text") != nil else { return nil }
    var reading = Reading(layout: .kaldi)
    let utterances = try kaldiUtterances(into: &reading)
    let texts = try kaldiTable("text", into: &reading)
    let textsOfName = Dictionary(grouping: texts, by: \.name.byteName)
    let speakerOfName = try valueOfName(in: kaldiTable("utt2spk", into: &reading))
    for utterance in utterances {
      guard let texts = textsOfName[utterance.identifier.byteName] else {
        reading.skip(utterance.path, .missingText, line: utterance.line)
        continue
      }
      var draft = utterance
      draft.speaker = speakerOfName[utterance.identifier.byteName].map(\.trimmed)
      for (number, _, text) in texts {
        draft.text = String(text)
        draft.line = .init(path: pathOfFile("text"), number: number)
        reading.add(draft)
      }
    }
    let heard = Set(utterances.map(\.identifier.byteName))
    var told: Set<ByteName> = []
    for (_, name, _) in texts
    where told.insert(name.byteName).inserted && !heard.contains(name.byteName) {
      reading.skip(pathOfFile(String(name)), .missingAudio)
    }
    return reading
  }

  private typealias KaldiLine = (number: Int, name: Substring, value: Substring)

  /// The lines of one of the directory's files; none without the file.
  private func kaldiTable(
    _ name: String, into reading: inout Reading
  ) throws(LayoutError) -> [KaldiLine] {
    guard file(named: name) != nil else { return [] }
    return try reading.readText(at: pathOfFile(name), memory: memory).lines.map { line in
      let (name, value) = line.text.splitAtFirstSpace
      return (line.number, name, value)
    }
  }

  private func valueOfName(in lines: [KaldiLine]) -> [ByteName: Substring] {
    Dictionary(lines.map { ($0.name.byteName, $0.value) }) { first, _ in first }
  }

  /// The utterances, still without texts and speakers.
  private func kaldiUtterances(into reading: inout Reading) throws(LayoutError) -> [Reading.Draft] {
    var finder = SoundFinder()
    var pathOfRecording: [ByteName: String] = [:]
    var recordings: [Reading.Draft] = []
    for (number, name, value) in try kaldiTable("wav.scp", into: &reading) {
      let entry = value.trimmed
      guard !entry.hasSuffix("|") else {
        throw .command(path: pathOfFile("wav.scp"), line: number, command: entry)
      }
      let path = finder.path(of: entry, listedIn: self.path)
      recordings.append(
        .init(
          identifier: String(name), path: path, text: "",
          line: .init(path: pathOfFile("wav.scp"), number: number)))
      pathOfRecording[name.byteName] = pathOfRecording[name.byteName] ?? path
    }
    guard file(named: "segments") != nil else { return recordings }
    var segments: [Reading.Draft] = []
    for (number, name, value) in try kaldiTable("segments", into: &reading) {
      let line = ListLine(path: pathOfFile("segments"), number: number)
      let fields = value.split(whereSeparator: \.isWhitespace)
      do throws(LineFault) {
        let (recording, start, end) = try Self.segment(fields)
        guard let path = pathOfRecording[recording.byteName] else {
          reading.skip(pathOfFile(recording), .missingAudio, line: line)
          continue
        }
        segments.append(
          .init(
            identifier: String(name), path: path, text: "", offset: start,
            duration: end == -1 ? nil : end - start, line: line))
      } catch {
        reading.skip(line.path, .malformedLine(number: number, fault: error))
      }
    }
    return segments
  }

  private static func segment(
    _ fields: [Substring]
  ) throws(LineFault) -> (recording: String, start: Double, end: Double) {
    guard fields.count == 3 else { throw .fieldCount(found: fields.count + 1, expected: 4) }
    let start = try seconds(fields[1], "start")
    guard let end = Double(fields[2]), end.isFinite else {
      throw .number(field: "end", found: String(fields[2]))
    }
    guard end > start || end == -1 else { throw .times(start: start, end: end) }
    return (String(fields[0]), start, end)
  }
}

/// A time in a list.
///
/// - Throws: `LineFault.number` unless it is a number that is not negative.
func seconds(_ field: some StringProtocol, _ name: String) throws(LineFault) -> Double {
  let field = String(field)
  guard let number = Double(field.replacing(",", with: ".")), number >= 0, number.isFinite else {
    throw .number(field: name, found: field)
  }
  return number
}
