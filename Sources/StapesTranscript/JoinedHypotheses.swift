/// The hypotheses of a long recording, joined from those of its utterances.
package struct JoinedHypotheses {
  /// Best first; at least one.
  package private(set) var hypotheses = [Transcript.Hypothesis(text: "", logProbability: 0)]

  private let count: Int
  private let separator: String
  /// Whether there was no utterance yet.
  private var isEmpty = true

  /// Begins with one without text.
  ///
  /// - Parameters:
  ///   - count: how many hypotheses are kept.
  ///   - separator: what stands between the texts of two utterances.
  package init(count: Int, separator: String) {
    (self.count, self.separator) = (count, separator)
  }

  /// Appends the hypotheses of the next utterance, best first: of all ways to go on from one of
  /// those so far to one of these, the best are kept.
  package mutating func append(_ next: [Transcript.Hypothesis]) {
    if isEmpty {
      (hypotheses, isEmpty) = (Array(next.prefix(count)), false)
      return
    }
    if count == 1, let best = next.first {
      hypotheses[0].append(best, separator: separator)
      return
    }
    var ways: [(first: Int, second: Int, score: Double)] = []
    for (first, before) in hypotheses.enumerated() {
      for (second, following) in next.enumerated() {
        let score = before.logProbability + before.languageScore
        ways.append((first, second, score + following.logProbability + following.languageScore))
      }
    }
    // Equally good ones in the order of their parts.
    ways.sort { ($1.score, $0.first, $0.second) < ($0.score, $1.first, $1.second) }
    hypotheses = ways.prefix(count).map { way in
      var whole = hypotheses[way.first]
      whole.append(next[way.second], separator: separator)
      return whole
    }
  }
}

extension Transcript.Hypothesis {
  fileprivate mutating func append(_ next: Self, separator: String) {
    text += separator + next.text
    logProbability += next.logProbability
    languageScore += next.languageScore
    posterior = next.posterior.map { $0 * (posterior ?? 1) }
    confidence *= next.confidence
    words += next.words
  }

  /// The same, its times some seconds later.
  package func later(by seconds: Double) -> Self {
    Self(
      text: text, logProbability: logProbability, languageScore: languageScore,
      posterior: posterior, confidence: confidence, words: words.map { $0.later(by: seconds) })
  }
}

extension Transcript.Word {
  fileprivate func later(by seconds: Double) -> Self {
    Self(
      text: text, start: start + seconds, end: end + seconds, confidence: confidence,
      characters: characters.map {
        Transcript.TimedCharacter(
          text: $0.text, start: $0.start + seconds, end: $0.end + seconds)
      }, channel: channel)
  }
}
