package import Stapes
internal import StapesProtocols

/// What was recognised in a clip that is to be labelled.
package struct LabelHypothesis: Encodable, Equatable, Sendable {
  /// What recognition made of a clip.
  package enum Result: Equatable, Sendable {
    case recognized(LabelHypothesis)
    case failed(String)

    var hypothesis: LabelHypothesis? {
      if case .recognized(let value) = self { value } else { nil }
    }
    var problem: String? { if case .failed(let reason) = self { reason } else { nil } }
    /// 1 for what could not be recognised.
    var doubt: Double { hypothesis.map { rounded($0.doubt) } ?? 1 }
  }

  let text: String
  let confidence: Double
  let seconds: Double
  let words: [TimedWord]
  /// The share of its words that is probably wrong.
  let doubt: Double
  /// What the clip is like.
  let portrait: ClipPortrait

  private enum CodingKeys: CodingKey { case text, confidence, seconds, words }

  var candidate: LabellingOrder.Candidate {
    .init(doubt: doubt, seconds: seconds, portrait: portrait)
  }

  /// Takes the best hypothesis of a transcript.
  package init(_ transcript: Transcript, _ portrait: ClipPortrait) {
    let best = transcript.hypotheses[0]
    (text, seconds, self.portrait) = (transcript.text, transcript.seconds, portrait)
    doubt = transcript.doubt
    confidence = rounded(best.confidence)
    words = best.words.map { TimedWord($0) }
  }
}

/// The folder as the page lists it.
package struct LabelListing: Encodable, Equatable, Sendable {
  /// A clip in the list.
  package struct Entry: Encodable, Equatable, Sendable {
    package let id: Int
    package let name: String
    let seconds: Double?
    package let state: LabelFolder.State
    /// How uncertain the model is, in 0...1; nil as long as it is not known.
    let doubt: Double?
  }

  /// How the folder is called.
  let folder: String
  /// Whether there is something to undo.
  package let canUndo: Bool
  /// The clip that was changed.
  let changed: Int?
  /// How many clips there are, and how many of them are labelled, rejected, and not recognised yet.
  package private(set) var total = 0
  package private(set) var labelled = 0
  package private(set) var rejected = 0
  package private(set) var waiting = 0
  /// The seconds of all clips, and of those with label, as far as it is known.
  private(set) var totalSeconds = 0.0
  private(set) var labelledSeconds = 0.0
  /// Some clips of the list, from the place that was asked for.
  package var clips: [Entry] = []

  init(folder: String, canUndo: Bool, changed: Int?) {
    (self.folder, self.canUndo, self.changed) = (folder, canUndo, changed)
  }

  mutating func count(_ entry: Entry) {
    guard entry.state != .split else { return }
    total += 1
    totalSeconds += entry.seconds ?? 0
    switch entry.state {
    case .open: if entry.doubt == nil { waiting += 1 }
    case .labelled:
      labelled += 1
      labelledSeconds += entry.seconds ?? 0
    case .rejected: rejected += 1
    case .split: break
    }
  }
}

/// A clip as the page shows it.
package struct LabelDetails: Encodable, Equatable, Sendable {
  let id: Int
  let name: String
  let seconds: Double?
  package let state: LabelFolder.State
  /// The content of its file of text as it is; nil for no file.
  package let label: String?
  let hypothesis: LabelHypothesis?
  /// Why nothing was recognised in it.
  let problem: String?
}
