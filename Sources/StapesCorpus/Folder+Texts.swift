internal import StapesText

extension Folder {
  /// Sound files with a text file of the same name beside each; nil unless at least half have one.
  ///
  /// Where the sound lies in two top folders or more, those name the speakers, unless they are the
  /// parts of an archive, such as `train` and `test`.
  func sidecarTextReading() throws(CorpusError) -> Reading? {
    let texts = NameTable(
      files.filter { $0.ending == "txt" }.map { ($0.stem, $0) }, askedFor: audio.map(\.stem))
    guard !audio.isEmpty, audio.count(where: { texts[$0.stem] != nil }) * 2 >= audio.count else {
      return nil
    }
    var reading = Reading(layout: .sidecarText)
    let hasSpeakers = topFoldersAreSpeakers
    for file in audio {
      guard let text = texts[file.stem] else {
        reading.leaveOut(pathOfFile(file.path), .missingText)
        continue
      }
      do throws(CorpusError) {
        let content = try reading.readText(at: pathOfFile(text.path))
        reading.add(
          .init(
            identifier: file.stem, path: pathOfFile(file.path), text: content.text,
            speaker: hasSpeakers ? file.folders.first.map(String.init) : nil))
      } catch {
        let path = pathOfFile(text.path)
        reading.leaveOut(path, error == .notUnicode(path: path) ? .textNotUnicode : .unreadableText)
      }
    }
    let taken = Set(audio.compactMap { texts[$0.stem]?.path.byteName })
    for file in files
    where file.ending == "txt" && !taken.contains(file.path.byteName) && !isNotice(file) {
      reading.leaveOut(pathOfFile(file.path), .missingAudio)
    }
    return reading
  }

  private var topFoldersAreSpeakers: Bool {
    let folders = Set(audio.map { $0.folders.first?.lowercased() })
    return folders.count > 1 && !folders.contains(nil)
      && !folders.allSatisfy { partNames.contains($0 ?? "") }
  }

  /// Whether a file is about the whole folder, such as `LICENSE.txt`.
  private func isNotice(_ file: File) -> Bool {
    let name = file.name.lowercased()
    return ["readme", "license", "licence", "copying", "notice", "authors", "credits"].contains {
      name.hasPrefix($0)
    }
  }

  /// A tree of LibriSpeech: each folder with sound holds a file `….trans.txt` whose lines are a
  /// clip's name and its text; nil when there is none, or when they lie deeper than speaker and
  /// chapter, as in the parent of several parts.
  func libriSpeechReading() throws(CorpusError) -> Reading? {
    let transcripts = files.filter { $0.path.hasSuffix(".trans.txt") }
    guard !transcripts.isEmpty, transcripts.allSatisfy({ $0.folders.count <= 2 }) else {
      return nil
    }
    var reading = Reading(layout: .libriSpeech)
    var told: Set<ByteName> = []
    for transcript in transcripts {
      let lines = try reading.readText(at: pathOfFile(transcript.path)).lines.map(\.text)
      let names = lines.map { transcript.folder + $0.splitAtFirstSpace.0 }
      let soundOfStem = NameTable(audio.map { ($0.stem, $0) }, askedFor: names)
      for (line, stem) in zip(lines, names) {
        let (name, text) = line.splitAtFirstSpace
        guard let file = soundOfStem[stem] else {
          reading.leaveOut(pathOfFile(stem), .missingAudio)
          continue
        }
        told.insert(file.stem.byteName)
        let speaker = name.prefix { $0 != "-" }
        reading.add(
          .init(
            identifier: String(name), path: pathOfFile(file.path), text: String(text),
            speaker: speaker == name ? nil : String(speaker)))
      }
    }
    for file in audio where !told.contains(file.stem.byteName) {
      reading.leaveOut(pathOfFile(file.path), .missingText)
    }
    return reading
  }

  /// The layout of LJ Speech: `metadata.csv` with lines `id|raw text|normalised text`, the last
  /// being left out at times, and sound in `wavs`; nil without such a file.
  func ljSpeechReading() throws(CorpusError) -> Reading? {
    guard let metadata = file(named: "metadata.csv"),
      try TextFile(firstLineOf: pathOfFile(metadata.path)).text.contains("|")
    else { return nil }
    var reading = Reading(layout: .ljSpeech)
    var told: Set<ByteName> = []
    let lines = try reading.readText(at: pathOfFile(metadata.path)).lines.map { line in
      (line.number, line.text.split(separator: "|", omittingEmptySubsequences: false))
    }
    let soundOfStem = NameTable(
      audio.map { ($0.stem, $0) }, askedFor: lines.map { "wavs/" + $0.1[0].trimmed })
    for (number, fields) in lines {
      guard (2...3).contains(fields.count) else {
        reading.leaveOut(pathOfFile(metadata.path), .malformedLine(number: number))
        continue
      }
      let stem = "wavs/" + fields[0].trimmed
      guard let file = soundOfStem[stem] else {
        reading.leaveOut(pathOfFile(stem), .missingAudio)
        continue
      }
      told.insert(file.stem.byteName)
      let text = fields.dropFirst().last { !$0.trimmed.isEmpty } ?? ""
      reading.add(
        .init(
          identifier: file.name, path: pathOfFile(file.path), text: String(text)))
    }
    for file in audio where !told.contains(file.stem.byteName) {
      reading.leaveOut(pathOfFile(file.path), .missingText)
    }
    return reading
  }
}

/// Names that archives give their parts, so that they are neither labels nor speakers.
let partNames: Set<String> = [
  "audio", "clips", "data", "dev", "eval", "recordings", "sounds", "test", "train", "training",
  "val", "valid", "validation", "wav", "wavs",
]

extension Substring {
  /// The text before the first white space, and what follows that white space.
  var splitAtFirstSpace: (Substring, Substring) {
    let start = drop(while: \.isWhitespace)
    let name = start.prefix { !$0.isWhitespace }
    return (name, start[name.endIndex...].drop(while: \.isWhitespace))
  }
}
