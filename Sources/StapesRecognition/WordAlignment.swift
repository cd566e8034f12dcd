internal import Glibc
internal import StapesCTC
internal import StapesKernels
internal import StapesText

/// The words of labels that a clip is known or thought to hold, each with the outputs that wrote it.
struct WordAlignment: Sendable {
  /// A word, as positions in the labels.
  struct Word: Sendable, Equatable {
    /// Its labels.
    let labels: Range<Int>
    /// The outputs from its first label's first to its last label's last.
    let outputs: Range<Int>
    /// The mean over its labels of the natural log-probability with which each was written.
    let meanLogProbability: Double
  }

  /// The words in order.
  let words: [Word]
  /// For each label the outputs that wrote it.
  let labelOutputs: [Range<Int>]

  private let labels: [Int]

  /// Aligns labels with the network's outputs.
  ///
  /// - Parameters:
  ///   - labels: classes other than blank.
  ///   - logProbabilities: [outputs × classes].
  ///   - separator: the label that parts words; nil where all labels are one word.
  /// - Returns: nil where the labels cannot fit.
  init?(labels: [Int], logProbabilities: Matrix, separator: Int?) {
    guard let alignment = CTC.alignment(logProbabilities: logProbabilities, labels: labels) else {
      return nil
    }
    self.labels = labels
    labelOutputs = alignment.labelFrames
    words = labels.indices.split { labels[$0] == separator }.map { indices in
      let scores = indices.map { index in
        alignment.labelFrames[index].map { logProbabilities[$0, labels[index]] }.max() ?? 0
      }
      return Word(
        labels: indices.startIndex..<indices.endIndex,
        outputs: alignment.labelFrames[indices.startIndex]
          .lowerBound..<alignment.labelFrames[indices.endIndex - 1].upperBound,
        meanLogProbability: Double(scores.reduce(0, +)) / Double(scores.count))
    }
  }

  /// The words with their times.
  ///
  /// - Parameters:
  ///   - alphabet: the labels' characters.
  ///   - timing: when the outputs were heard.
  ///   - seconds: the length of the clip, beyond which no word goes.
  func transcribed(
    alphabet: Alphabet, timing: OutputTiming, seconds: Double
  ) -> [Transcript.Word] {
    let spans = spans(timing: timing, seconds: seconds)
    return zip(words, spans).map { word, span in
      let starts = word.labels.dropFirst().map { label in
        min(max(timing.start(of: labelOutputs[label].lowerBound), span.start), span.end)
      }
      let borders = [span.start] + starts + [span.end]
      let characters = word.labels.enumerated().map { index, label in
        Transcript.TimedCharacter(
          text: alphabet.text(of: [labels[label]]), start: borders[index], end: borders[index + 1])
      }
      return Transcript.Word(
        text: alphabet.text(of: Array(labels[word.labels])), start: span.start, end: span.end,
        confidence: exp(word.meanLogProbability), characters: characters)
    }
  }

  /// How far a word is taken to reach before the output that wrote its first label, and after the
  /// one that wrote its last, in seconds.
  private static let (lead, trail) = (0.04, 0.04)

  /// Where each word begins and ends: the time of its outputs, widened, but not over half of what
  /// lies between it and its neighbour.
  private func spans(timing: OutputTiming, seconds: Double) -> [(start: Double, end: Double)] {
    let cores = words.map { word in
      (
        start: timing.start(of: word.outputs.lowerBound),
        end: timing.start(of: word.outputs.upperBound)
      )
    }
    return cores.indices.map { index in
      let (start, end) = cores[index]
      let before = index > 0 ? (cores[index - 1].end + start) / 2 : 0
      let after = index + 1 < cores.count ? (end + cores[index + 1].start) / 2 : seconds
      return (
        min(max(start - Self.lead, before), seconds), min(max(end + Self.trail, 0), after, seconds)
      )
    }
  }
}
