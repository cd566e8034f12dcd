public import StapesAudio
internal import StapesFiles
public import StapesLayouts
internal import StapesText

extension Corpus {
  /// Reads labelled clips from folders and manifests, each in whichever layout it lies.
  ///
  /// The sound files are opened to learn how long they are, not decoded. What cannot be used is in
  /// `skipped`; a clip that an earlier path gave is skipped in the later one, and one that is there
  /// with different texts is skipped wherever it is.
  ///
  /// - Parameters:
  ///   - paths: folders or manifest files, at least one.
  ///   - allowsOutside: whether a manifest may name sound outside its own folder.
  ///   - audio: how the sound files are read.
  /// - Throws: `LayoutError` when nothing can be read from one of the paths, `.outside` where a
  ///   manifest names sound that it may not.
  public init(
    readingFrom paths: [String], allowsOutside: Bool = false, audio: AudioOptions = AudioOptions()
  ) throws(LayoutError) {
    guard !paths.isEmpty else { throw .noPath }
    var readings: [Reading] = []
    for path in paths {
      let reading = try Reading(of: path, audio)
      if !allowsOutside { try reading.checkPlaces(of: path) }
      readings.append(reading)
    }
    try self.init(readings, of: paths, audio, memory: nil)
  }

  /// Reads labelled clips from files in memory, as from a folder `/memory` that holds nothing else:
  /// a million of them in minutes, where readers are tried with bytes of all kinds.
  ///
  /// - Parameter files: what the files hold, by their paths below the folder; those of sound are
  ///   not looked into, and last a second.
  /// - Throws: `LayoutError` when nothing can be read from them.
  package init(readingFrom files: [String: [UInt8]]) throws(LayoutError) {
    let path = "/memory"
    let memory = Dictionary(files.map { (path.appendingPath($0).byteName, $1) }) { $1 }
    let reading = try Reading(of: Folder(path: path, memory: memory))
    try self.init([reading], of: [path], AudioOptions(), memory: memory)
  }

  private init(
    _ readings: [Reading], of paths: [String], _ audio: AudioOptions,
    memory: [ByteName: [UInt8]]?
  ) throws(LayoutError) {
    var (clips, sources, skipped) = ([LabelledClip](), [Source](), [Skipped]())
    for (index, (usable, unusable)) in ClipProbe.clips(of: readings, audio, memory: memory)
      .enumerated()
    {
      let (path, reading) = (paths[index], readings[index])
      guard !usable.isEmpty else {
        throw .noUsableClip(path: path, layout: reading.layout, skipped: unusable)
      }
      sources.append(Source(path, reading, usable: usable, skippedCount: unusable.count))
      clips += usable
      skipped += unusable
    }
    self.init(clips: clips, sources: sources, skipped: skipped)
  }
}

extension Corpus.Source {
  fileprivate init(
    _ path: String, _ reading: Reading, usable: [LabelledClip], skippedCount: Int
  ) {
    self.init(
      path: path, layout: reading.layout, clipCount: usable.count,
      seconds: usable.reduce(0) { $0 + $1.duration },
      speakerCount: Set(usable.compactMap(\.speaker)).count,
      textCount: Set(usable.map(\.text)).count, skippedCount: skippedCount,
      byteOrderMarkCount: reading.byteOrderMarkCount,
      carriageReturnCount: reading.carriageReturnCount,
      windows1252Count: reading.windows1252Count)
  }
}
