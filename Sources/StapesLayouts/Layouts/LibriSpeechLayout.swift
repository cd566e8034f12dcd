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
