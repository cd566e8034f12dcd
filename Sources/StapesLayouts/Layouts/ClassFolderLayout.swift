extension CorpusLayout {
  /// A folder for each label, with the sound files in it: `yes/clip.wav`.
  public static let classFolders = CorpusLayout(
    "class folders",
    example: "yes/a.wav, no/b.wav: the folder's name is the label",
    .guess { $0.classFolderReading() })
}

extension Folder {
  /// Sound files in folders that are their labels; nil unless all lie just one folder deep, in two
  /// folders or more whose names are not those of an archive's parts.
  ///
  /// A folder whose name begins with `_`, as Google's Speech Commands keep their noise in, is none.
  fileprivate func classFolderReading() -> Reading? {
    let labels = Set(audio.map(\.folder)).filter { !$0.hasPrefix("_") }
    guard labels.count > 1, audio.allSatisfy({ $0.folders.count == 1 }),
      !labels.allSatisfy({ partNames.contains($0.dropLast().lowercased()) })
    else { return nil }
    var reading = Reading(layout: .classFolders)
    for file in audio {
      guard !file.path.hasPrefix("_") else {
        reading.skip(pathOfFile(file.path), .missingText)
        continue
      }
      reading.add(
        .init(
          identifier: file.stem, path: pathOfFile(file.path),
          text: String(file.folder.dropLast().replacing("_", with: " ")),
          speaker: speechCommandsSpeaker(ofName: file.name)))
    }
    return reading
  }

  /// The speaker in a name such as `0132a06d_nohash_2`, the form in Google's Speech Commands.
  private func speechCommandsSpeaker(ofName name: String) -> String? {
    let parts = name.split(separator: "_")
    guard parts.count == 3, parts[1] == "nohash", parts[0].allSatisfy(\.isHexDigit) else {
      return nil
    }
    return String(parts[0])
  }
}
