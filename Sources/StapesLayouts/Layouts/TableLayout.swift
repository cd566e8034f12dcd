internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// A table with a header that names a column of sound files and one of texts.
  public static let table = CorpusLayout(
    "table with a header",
    example: "clips.csv: a line file,text or wav_filename,wav_filesize,transcript, then a clip a "
      + "line",
    .list(
      ListFormat(fits: { tableEndings.contains($0.ending) }) { file, finder in
        lines(of: file, &finder) { !$0.isCommonVoice }
      }))

  /// A table of Common Voice: tabs between the columns `path`, `sentence` and others.
  public static let commonVoice = CorpusLayout(
    "Common Voice table",
    example: "train.tsv with the columns client_id, path and sentence, the sound in clips/",
    .list(
      // The folder of clips serves several tables.
      ListFormat(fits: { tableEndings.contains($0.ending) }, isPartial: true) { file, finder in
        lines(of: file, &finder) { $0.isCommonVoice }
      }))

  private static let tableEndings: Set<String> = ["csv", "tsv"]

  /// The clips of a table, a row each; nil where its first row is no header of this kind.
  private static func lines(
    of file: ListFile, _ finder: inout SoundFinder, where isMeant: (TableColumns) -> Bool
  ) -> [ListedLine]? {
    let text = DelimitedTable.withoutHint(file.content.text)
    let firstLine = text.split(whereSeparator: \.isNewline).first { !$0.trimmed.isEmpty } ?? ""
    let header = try? DelimitedTable(ofClips: String(firstLine)).rows.first?.fields.get()
    guard let header, let columns = TableColumns(header: header), isMeant(columns) else {
      return nil
    }
    let rows = DelimitedTable(ofClips: text).rows.dropFirst()
    if let column = columns.identifier {
      let isOfSounds = rows.contains { row in
        guard let fields = try? row.fields.get(), fields.indices.contains(column) else {
          return false
        }
        return finder.found(fields[column].trimmed, listedIn: file.folder) != nil
      }
      guard isOfSounds else { return nil }
    }
    return rows.map { row in
      let clip = row.fields.flatMap { fields in
        Result { () throws(LineFault) in
          // Spreadsheets leave empty fields behind.
          let extra = fields.dropFirst(header.count)
          guard fields.count >= header.count, extra.allSatisfy(\.isEmpty) else {
            throw .fieldCount(found: fields.count, expected: header.count)
          }
          return try ListedClip { columns.column[$0].map { fields[$0] } }
        }
      }
      return (row.line, clip)
    }
  }
}

/// Which columns of a table hold what.
struct TableColumns {
  private(set) var column: [ListedClip.Field: Int] = [:]
  /// Whether the columns are called as in Common Voice.
  let isCommonVoice: Bool
  /// The column of the sound where its name does not say that it is; nil where it does.
  private(set) var identifier: Int?

  /// Finds the columns; nil unless there is one for the sound and one for the text.
  init?(header: [String]) {
    let names = header.map { $0.trimmed.lowercased() }
    for field in ListedClip.Field.allCases {
      column[field] = field.names.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    if column[.sound] == nil {
      let known = ListedClip.identifierNames.lazy.compactMap { names.firstIndex(of: $0) }.first
      (identifier, column[.sound]) = (known, known)
      column[.text] =
        ListedClip.Field.text.names.lazy.compactMap { name in
          names.indices.first { names[$0] == name && $0 != known }
        }.first
    }
    guard let sound = column[.sound], let text = column[.text] else { return nil }
    isCommonVoice = names[sound] == "path" && names[text] == "sentence"
    // Without an offset this tells of the whole file, in whatever unit.
    if column[.offset] == nil { column[.duration] = nil }
  }
}

extension DelimitedTable {
  /// Reads a table of clips, in which the name of a sound file shows that a line is a row.
  init(ofClips text: String, separators: [Character] = ["\t", ",", ";", "|"]) {
    self.init(text, separators: separators) { Folder.File(path: $0).isAudio }
  }
}

extension CorpusLayout {
  /// `metadata.csv` with the fields `id|raw text|normalised text`, and the sound in `wavs`; the last
  /// field is left out at times, and ids come with a folder or an ending.
  public static let ljSpeech = CorpusLayout(
    "LJSpeech metadata.csv",
    example: "metadata.csv with lines LJ001-0001|text|normalised text, wavs/LJ001-0001.wav",
    .list(
      ListFormat(fits: { $0.path == "metadata.csv" }) { file, finder in
        let first = file.content.lines.first?.text
        guard file.name == "metadata.csv", let first, first.contains("|") else { return nil }
        let rows = DelimitedTable(ofClips: file.content.text, separators: ["|"]).rows
        return finder.withoutHeader(rows, listedIn: file.folder).map { row in
          (row.line, row.fields.flatMap { fields in clip(of: fields) })
        }
      }))

  private static func clip(of fields: [String]) -> Result<ListedClip, LineFault> {
    Result { () throws(LineFault) in
      guard (2...3).contains(fields.count) else {
        throw .fieldCount(found: fields.count, expected: 3)
      }
      // Ids are names of files in the folder, and lead nowhere else.
      let id = fields[0].trimmed
      guard !id.isEmpty, !id.hasPrefix("/"), !id.split(separator: "/").contains("..") else {
        throw .missing("sound file of this folder")
      }
      let file = Folder.File(path: id)
      var clip = ListedClip(sound: id)
      clip.name = file.isAudio ? file.name : String(id.dropFirst(file.folder.count))
      clip.text = fields.dropFirst().last { !$0.trimmed.isEmpty } ?? ""
      return clip
    }
  }
}
