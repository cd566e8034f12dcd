extension Corpus {
  /// Reads labelled clips from folders and manifests, each in whichever layout it lies.
  ///
  /// The sound files are opened to learn how long they are, not decoded. What cannot be used is in
  /// `leftOut`; a clip that an earlier path gave is left out of the later one, and one that is there
  /// with different texts is left out wherever it is.
  ///
  /// - Parameters:
  ///   - paths: folders or manifest files, at least one.
  ///   - allowsOutside: whether a manifest may name sound outside its own folder.
  /// - Throws: `CorpusError` when nothing can be read from one of the paths, `.outside` where a
  ///   manifest names sound that it may not.
  public init(readingFrom paths: [String], allowsOutside: Bool = false) throws(CorpusError) {
    guard !paths.isEmpty else { throw .noPath }
    var readings: [Reading] = []
    for path in paths {
      let reading = try Reading(of: path)
      if !allowsOutside { try reading.checkPlaces(of: path) }
      readings.append(reading)
    }
    var (clips, sources, leftOut) = ([LabelledClip](), [Source](), [LeftOut]())
    for (index, (usable, unusable)) in ClipProbe.clips(of: readings).enumerated() {
      let (path, reading) = (paths[index], readings[index])
      guard !usable.isEmpty else {
        throw .noUsableClip(path: path, layout: reading.layout, leftOut: unusable)
      }
      sources.append(Source(path, reading, usable: usable, leftOutCount: unusable.count))
      clips += usable
      leftOut += unusable
    }
    self.init(clips: clips, sources: sources, leftOut: leftOut)
  }
}

extension Corpus.Source {
  fileprivate init(
    _ path: String, _ reading: Reading, usable: [LabelledClip], leftOutCount: Int
  ) {
    self.init(
      path: path, layout: reading.layout, clipCount: usable.count,
      seconds: usable.reduce(0) { $0 + $1.duration },
      speakerCount: Set(usable.compactMap(\.speaker)).count,
      textCount: Set(usable.map(\.text)).count, leftOutCount: leftOutCount,
      byteOrderMarkCount: reading.byteOrderMarkCount,
      carriageReturnCount: reading.carriageReturnCount)
  }
}

extension Reading {
  /// Reads what a folder or manifest says about its clips, in whichever layout it lies.
  init(of path: String) throws(CorpusError) {
    guard isFolder(path) else {
      self = try Reading(ofFile: path)
      return
    }
    let folder = try Folder(path: path)
    if let reading = try folder.reading() {
      self = reading
      return
    }
    let parts = folder.parts
    guard parts.isEmpty else { throw .severalParts(path: path, parts: parts) }
    throw .unrecognizedFolder(path: path, found: folder.inventory)
  }

  private init(ofFile path: String) throws(CorpusError) {
    let manifest = Manifest(path: path)
    if !Folder.File(path: path).isAudio {
      if let reading = try manifest.reading() {
        self = reading
        return
      }
      if path.split(separator: "/").last == "metadata.csv",
        let reading = try Folder(path: manifest.folder).ljSpeechReading()
      {
        self = reading
        return
      }
    }
    throw .unrecognizedFile(path: path)
  }
}

extension Folder {
  /// The clips in the first layout that fits, those with marks of their own being tried first; nil
  /// when none does.
  func reading() throws(CorpusError) -> Reading? {
    if let reading = try kaldiReading() { return reading }
    if let reading = try ljSpeechReading() { return reading }
    if let reading = try libriSpeechReading() { return reading }
    if let reading = try manifestReading() { return reading }
    if let reading = try sidecarTextReading() { return reading }
    return nameEncodedReading() ?? classFolderReading()
  }

  /// The folders directly in this one that fit a layout each.
  var parts: [CorpusError.Part] {
    let names = Set(files.compactMap(\.folders.first)).map(String.init)
    return names.sorted { $0.bytesPrecede($1) }.compactMap { name in
      let reading = try? part(named: name).reading()
      return reading.map { CorpusError.Part(name: name, layout: $0.layout) }
    }
  }

  /// What is there, for someone who expected clips.
  var inventory: FolderInventory {
    let others = files.filter { !$0.isAudio }
    return FolderInventory(
      audioCount: audio.count, otherCount: others.count,
      audioFolderCount: Set(audio.map(\.folder)).count,
      examples: (audio + others).prefix(3).map(\.path))
  }
}

extension String {
  /// Whether this text comes before the other by their bytes, which is the same everywhere.
  func bytesPrecede(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
