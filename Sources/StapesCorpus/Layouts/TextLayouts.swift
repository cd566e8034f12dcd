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
        guard let rows = NumberedRow.all(in: file, isTime: isInteger) else {
          return Labels(segments: [LabelSegment(text: file.text)])
        }
        var labels = NumberedRow.labels(of: rows, timesPerSecond: 1e7)
        labels.areWords = true
        return labels
      }))

  /// The labels of Audacity: a line of start, end and text for each, with tabs between.
  public static let audacity = CorpusLayout(
    "Audacity labels",
    example: "a.wav with a.txt, whose lines are 0.10<tab>0.80<tab>the words",
    .labels(
      LabelFormat(endings: ["txt"]) { file in
        let rows = NumberedRow.all(in: file) { $0.contains { ".,".contains($0) } && isNumber($0) }
        return rows.map { NumberedRow.labels(of: $0, timesPerSecond: 1) }
      }))

  /// The texts of TIMIT: the first and the last sample before each.
  public static let timit = CorpusLayout(
    "TIMIT texts",
    example: "SA1.WAV with SA1.TXT, which holds \"0 46797 The words.\"",
    .labels(
      LabelFormat(endings: ["txt"], mustFitAll: true) { file in
        let rows = NumberedRow.all(in: file, isTime: isInteger)
        return rows.map { NumberedRow.labels(of: $0, timesPerSecond: nil) }
      }))

  /// The words of TIMIT where there are no texts: a line of two sample numbers and a word for each.
  public static let timitWords = CorpusLayout(
    "TIMIT words",
    example: "SA1.WAV with SA1.WRD, whose lines are 7470 11362 she",
    .labels(
      LabelFormat(endings: ["wrd"]) { file in
        NumberedRow.all(in: file, isTime: isInteger).map { rows in
          var labels = NumberedRow.labels(of: rows, timesPerSecond: nil)
          labels.areWords = true
          return labels
        }
      }))

  private static func isInteger(_ field: Substring) -> Bool { field.allSatisfy(\.isASCIIDigit) }

  private static func isNumber(_ field: Substring) -> Bool {
    Double(field.replacing(",", with: ".")) != nil
  }
}

/// A line that begins with two times.
private struct NumberedRow {
  let line: Int
  let start: Substring
  let end: Substring
  let text: Substring

  /// The rows of a file; nil unless all of its lines are such, those that begin with a backslash
  /// apart, in which Audacity keeps frequencies.
  static func all(in file: TextFile, isTime: (Substring) -> Bool) -> [NumberedRow]? {
    var rows: [NumberedRow] = []
    for line in file.lines where !line.text.hasPrefix("\\") {
      let (start, rest) = line.text.splitAtFirstSpace
      let (end, text) = rest.splitAtFirstSpace
      guard isTime(start), isTime(end), !end.isEmpty else { return nil }
      rows.append(NumberedRow(line: line.number, start: start, end: end, text: text))
    }
    return rows.isEmpty || rows.allSatisfy(\.text.isEmpty) ? nil : rows
  }

  /// The labels of rows; without a number of times in a second they count samples.
  static func labels(of rows: [NumberedRow], timesPerSecond: Double?) -> Labels {
    var labels = Labels(unit: timesPerSecond == nil ? .samples : .seconds)
    for row in rows {
      do throws(LineFault) {
        let scale = timesPerSecond ?? 1
        let start = try seconds(row.start, "start") / scale
        let end = try seconds(row.end, "end") / scale
        guard start < end else { throw .times(start: start, end: end) }
        labels.segments.append(LabelSegment(start: start, end: end, text: row.text.trimmed))
      } catch {
        labels.faults.append((row.line, error))
      }
    }
    return labels
  }
}

extension Character {
  /// Whether it is one of 0 to 9.
  var isASCIIDigit: Bool { isASCII && isNumber }
}
