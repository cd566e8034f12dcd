internal import StapesAudio
internal import StapesFiles
internal import StapesScanning
internal import StapesText

extension Folder {
  /// The clips of sound files that labels go with; nil unless at least half have some.
  ///
  /// Fewer may be enough where all sound lies in one folder, so that nothing else could tell what is
  /// said in it.
  func labelReading(_ layouts: [CorpusLayout]) throws(LayoutError) -> Reading? {
    let formats = layouts.compactMap { layout -> (CorpusLayout, LabelFormat)? in
      guard case .labels(let format) = layout.reader else { return nil }
      return (layout, format)
    }
    let endings = formats.flatMap { Array($0.1.endings) }
    let pairs = LabelPairs(of: self, endings: Set(endings))
    let isFlat = Set(audio.map(\.folder)).count == 1
    guard pairs.count > 0, pairs.count * 2 >= audio.count || isFlat, !isNamed(beside: pairs) else {
      return nil
    }
    return LabelReader(folder: self, formats: formats, pairs: pairs).reading()
  }

  /// Whether the names of the files are labels as well, which only some texts disagree with.
  private func isNamed(beside pairs: LabelPairs) -> Bool {
    guard pairs.count * 2 < audio.count, case .guess(let read) = CorpusLayout.nameEncoded.reader
    else { return false }
    return read(self) != nil
  }

  /// Whether a file is about the whole folder, such as `LICENSE.txt`.
  static func isNotice(_ file: File) -> Bool {
    let name = file.name.lowercased()
    return ["readme", "license", "licence", "copying", "notice", "authors", "credits", "changelog"]
      .contains { name.hasPrefix($0) }
  }

  /// The speakers of the sound files by their folders: the outermost in which they differ, unless
  /// these are the parts of an archive, such as `train` and `test`.
  var speakerOfFile: (File) -> String? {
    for depth in 0..<(audio.map(\.folders.count).min() ?? 0) {
      let names = Set(audio.map { $0.folders[depth].lowercased() })
      let areParts = names.allSatisfy { partNames.contains($0) || $0.isDialectRegion }
      if names.count > 1, !areParts { return { String($0.folders[depth]) } }
    }
    return { _ in nil }
  }
}

extension String {
  /// Whether it is the name of a folder in TIMIT that holds speakers, `dr1` to `dr8`.
  fileprivate var isDialectRegion: Bool { count == 3 && hasPrefix("dr") && last?.isNumber == true }
}

/// Reads the labels that go with sound files.
private struct LabelReader {
  let folder: Folder
  let formats: [(layout: CorpusLayout, format: LabelFormat)]
  let pairs: LabelPairs

  /// The content of each file of labels, or why it has none.
  private typealias Contents = [ByteName: Result<TextFile, LayoutError>]

  func reading() -> Reading {
    let contents = contents()
    let usable = formats.filter { isUsable($0.format, contents) }
    var counts: [String: Int] = [:]
    var clips: [(Folder.File, Folder.File, Labels?)] = []
    var contested: Set<ByteName> = []
    for file in folder.audio {
      let labelFiles = pairs.files(for: file)
      guard let labelFile = best(of: labelFiles) else { continue }
      func labels(in file: Folder.File) -> (layout: CorpusLayout, labels: Labels)? {
        guard let text = try? contents[file.path.byteName]?.get() else { return nil }
        for (layout, format) in usable where format.endings.contains(file.ending) {
          if let labels = format.read(text) { return (layout, labels) }
        }
        return nil
      }
      let fitting = labels(in: labelFile)
      if let layout = fitting?.layout { counts[layout.name, default: 0] += 1 }
      clips.append((file, labelFile, fitting?.labels))
      // What another file says of the whole sound must be the same.
      for other in labelFiles where other.path.byteName != labelFile.path.byteName {
        guard let said = fitting?.labels.wholeText, let found = labels(in: other)?.labels,
          let text = found.wholeText, text != said
        else { continue }
        contested.insert(file.path.byteName)
        clips.append((file, other, found))
      }
    }
    let most = counts.values.max()
    let layout =
      most.flatMap { most in usable.first { counts[$0.layout.name] == most } }?.layout
      ?? clips.first.flatMap { self.layout(of: $0.1) }
    var reading = Reading(layout: layout ?? .sidecarText)
    let speakerOfFile = folder.speakerOfFile
    var counted: Set<ByteName> = []
    for (file, labelFile, labels) in clips {
      let path = folder.pathOfFile(labelFile.path)
      switch contents[labelFile.path.byteName] {
      case .success(let text)?:
        if counted.insert(labelFile.path.byteName).inserted { reading.count(text) }
        guard let labels else {
          let name = self.layout(of: labelFile)?.name ?? "labels"
          let form = LineFault.form(expected: "in the form of \(name)")
          reading.skip(path, .malformedLine(number: 1, fault: form))
          continue
        }
        reading.add(
          labels, from: path, of: folder.pathOfFile(file.path), named: file.stem,
          speaker: speakerOfFile(file), isContested: contested.contains(file.path.byteName),
          in: folder)
      case .failure(.notUnicode)?: reading.skip(path, .textNotUnicode)
      default: reading.skip(path, .unreadableText)
      }
    }
    leaveOutTheRest(of: &reading)
    return reading
  }

