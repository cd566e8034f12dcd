internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// A list without a header: a sound file and its text in each line.
  public static let plainList = CorpusLayout(
    "list without a header",
    example: "list.csv, .tsv or .txt with lines a.wav,the words or a.wav|the words or a the words",
    .list(
      ListFormat(
        fits: { endings.contains($0.ending) && $0.folders.count < 2 && !Folder.isNotice($0) },
        place: .folders, read: lines)))

  private static let endings: Set<String> = ["csv", "tsv", "psv", "txt", "list", "lst", "scp", ""]

  /// How many lines are looked at to see whether they are those of a list.
  private static let sampleCount = 200

  /// The clips of a list; nil unless half of its first lines name a sound that is there.
  private static func lines(of file: ListFile, _ finder: inout SoundFinder) -> [ListedLine]? {
    let text = DelimitedTable.withoutHint(file.content.text)
    let first = text.split(whereSeparator: \.isNewline).first { !$0.trimmed.isEmpty } ?? ""
    // A text may hold what parts the fields elsewhere.
    for separator in ["|", "\t", ",", ";"] as [Character] where first.contains(separator) {
      let table = DelimitedTable(ofClips: text, separators: [separator])
      guard (try? table.rows.first?.fields.get()).flatMap(TableColumns.init) == nil else {
        return nil
      }
      if let lines = lines(of: table, in: file, &finder) { return lines }
    }
    let words = finder.withoutHeader(
      file.content.lines.map { line in
        let (sound, text) = line.text.splitAtFirstSpace
        return (line.number, Result<_, LineFault>.success([String(sound), String(text)]))
      }, listedIn: file.folder)
    let sample = Array(words.prefix(sampleCount))
    let hits = names(of: sample, column: 0, in: file, &finder)
    // A list of names alone says which clips are meant for something, not what is said in them.
    let hasTexts = words.contains { (try? $0.1.get()[1].isEmpty) == false }
    guard hits > 0, hits * 2 >= sample.count, hasTexts else { return nil }
    return words.map { line, fields in (line, fields.map { clip(sound: $0[0], text: $0[1]) }) }
  }

  private static func lines(
    of table: DelimitedTable, in file: ListFile, _ finder: inout SoundFinder
  ) -> [ListedLine]? {
    let rows = table.rows
    let sample = Array(rows.prefix(sampleCount))
    let counts = sample.compactMap { try? $0.fields.get().count }.sorted()
    let width = counts.isEmpty ? 0 : counts[(counts.count - 1) / 2]
    guard (2...16).contains(width) else { return nil }
    let hits = (0..<width).map { names(of: sample, column: $0, in: file, &finder) }
    guard let best = hits.max(), best > 0, best * 2 >= sample.count,
      let sound = hits.firstIndex(of: best),
      let text = textColumn(
        of: sample, width: width, beside: sound, isLast: table.separator == UInt8(ascii: "|"))
    else { return nil }
    return finder.withoutHeader(rows, column: sound, listedIn: file.folder).map { row in
      let clip = row.fields.flatMap { fields in
        Result { () throws(LineFault) in
          // The separator may stand in a text that ends the line.
          let isLonger = fields.count > width && text == width - 1
          guard fields.count == width || isLonger else {
            throw .fieldCount(found: fields.count, expected: width)
          }
          let parts = isLonger ? fields[text...] : fields[text...text]
          let separator = String(decoding: [table.separator], as: UTF8.self)
          return self.clip(sound: fields[sound], text: parts.joined(separator: separator))
        }
      }
      return (row.line, clip)
    }
  }

  private static func clip(sound: String, text: String) -> ListedClip {
    var clip = ListedClip(sound: sound.trimmed)
    clip.text = text
    return clip
  }

  /// How many rows name a sound in a column.
  private static func names(
    of rows: [DelimitedTable.Row], column: Int, in file: ListFile, _ finder: inout SoundFinder
  ) -> Int {
    var count = 0
    for row in rows {
      guard let fields = try? row.fields.get(), fields.indices.contains(column) else { continue }
      let name = fields[column].trimmed
      guard !name.isEmpty, let path = finder.found(name, listedIn: file.folder) else { continue }
      count += Folder.File(path: path).isAudio ? 1 : 0
    }
    return count
  }

  /// The column of texts: of those besides the sound's that hold more than numbers the only one, or
  /// the only one with several words, or with bars the last, as in LJ Speech; nil where that does not
  /// tell.
  private static func textColumn(
    of rows: [DelimitedTable.Row], width: Int, beside sound: Int, isLast: Bool
  ) -> Int? {
    guard width > 2 else { return 1 - sound }
    func columns(where holds: (String) -> Bool) -> [Int] {
      (0..<width).filter { column in
        column != sound
          && rows.contains { row in
            let fields = (try? row.fields.get()) ?? []
            return fields.indices.contains(column) && holds(fields[column].trimmed)
          }
      }
    }
    let texts = columns { !$0.isEmpty && Double($0) == nil }
    let phrases = columns { $0.contains(" ") }
    if texts.count == 1 { return texts[0] }
    return phrases.count == 1 ? phrases[0] : isLast ? texts.last : nil
  }
}
