internal import StapesFiles
internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// Folders by speaker and chapter, with the chapter's texts in one file.
  public static let libriSpeech = CorpusLayout(
    "LibriSpeech tree",
    example: "84/121123/84-121123-0000.flac with 84/121123/84-121123.trans.txt, whose lines are "
      + "84-121123-0000 GO DO YOU HEAR",
    .list(
      // Deeper than speaker and chapter they lie in the parent of several parts.
      ListFormat(
        fits: { $0.path.hasSuffix(".trans.txt") && $0.folders.count <= 2 }, place: .anywhere
      ) { file, _ in
        guard file.name.hasSuffix(".trans.txt") else { return nil }
        return file.content.lines.map { line in
          let (name, text) = line.text.splitAtFirstSpace
          let speaker = name.prefix { $0 != "-" }
          var clip = ListedClip(sound: String(name))
          clip.name = clip.sound
          clip.text = String(text)
          clip.speaker = speaker == name ? nil : String(speaker)
          return (line.number, .success(clip))
        }
      }))
}

extension CorpusLayout {
  /// Folders as VoxForge has them: texts in `etc/PROMPTS`, sound in `wav` or `flac` beside `etc`.
  public static let voxForge = CorpusLayout(
    "VoxForge tree",
    example: "anna-20100101-abc/etc/PROMPTS with lines anna-20100101-abc/mfc/a0001 THE WORDS, "
      + "anna-20100101-abc/wav/a0001.wav",
    .list(
      ListFormat(fits: { $0.folder.hasSuffix("etc/") && isPrompts($0.name) }, place: .folders) {
        file, finder in
        guard isPrompts(String(file.name)) else { return nil }
        let recording = file.folder.folderPath
        let speaker = speaker(ofFolder: recording)
        return file.content.lines.map { line in
          let (written, text) = line.text.splitAtFirstSpace
          let name = String(written.split(separator: "/").last ?? written)
          var clip = ListedClip(sound: String(written))
          clip.path =
            finder.found(name, listedIn: recording) ?? recording.appendingPath("wav/" + name)
          clip.name = clip.sound
          clip.text = String(text)
          clip.speaker = speaker
          return (line.number, .success(clip))
        }
      }))

  private static func isPrompts(_ name: String) -> Bool { name.lowercased() == "prompts" }

  /// The speaker in a name such as `anna-20100101-abc`; those who give none are not one person.
  private static func speaker(ofFolder path: String) -> String? {
    guard let name = path.split(separator: "/").last, name != "." else { return nil }
    let parts = name.split(separator: "-")
    let date = parts.firstIndex { $0.count == 8 && $0.allSatisfy(\.isNumber) }
    guard let date, date > 0, !name.lowercased().hasPrefix("anonymous") else { return String(name) }
    return parts[..<date].joined(separator: "-")
  }
}
