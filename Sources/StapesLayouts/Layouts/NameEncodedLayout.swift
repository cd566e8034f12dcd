internal import StapesFiles
internal import StapesText

extension CorpusLayout {
  /// Sound files whose names tell label, speaker and number: `7_jackson_32.wav`.
  public static let nameEncoded = CorpusLayout(
    "name-encoded files",
    example: "7_jackson_32.wav: the label 7, spoken by jackson, clip 32",
    .guess { $0.nameEncodedReading() })
}

extension Folder {
  /// Sound files whose names tell label, speaker and number, parted by underscores, such as
  /// `7_jackson_32.wav`; nil unless all sound files are.
  ///
  /// The last part is a number and the one before it, which holds a letter, the speaker; what is
  /// left is the label. One label for all is taken for a label only if it is a number: `take_anna_1`
  /// and `take_anna_2` tell nothing about what is said. In several folders there must be several
  /// speakers, too, and labels that come again, or it is rather the folders that are labels.
  fileprivate func nameEncodedReading() -> Reading? {
    var reading = Reading(layout: .nameEncoded)
    for file in audio {
      guard let parts = EncodedName(file.name) else { return nil }
      reading.add(
        .init(
          identifier: file.stem, path: pathOfFile(file.path), text: parts.label,
          speaker: parts.speaker))
    }
    let labels = Set(reading.drafts.map(\.text))
    let speakers = Set(reading.drafts.map(\.speaker))
    guard labels.count > 1 || labels.allSatisfy({ Int($0) != nil }) else { return nil }
    let isFlat = Set(audio.map(\.folder.byteName)).count == 1
    guard isFlat || speakers.count > 1 && labels.count * 2 <= audio.count else { return nil }
    return reading.drafts.isEmpty ? nil : reading
  }
}

/// A name of the form LABEL_SPEAKER_NUMBER, such as `turn_on_anna_12`.
private struct EncodedName {
  let label: String
  let speaker: String

  init?(_ name: String) {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count >= 3, !parts.contains(""), parts[parts.count - 1].allSatisfy(\.isWholeNumber),
      parts[parts.count - 2].contains(where: \.isLetter)
    else { return nil }
    label = parts.dropLast(2).joined(separator: " ")
    speaker = String(parts[parts.count - 2])
  }
}
