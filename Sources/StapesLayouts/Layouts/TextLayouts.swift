internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// A text file beside each sound file: `clip.wav` and `clip.txt`, or `clip.wav.txt`, or in a tree
  /// of its own.
  public static let sidecarText = CorpusLayout(
    "text files beside the sound",
    example: "a.wav with a.txt or a.wav.txt, in any folders, or wav/anna/a.wav with txt/anna/a.txt",
    .labels(LabelFormat(endings: ["txt"]) { Labels(segments: [LabelSegment(text: $0.text)]) }))

  /// A `.lab` file beside each sound file, with the text, or with lines of two times in units of
  /// 100 nanoseconds and a word, as HTK has them.
  public static let lab = CorpusLayout(
    "lab files",
    example: "a.wav with a.lab, which holds \"the words\", or lines 1000000 5500000 word",
    .labels(
      LabelFormat(endings: ["lab"]) { file in
        // Shorter than a millisecond, they are words of a text rather than times.
        if let rows = NumberedRows(in: file, isTime: isInteger), rows.areLonger(than: 1e4) {
          return rows.labels(timesPerSecond: 1e7, areWords: true)
        }
        if let rows = NumberedRows(in: file, isTime: isNumber), rows.haveFractions, rows.count > 1 {
          return rows.labels(timesPerSecond: 1, areWords: true)
        }
        return Labels(segments: [LabelSegment(text: file.text)])
      }))

  /// The labels of Audacity: a line of start, end and text for each, with tabs between.
  public static let audacity = CorpusLayout(
    "Audacity labels",
    example: "a.wav with a.txt, whose lines are 0.10<tab>0.80<tab>the words",
    .labels(
      LabelFormat(endings: ["txt"]) { file in
        let rows = NumberedRows(in: file, isTime: isNumber)
        // A line alone without tabs may be a text that begins with two figures.
        guard let rows, file.text.contains("\t") || rows.haveFractions && rows.count > 1 else {
          return nil
        }
        return rows.labels(timesPerSecond: 1)
      }))

  /// The texts of TIMIT: the first and the last sample before each.
  public static let timit = CorpusLayout(
    "TIMIT texts",
    example: "SA1.WAV with SA1.TXT, which holds \"0 46797 The words.\"",
    .labels(
      LabelFormat(endings: ["txt"], mustFitAll: true) { file in
        // From the first sample on, and for a while; else they are words of a text.
        let rows = NumberedRows(in: file, isTime: isInteger)
        guard let rows, rows.faults.isEmpty, rows.startAtZero, rows.areLonger(than: 400) else {
          return nil
        }
        return rows.labels(timesPerSecond: nil)
      }))

  /// The words of TIMIT where there are no texts: a line of two sample numbers and a word for each.
  public static let timitWords = CorpusLayout(
    "TIMIT words",
    example: "SA1.WAV with SA1.WRD, whose lines are 7470 11362 she",
    .labels(
      LabelFormat(endings: ["wrd"]) { file in
        NumberedRows(in: file, isTime: isInteger)?.labels(timesPerSecond: nil, areWords: true)
      }))

  private static func isInteger(_ field: Substring) -> Bool { field.allSatisfy(\.isASCIIDigit) }

  private static func isNumber(_ field: Substring) -> Bool {
    Double(field.replacing(",", with: ".")) != nil
  }
}

/// Lines that begin with two times.
private struct NumberedRows {
  private struct Row {
    let line: Int
    let start: Substring
    let end: Substring
    let text: Substring
  }

  private var rows: [Row] = []
  /// The other lines.
  private(set) var faults: [(line: Int, fault: LineFault)] = []

  /// Reads a file; nil unless half of its lines are such and one of them has a text.
  ///
  /// Lines that begin with a backslash do not count: in them Audacity keeps frequencies.
  init?(in file: TextFile, isTime: (Substring) -> Bool) {
    for line in file.lines where !line.text.hasPrefix("\\") {
      let (start, rest) = line.text.splitAtFirstSpace
      let (end, text) = rest.splitAtFirstSpace
      if isTime(start), isTime(end), !end.isEmpty {
        rows.append(Row(line: line.number, start: start, end: end, text: text))
      } else if !line.text.trimmed.isEmpty {
        faults.append((line.number, .form(expected: "a start, an end and a text")))
      }
    }
    guard !rows.isEmpty, rows.count >= faults.count, !rows.allSatisfy(\.text.isEmpty) else {
      return nil
    }
  }

  /// The number of the rows.
  var count: Int { rows.count }

  /// Whether the first begins at 0.
  var startAtZero: Bool { rows[0].start.allSatisfy { $0 == "0" } }

  /// Whether a time of some row has a fraction.
  var haveFractions: Bool {
    rows.contains { row in [row.start, row.end].contains { $0.contains { ".,".contains($0) } } }
  }

  /// Whether half of the rows last longer than a number of units.
  func areLonger(than count: Double) -> Bool {
    let long = rows.count { row in
      guard let start = Double(row.start), let end = Double(row.end) else { return false }
      return end - start > count
    }
    return long * 2 >= rows.count
  }

  /// A word without the score that HTK writes behind it.
  private static func withoutScore(_ text: Substring) -> Substring {
    let (word, rest) = text.splitAtFirstSpace
    let score = rest.splitAtFirstSpace.0
    return Double(score) != nil && score.contains { ".-".contains($0) } ? word : text
  }

  /// The labels; without a number of times in a second they count samples.
  func labels(timesPerSecond: Double?, areWords: Bool = false) -> Labels {
    var labels = Labels(
      faults: faults, unit: timesPerSecond == nil ? .samples : .seconds, areWords: areWords)
    for row in rows {
      do throws(LineFault) {
        let scale = timesPerSecond ?? 1
        let start = try seconds(row.start, "start") / scale
        let end = try seconds(row.end, "end") / scale
        guard start < end else { throw .times(start: start, end: end) }
        let text = areWords ? Self.withoutScore(row.text) : row.text
        labels.segments.append(LabelSegment(start: start, end: end, text: text.trimmed))
      } catch {
        labels.faults.append((row.line, error))
      }
    }
    labels.faults.sort { $0.line < $1.line }
    return labels
  }
}

extension Character {
  /// Whether it is one of 0 to 9.
  var isASCIIDigit: Bool { isASCII && isNumber }
}
