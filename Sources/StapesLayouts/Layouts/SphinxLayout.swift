internal import StapesFiles
internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// The files of CMU Sphinx: texts in a `.transcription`, the paths of the sounds in a `.fileids`.
  public static let sphinx = CorpusLayout(
    "Sphinx transcription",
    example: "etc/train.transcription with lines <s> the words </s> (a), etc/train.fileids with "
      + "lines anna/a, and wav/anna/a.wav",
    .list(
      ListFormat(fits: { $0.ending == "transcription" }, place: .folders) { file, finder in
        guard file.path.hasSuffix(".transcription") else { return nil }
        let pathOfName = paths(of: file)
        return file.content.lines.map { line in
          (line.number, clip(of: line.text, pathOfName, in: file.folder, &finder))
        }
      }))

  /// The paths that `.fileids` beside the list gives, by their last parts.
  private static func paths(of file: ListFile) -> [ByteName: String] {
    let list = String(file.path.dropLast("transcription".count)) + "fileids"
    let lines = (try? TextFile(path: list, memory: file.memory))?.lines ?? []
    let paths = lines.map { $0.text.trimmed }
    return Dictionary(paths.map { (($0.split(separator: "/").last ?? "").byteName, $0) }) {
      first, _ in
      first
    }
  }

  private static func clip(
    of line: Substring, _ pathOfName: [ByteName: String], in folder: String,
    _ finder: inout SoundFinder
  ) -> Result<ListedClip, LineFault> {
    let line = line.trimmed
    guard line.hasSuffix(")"), let open = line.lastIndex(of: "(") else {
      return .failure(.form(expected: "<s> the words </s> (name)"))
    }
    let name = line[line.index(after: open)...].dropLast().trimmed
    let last = String(name.split(separator: "/").last ?? "")
    let written = pathOfName[last.byteName] ?? name
    let above = folder.folderPath
    var clip = ListedClip(sound: written)
    clip.path =
      finder.found(written, listedIn: folder) ?? finder.found(written, listedIn: above)
      ?? above.appendingPath("wav/" + written)
    clip.name = written
    var words = line[..<open].split(whereSeparator: \.isWhitespace)
    if words.first == "<s>" { words.removeFirst() }
    if words.last == "</s>" { words.removeLast() }
    clip.text = words.joined(separator: " ")
    return .success(clip)
  }
}