  /// The most general form of files that end like one.
  private func layout(of file: Folder.File) -> CorpusLayout? {
    formats.last { $0.format.endings.contains(file.ending) }?.layout
  }

  private func contents() -> Contents {
    let files = folder.audio.flatMap(pairs.files)
    var contents: Contents = [:]
    for path in files.map(\.path) where contents[path.byteName] == nil {
      contents[path.byteName] = Result { () throws(LayoutError) in
        try TextFile(path: folder.pathOfFile(path), memory: folder.memory)
      }
    }
    return contents
  }

  /// Whether a form is that of labels here: some could be mistaken in a single file.
  private func isUsable(_ format: LabelFormat, _ contents: Contents) -> Bool {
    guard format.mustFitAll else { return true }
    return contents.allSatisfy { path, content in
      let file = Folder.File(path: path.string)
      guard format.endings.contains(file.ending), let text = try? content.get(),
        !text.lines.isEmpty
      else { return true }
      return format.read(text) != nil
    }
  }

  /// The file whose form comes first.
  private func best(of files: [Folder.File]) -> Folder.File? {
    formats.lazy.compactMap { _, format in
      files.first { format.endings.contains($0.ending) }
    }.first
  }

  /// Leaves out sound without labels, and labels without sound.
  private func leaveOutTheRest(of reading: inout Reading) {
    for file in folder.audio where pairs.files(for: file).isEmpty {
      reading.skip(folder.pathOfFile(file.path), .missingText)
    }
    for file in pairs.lone {
      reading.skip(folder.pathOfFile(file.path), .missingAudio)
    }
  }
}

extension Reading {
  /// Takes up the clips that labels cut a sound into, or the whole of it.
  fileprivate mutating func add(
    _ labels: Labels, from labelPath: String, of path: String, named stem: String, speaker: String?,
    isContested: Bool, in folder: Folder
  ) {
    for (line, fault) in labels.faults {
      skip(labelPath, .malformedLine(number: line, fault: fault))
    }
    var segments = labels.segments
    if labels.unit == .samples { segments = Self.inSeconds(segments, ofSoundAt: path, in: folder) }
    segments = labels.areWords ? LabelSegment.utterances(of: segments) : segments
    if segments.isEmpty, labels.faults.isEmpty { skip(path, .emptyText) }
    for segment in segments {
      var draft = Draft(
        identifier: stem, path: path, text: segment.text, speaker: segment.speaker ?? speaker)
      if isContested { draft.line = .init(path: labelPath, number: 1) }
      if let start = segment.start, let end = segment.end {
        (draft.offset, draft.duration) = (start, end - start)
        if segments.count > 1 { draft.identifier = "\(stem)@\(start)-\(end)" }
      }
      add(draft)
    }
  }

  /// Segments whose times count samples; of a sound that cannot be read, the whole, so that this is
  /// what is told.
  private static func inSeconds(
    _ segments: [LabelSegment], ofSoundAt path: String, in folder: Folder
  ) -> [LabelSegment] {
    let rate =
      folder.memory == nil
      ? (try? AudioProperties.sampleRate(ofFileAt: path, options: folder.options)).map(Double.init)
      : Folder.memoryRate
    return segments.map { segment in
      var segment = segment
      segment.start = rate.flatMap { rate in segment.start.map { $0 / rate } }
      segment.end = rate.flatMap { rate in segment.end.map { $0 / rate } }
      return segment
    }
  }
}
