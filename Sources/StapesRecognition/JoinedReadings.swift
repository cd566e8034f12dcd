package import StapesTranscript

/// The readings of a long recording, joined from those of its utterances.
package struct JoinedReadings {
  /// A reading of all utterances so far.
  private struct Reading {
    var texts: [String] = []
    var (logProbability, languageScore) = (0.0, 0.0)
    var confidence = 1.0
    var posterior: Double?
    var words: [Transcript.Word] = []

    mutating func append(_ next: Transcript.Hypothesis) {
      texts.append(next.text)
      logProbability += next.logProbability
      languageScore += next.languageScore
      confidence *= next.confidence
      posterior = next.posterior.map { $0 * (posterior ?? 1) }
      words += next.words
    }
  }

  private let count: Int
  private let separator: String
  /// Best first.
  private var readings = [Reading()]

  /// - Parameters:
  ///   - count: how many readings are kept.
  ///   - separator: what stands between the texts of two utterances.
  package init(count: Int, separator: String) {
    (self.count, self.separator) = (count, separator)
  }

  /// Appends the readings of the next utterance, best first: of all ways to go on from one reading
  /// to another, the best are kept.
  package mutating func append(_ next: [Transcript.Hypothesis]) {
    if count == 1, let best = next.first {
      readings[0].append(best)
      return
    }
    var ways: [(first: Int, second: Int, score: Double)] = []
    for (first, reading) in readings.enumerated() {
      for (second, following) in next.enumerated() {
        let score = reading.logProbability + reading.languageScore
        ways.append((first, second, score + following.logProbability + following.languageScore))
      }
    }
    // Equally good ones in the order of their parts.
    ways.sort { ($1.score, $0.first, $0.second) < ($0.score, $1.first, $1.second) }
    readings = ways.prefix(count).map { way in
      var reading = readings[way.first]
      reading.append(next[way.second])
      return reading
    }
  }

  /// The readings of the whole, best first; one without text where there was no utterance.
  package var hypotheses: [Transcript.Hypothesis] {
    readings.map {
      Transcript.Hypothesis(
        text: $0.texts.joined(separator: separator), logProbability: $0.logProbability,
        languageScore: $0.languageScore, posterior: $0.posterior,
        confidence: $0.texts.isEmpty ? 0 : $0.confidence, words: $0.words)
    }
  }
}

extension Transcript.Hypothesis {
  /// The same, its times some seconds later.
  func later(by seconds: Double) -> Self {
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
