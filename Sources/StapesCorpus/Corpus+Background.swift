public import StapesAudio
internal import StapesContainers
internal import StapesFiles
public import StapesLayouts

extension Corpus {
  /// Recordings of any kind, without texts: what phrases are spotted among.
  ///
  /// - Parameters:
  ///   - paths: folders, of which the sound files are taken wherever they lie, sound files, and
  ///     labelled clips in any layout, whose texts are not used.
  ///   - longestSeconds: recordings are cut into parts of this length at most.
  ///   - allowsOutside: whether clips may lie outside the folder of their manifest.
  ///   - audio: how files are read.
  /// - Throws: `LayoutError` for what cannot be read, or holds no sound.
  public init(
    background paths: [String], longestSeconds: Double, allowsOutside: Bool = false,
    audio: AudioOptions = AudioOptions()
  ) throws(LayoutError) {
    var clips: [LabelledClip] = []
    for path in paths {
      let isFolder = FileNode(at: path, followsLinks: true)?.kind == .folder
      let tree = isFolder ? try? FileTree(path: path) : nil
      let files = (tree?.files.map { path.appendingPath($0) } ?? [path]).filter(\.endsAsSound)
      let found = files.compactMap { Self.recording($0, audio) }
      clips +=
        found.isEmpty
        ? try Corpus(readingFrom: [path], allowsOutside: allowsOutside, audio: audio).clips : found
    }
    self.init(clips: clips.flatMap { $0.parts(longestSeconds: longestSeconds) })
  }

  private static func recording(_ path: String, _ audio: AudioOptions) -> LabelledClip? {
    let stated = AudioProperties.statedSeconds(ofFileAt: path, rawFormat: audio.rawFormat)
    guard
      let seconds = stated
        ?? (try? AudioProperties(ofFileAt: path, options: audio)).map({
          Double($0.frameCount) / Double($0.sampleRate)
        })
    else { return nil }
    var clip = LabelledClip(path: path, text: "", duration: seconds, identifier: path)
    clip.audio = audio
    return clip
  }
}

extension LabelledClip {
  /// The clip in parts of equal length, without its text.
  fileprivate func parts(longestSeconds: Double) -> [LabelledClip] {
    let count = max(1, Int((duration / longestSeconds).rounded(.up)))
    let length = duration / Double(count)
    return (0..<count).map { part in
      var clip = LabelledClip(
        path: path, text: "", speaker: speaker, offset: offset + Double(part) * length,
        duration: length, identifier: count == 1 ? identifier : "\(identifier)#\(part + 1)")
      clip.audio = audio
      return clip
    }
  }
}
