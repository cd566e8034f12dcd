public import StapesCorpus

/// A clip of the corpus that a run leaves out.
public struct UnusedClip: Sendable, Equatable {
  /// The clip.
  public let clip: LabelledClip
  /// Why it is left out.
  public let reason: Reason

  package init(clip: LabelledClip, reason: Reason) {
    (self.clip, self.reason) = (clip, reason)
  }

  /// Why a clip is left out of a run.
  public enum Reason: Error, Codable, Equatable {
    /// Nothing of its text is left after normalisation.
    case noText
    /// It is longer than the options allow; both in seconds.
    case tooLong(seconds: Double, allowed: Double)
    /// Its sound cannot be read, for the reason that reading it gave.
    case unreadable(String)
    /// Its sound ends early, so that its text may say more, as the warning says.
    case cutShort(String)
    /// Its sound is shorter than one frame of the features.
    case shorterThanFrame
    /// The network makes fewer outputs for it than its text needs.
    case tooShortForText(outputsNeeded: Int, outputs: Int)
    /// Another clip of the very same sound has another text.
    case soundWithOtherText(path: String, text: String)
  }
}

extension UnusedClip: CustomStringConvertible {
  /// The clip and the reason, in one line.
  public var description: String {
    switch reason {
    case .noText: "\(clip.path): nothing of its text “\(clip.text)” is left after normalisation"
    case .tooLong(let seconds, let allowed):
      "\(clip.path): longer than \(allowed) s (\((seconds * 10).rounded() / 10) s)"
    case .unreadable(let sentence), .cutShort(let sentence): sentence
    case .shorterThanFrame: "\(clip.path): shorter than one frame of the features"
    case .tooShortForText(let needed, let outputs):
      "\(clip.path): too short for its text “\(clip.text)”, which needs \(needed) outputs of the "
        + "network where the sound gives \(outputs); check that the text is this clip's"
    case .soundWithOtherText(let path, let text):
      "\(clip.path): the same sound as \(path), with the text “\(clip.text)” instead of “\(text)”; "
        + "keep the right one"
    }
  }
}

extension CorpusCheck {
  /// The clips of one sound with different texts, each with another of them: which is right cannot
  /// be told, so none is to be learnt from.
  public var soundConflicts: [UnusedClip] {
    copies.flatMap { copies in
      copies.compactMap { clip in
        copies.first { $0.text != clip.text }.map { other in
          UnusedClip(
            clip: clip.clip,
            reason: .soundWithOtherText(path: other.clip.path, text: other.clip.text))
        }
      }
    }
  }
}
