internal import StapesAudio
internal import StapesText

/// Looks at the sound of clips: whether it is there, and how long it is.
struct ClipProbe {
  /// A part of a file, to find the same one under another name.
  private struct Stretch: Hashable {
    let realPath: ByteName
    let offset: Double
    let duration: Double
  }

  private var resolver = PathResolver()
  private var knownStretches: Set<Stretch> = []

  /// The clips of a source that can be used, and everything else in it with the reason; both in
  /// the order of the paths' bytes.
  mutating func clips(of reading: Reading) -> (usable: [LabelledClip], leftOut: [Corpus.LeftOut]) {
    var usable: [LabelledClip] = []
    var leftOut = reading.leftOut
    var knownIdentifiers: Set<ByteName> = []
    var secondsOfFile: [ByteName: Result<Double, LeftOutReason>] = [:]
    for draft in reading.drafts {
      do throws(LeftOutReason) {
        guard knownIdentifiers.insert(draft.identifier.byteName).inserted else {
          throw .duplicate(identifier: draft.identifier)
        }
        let probed = secondsOfFile[draft.path.byteName] ?? Self.secondsOfFile(at: draft.path)
        secondsOfFile[draft.path.byteName] = probed
        let clip = try Self.clip(draft, fileSeconds: probed.get())
        let stretch = Stretch(
          realPath: resolver.realPath(ofFile: clip.path).byteName, offset: clip.offset,
          duration: clip.duration)
        guard knownStretches.insert(stretch).inserted else {
          throw .duplicate(identifier: draft.identifier)
        }
        usable.append(clip)
      } catch {
        leftOut.append(Corpus.LeftOut(path: draft.path, reason: error, line: draft.line))
      }
    }
    // Sorting is stable, so this is by path first.
    usable.sort { $0.offset < $1.offset }
    usable.sort { $0.path.bytesPrecede($1.path) }
    leftOut.sort { $0.path.bytesPrecede($1.path) }
    return (usable, leftOut)
  }

  /// The length of a sound file in seconds.
  private static func secondsOfFile(at path: String) -> Result<Double, LeftOutReason> {
    // What is no regular file is not even opened: a pipe may have no writer, a device no end.
    if case .unusual = PlaceKind(of: path) {
      return .failure(.unreadableAudio("it is not a regular file"))
    }
    do throws(AudioError) {
      let seconds = try AudioProperties(ofFileAt: path).seconds
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
  ) throws(LeftOutReason) -> LabelledClip {
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
