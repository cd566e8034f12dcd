internal import StapesScanning
internal import StapesText

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
