internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// Subtitles beside each sound file: SubRip or WebVTT.
  public static let subtitles = CorpusLayout(
    "subtitles",
    example: "a.wav with a.srt or a.vtt, in which 00:00:00,100 --> 00:00:00,900 stands above the "
      + "words",
    .labels(
      LabelFormat(endings: ["srt", "vtt"]) { file in
        let labels = labels(of: file)
        return labels.segments.isEmpty && labels.faults.isEmpty ? nil : labels
      }))

  private static func labels(of file: TextFile) -> Labels {
    var labels = Labels()
    var cue: (line: Int, text: [Substring])?
    var segment = LabelSegment(text: "")
    func end(isFollowed: Bool) {
      defer { cue = nil }
      guard var text = cue?.text else { return }
      // The number of a cue that no empty line parts from this one.
      if isFollowed, let last = text.last, last.allSatisfy(\.isASCIIDigit) { text.removeLast() }
      (segment.text, segment.speaker) = plain(text)
      if !segment.text.isEmpty { labels.segments.append(segment) }
    }
    for (index, line) in file.allLines.enumerated() {
      if line.contains("-->") {
        end(isFollowed: true)
        do throws(LineFault) {
          segment = try times(of: line)
          cue = (index + 1, [])
        } catch {
          labels.faults.append((index + 1, error))
        }
      } else if line.allSatisfy(\.isWhitespace) {
        end(isFollowed: false)
      } else {
        cue?.text.append(line)
      }
    }
    end(isFollowed: false)
    return labels
  }

  /// A cue without its text, of a line such as `00:01.500 --> 00:02.000 align:start`.
  private static func times(of line: Substring) throws(LineFault) -> LabelSegment {
    let sides = line.split(separator: "-->", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2 else { throw .form(expected: "two times with --> between") }
    let start = try time(sides[0].trimmed)
    let end = try time(String(sides[1].trimmed.prefix { !$0.isWhitespace }))
    guard start < end else { throw .times(start: start, end: end) }
    return LabelSegment(start: start, end: end, text: "")
  }

  /// A time in seconds of hours, which may be left out, minutes and seconds.
  private static func time(_ text: String) throws(LineFault) -> Double {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let last = parts.last,
      parts.dropLast().allSatisfy({ !$0.isEmpty && $0.count < 6 && $0.allSatisfy(\.isASCIIDigit) })
    else { throw .number(field: "time", found: text) }
    let minutes = parts.dropLast().reduce(0) { $0 * 60 + (Double($1) ?? 0) }
    return try minutes * 60 + seconds(last, "time")
  }

  /// Lines of a cue without tags, and who speaks by the voice tag of WebVTT.
  private static func plain(_ lines: [Substring]) -> (text: String, speaker: String?) {
    var speaker: String?
    let texts = lines.map { line in
      var text = ""
      var rest = line
      while let open = rest.firstIndex(where: { $0 == "<" || $0 == "{" }) {
        text += rest[..<open]
        let close: Character = rest[open] == "<" ? ">" : "}"
        let inner = rest[open...].dropFirst()
        // Tags are short; a bracket that nothing closes is a part of the text.
        guard let end = inner.prefix(200).firstIndex(of: close),
          isTag(inner[..<end], closedBy: close)
        else {
          text.append(rest[open])
          rest = inner
          continue
        }
        let tag = inner[..<end]
        if tag.hasPrefix("v ") || tag.hasPrefix("v.") { speaker = tag.splitAtFirstSpace.1.trimmed }
        rest = inner[end...].dropFirst()
      }
      text = XMLScanner.unescaped(text + String(rest)).trimmed
      // A dash before what each of two speakers says.
      return text.hasPrefix("- ") ? String(text.dropFirst(2)) : text
    }
    return (texts.joined(separator: " ").trimmed, speaker)
  }

  /// Whether what stands in brackets is a mark of subtitles rather than a part of the text.
  private static func isTag(_ text: Substring, closedBy close: Character) -> Bool {
    guard close == ">" else { return text.hasPrefix("\\") || text.hasPrefix("y:") }
    let name = text.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
    let known: Set<String> = ["b", "i", "u", "s", "c", "v", "font", "ruby", "rt", "lang", "span"]
    return known.contains(name) || text.first?.isASCIIDigit == true
  }
}
