/// Decides which scores of a `PhraseSpotter` are hits: one for each time that a phrase is said.
///
/// A phrase is hit as soon as its score reaches its threshold, and then rests for the refractory
/// time. Hits do not overlap: the next one starts behind the end of the last. Where a longer
/// phrase contains a shorter one, the shorter one is held for some time, in which the longer one can
/// still take its place.
public struct PhraseTrigger: Sendable {
  /// Where a phrase was found.
  public struct Hit: Sendable, Equatable {
    /// The index of the phrase.
    public let phrase: Int
    /// The frames from its first label to its last.
    public let frames: Range<Int>
    /// Its score, in natural logarithms for each label.
    public let score: Double
  }

  private let thresholds: [Double]
  private let labelCounts: [Int]
  private let refractory: Int
  /// How long each phrase is held.
  private let holds: [Int]
  /// Until which frame each phrase rests.
  private var rests: [Int]
  private var lastEnd = 0
  private var held: (hit: Hit, until: Int)?

  /// Begins a stream.
  ///
  /// - Parameters:
  ///   - phrases: the phrases.
  ///   - thresholds: the least score of a hit, for each phrase.
  ///   - refractory: how many frames a phrase rests after a hit.
  ///   - hold: how many frames a phrase is held that another one contains.
  public init(
    _ phrases: [PhraseSpotter.Phrase], thresholds: [Double], refractory: Int, hold: Int = 0
  ) {
    precondition(
      phrases.count == thresholds.count, "\(thresholds.count) thresholds, \(phrases.count) phrases")
    self.thresholds = thresholds
    self.refractory = refractory
    labelCounts = phrases.map(\.labels.count)
    let spellings = Set(phrases.map(\.labels))
    holds = phrases.map { phrase in
      spellings.contains { $0.contains(other: phrase.labels) } ? hold : 0
    }
    rests = phrases.map { _ in 0 }
  }

  /// Takes the scores of a frame.
  ///
  /// - Returns: the hits that are certain by now, in order.
  public mutating func step(_ scores: [PhraseSpotter.Score], frame: Int) -> [Hit] {
    var hits: [Hit] = []
    if let (hit, until) = held, frame >= until { hits.append(emit(hit, at: frame)) }
    let candidates = scores.filter { score in
      score.value >= thresholds[score.phrase] && frame >= rests[score.phrase]
        && score.start >= lastEnd
    }
    let best = candidates.max { a, b in
      (labelCounts[a.phrase], a.value, b.phrase) < (labelCounts[b.phrase], b.value, a.phrase)
    }
    guard let best else { return hits }
    let found = Hit(
      phrase: best.phrase, frames: best.start..<frame + 1, score: best.value)
    if let (hit, _) = held {
      if best.start >= hit.frames.upperBound {
        hits.append(emit(hit, at: frame))
      } else if labelCounts[best.phrase] <= labelCounts[hit.phrase] {
        return hits
      }
    }
    held = (found, frame + holds[best.phrase])
    if holds[best.phrase] == 0 { hits.append(emit(found, at: frame)) }
    return hits
  }

  /// Ends the stream.
  ///
  /// - Returns: the hit that was held.
  public mutating func finish() -> [Hit] {
    guard let hit = held?.hit else { return [] }
    return [emit(hit, at: hit.frames.upperBound)]
  }

  private mutating func emit(_ hit: Hit, at frame: Int) -> Hit {
    held = nil
    rests[hit.phrase] = frame + refractory
    lastEnd = hit.frames.upperBound
    return hit
  }
}

extension [Int] {
  /// Whether a shorter sequence is somewhere in this one.
  fileprivate func contains(other: [Int]) -> Bool {
    count > other.count
      && (0...count - other.count).contains { self[$0..<$0 + other.count].elementsEqual(other) }
  }
}
