internal import StapesAudio
internal import StapesFiles
internal import StapesLayouts
internal import StapesText

/// Looks at the sound of clips: whether it is there, how long it is, and whether another clip is of
/// the same sound.
struct ClipProbe {
  /// What can be used of a source, and everything else in it with the reason; both in the order of
  /// the paths' bytes.
  typealias Result = (usable: [LabelledClip], skipped: [Corpus.Skipped])

  /// A clip that can be used if no other one says something else of the same sound.
  private struct Candidate {
    let source: Int
    let clip: LabelledClip
    let line: Corpus.ListLine?
  }

  /// A part of a file, whatever path leads to it.
  private struct Stretch: Hashable {
    let file: FileKey
    let offset: Double
    let duration: Double
  }

  /// A name within a source.
  private struct Name: Hashable {
    let source: Int
    let name: ByteName
  }

  private let audio: AudioOptions
  private var resolver = PathResolver()
  /// The files where they are not on disk.
  private let memory: [ByteName: [UInt8]]?
  private var probes: [ByteName: (seconds: Swift.Result<Double, SkipReason>, file: FileKey)] =
    [:]
  private var skipped: [[Corpus.Skipped]] = []
  /// Clips of one name or one stretch of sound, in the order found.
  private var groups: [[Candidate]] = []
  private var groupOfStretch: [Stretch: Int] = [:]
  private var groupOfName: [Name: Int] = [:]

  /// What can be used of each source.
  ///
  /// Of clips of the same sound with the same text, the first is used; with different texts, none.
  static func clips(
    of readings: [Reading], _ audio: AudioOptions, memory: [ByteName: [UInt8]]? = nil
  ) -> [Result] {
    var probe = ClipProbe(audio: audio, memory: memory)
    for (source, reading) in readings.enumerated() {
      probe.skipped.append(reading.skipped)
      for draft in reading.drafts { probe.add(draft, of: source) }
    }
    return probe.results
  }

  private init(audio: AudioOptions, memory: [ByteName: [UInt8]]?) {
    (self.audio, self.memory) = (audio, memory)
  }

  private mutating func look(
    at path: String
  ) -> (seconds: Swift.Result<Double, SkipReason>, file: FileKey) {
    if let known = probes[path.byteName] { return known }
    let probed: (seconds: Swift.Result<Double, SkipReason>, file: FileKey)
    if let memory {
      let isThere = memory[path.byteName] != nil
      probed = (isThere ? .success(1) : .failure(.missingAudio), .path(Array(path.utf8)))
    } else {
      probed = (secondsOfFile(at: path), FileKey(of: path, &resolver))
    }
    probes[path.byteName] = probed
    return probed
  }

  private mutating func add(_ draft: Reading.Draft, of source: Int) {
    let probed = look(at: draft.path)
    do throws(SkipReason) {
      var clip = try Self.clip(draft, fileSeconds: probed.seconds.get())
      clip.audio = audio
      let stretch = Stretch(file: probed.file, offset: clip.offset, duration: clip.duration)
      let name = Name(source: source, name: clip.identifier.byteName)
      let candidate = Candidate(source: source, clip: clip, line: draft.line)
      if let group = groupOfStretch[stretch] ?? groupOfName[name] {
        return groups[group].append(candidate)
      }
      (groupOfStretch[stretch], groupOfName[name]) = (groups.count, groups.count)
      groups.append([candidate])
    } catch {
      skipped[source].append(Corpus.Skipped(path: draft.path, reason: error, line: draft.line))
    }
  }

  private var results: [Result] {
    var results = skipped.map { (usable: [LabelledClip](), skipped: $0) }
    for group in groups {
      let texts = Self.differentTexts(of: group)
      if texts.count > 1 {
        let reason = SkipReason.conflictingTexts(
          texts.map { PlacedText(text: $0.clip.text, line: $0.line, path: $0.clip.path) })
        var told: Set<Int> = []
        for member in group where told.insert(member.source).inserted {
          results[member.source].skipped.append(.init(path: member.clip.path, reason: reason))
        }
        continue
      }
      results[group[0].source].usable.append(group[0].clip)
      for copy in group.dropFirst() {
        results[copy.source].skipped.append(
          .init(
            path: copy.clip.path, reason: .duplicate(identifier: copy.clip.identifier)))
      }
    }
    for source in results.indices {
      // Sorting is stable, so this is by path first.
      results[source].usable.sort { $0.offset < $1.offset }
      results[source].usable.sort { $0.path.bytesPrecede($1.path) }
      results[source].skipped.sort { $0.path.bytesPrecede($1.path) }
    }
    return results
  }

  /// The first clip of each text; letter case, punctuation and how numbers are written make none.
  private static func differentTexts(of group: [Candidate]) -> [Candidate] {
    guard group.count > 1 else { return group }
    let normalization = TextNormalization()
    var known: Set<String> = []
    return group.filter { candidate in
      let text = normalization.normalized(candidate.clip.text)
      return known.insert(text.isEmpty ? candidate.clip.text : text).inserted
    }
  }

  /// The length of a sound file in seconds.
  private func secondsOfFile(at path: String) -> Swift.Result<Double, SkipReason> {
    // What is no regular file is not even opened: a pipe may have no writer, a device no end.
    if FileNode(at: path, followsLinks: true)?.fault == .irregular {
      return .failure(.unreadableAudio("it is not a regular file"))
    }
    do throws(AudioError) {
      let seconds = try AudioProperties(ofFileAt: path, options: audio).seconds
      return seconds > 0 ? .success(seconds) : .failure(.noSound)
    } catch {
      switch error {
      case .noSuchFile: return .failure(.missingAudio)
      case .emptyFile, .noFrames: return .failure(.noSound)
      default: return .failure(.unreadableAudio(error.description))
      }
    }
  }

  /// The clip with its length.
  ///
  /// An end up to half a second past that of the file is taken for the file's, as Kaldi's
  /// `extract-segments` does.
  private static func clip(
    _ draft: Reading.Draft, fileSeconds: Double
  ) throws(SkipReason) -> LabelledClip {
    let end = draft.duration.map { draft.offset + $0 }
    guard draft.offset < fileSeconds, end ?? 0 <= fileSeconds + 0.5 else {
      throw .outsideAudio(start: draft.offset, end: end, fileSeconds: fileSeconds)
    }
    let duration = min(draft.duration ?? .infinity, fileSeconds - draft.offset)
    guard duration > 0 else { throw .noSound }
    return LabelledClip(
      path: draft.path, text: draft.text, speaker: draft.speaker, offset: draft.offset,
      duration: duration, identifier: draft.identifier)
  }
}

/// What tells a file from others, whichever path or link leads to it.
private enum FileKey: Hashable {
  case node(FileNode.Identifier)
  case path([UInt8])

  init(of path: String, _ resolver: inout PathResolver) {
    if let node = FileNode(at: path, followsLinks: true) {
      self = .node(node.identifier)
    } else {
      self = .path(Array(resolver.realPath(ofFile: path).utf8))
    }
  }
}
