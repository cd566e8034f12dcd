internal import Glibc
package import StapesKernels
public import StapesTranscript

/// Why a clip was read as it was: what the model was given, how probable it took each character to
/// be at each time, and the result.
public struct Explanation: Sendable {
  /// The hypotheses, best first, with their words.
  public let transcript: Transcript
  /// The text that is explained: the best hypothesis's, or another that was asked for.
  public let text: String
  /// The natural log-probability of that text for the sound alone.
  public let logProbability: Double
  /// The words of that text.
  public let words: [Transcript.Word]
  /// The characters of that text, spaces between words among them.
  public let letters: [Letter]
  /// What the model does not write of the text that was asked for; nil for nothing.
  public internal(set) var unwritable: UnwritableTexts?

  /// The samples that the model was given, in -1...1.
  package let samples: [Float]
  /// The logarithms of the energies of mel bands, [frames × bands].
  package let energies: TimedRows
  /// The network's natural log-probabilities, [outputs × classes].
  package let posteriors: TimedRows
  /// How each class is called, blank among them.
  package let classNames: [String]

  /// A character of the text, and what else the model took it for.
  public struct Letter: Sendable, Equatable {
    /// Its class.
    public let label: Int
    /// The outputs that wrote it, in the most probable alignment.
    public let outputs: Range<Int>
    /// The one of them that gives it the highest probability.
    public let peak: Int
    /// That probability.
    public let probability: Double
    /// The most probable other classes at the same time, blank (0) among them, best first.
    public let rivals: [Rival]
  }

  /// Another class at the time of a letter.
  public struct Rival: Sendable, Equatable {
    /// The class; 0 for blank.
    public let label: Int
    /// Its probability.
    public let probability: Double
  }

  /// Puts an explanation together.
  ///
  /// - Parameters:
  ///   - transcript: the hypotheses.
  ///   - text: what is explained, with its natural log-probability, words, labels and the outputs
  ///     that wrote each label.
  ///   - samples: what the model was given.
  ///   - energies: log-mel energies, [frames × bands].
  ///   - posteriors: natural log-probabilities, [outputs × classes].
  ///   - characters: those of the classes from 1 on.
  package init(
    transcript: Transcript, text: ExplainedText, samples: [Float], energies: TimedRows,
    posteriors: TimedRows, characters: [String]
  ) {
    self.transcript = transcript
    self.text = text.text
    logProbability = text.logProbability
    words = text.words
    letters = zip(text.labels, text.labelOutputs).map {
      Letter(label: $0, outputs: $1, logProbabilities: posteriors.matrix)
    }
    self.samples = samples
    self.energies = energies
    self.posteriors = posteriors
    classNames = ["blank"] + characters.map { $0 == " " ? "space" : $0 }
  }
}

/// A text, and where in a clip its labels are.
package struct ExplainedText: Sendable {
  package let text: String
  package let logProbability: Double
  package let words: [Transcript.Word]
  package let labels: [Int]
  package let labelOutputs: [Range<Int>]

  package init(
    text: String, logProbability: Double, words: [Transcript.Word], labels: [Int],
    labelOutputs: [Range<Int>]
  ) {
    self.text = text
    self.logProbability = logProbability
    self.words = words
    self.labels = labels
    self.labelOutputs = labelOutputs
  }
}

/// A matrix whose rows are stretches of time of one length, one after the other.
package struct TimedRows: Sendable {
  /// The rows.
  package let matrix: Matrix
  /// Where the first row begins, and how long each is, in seconds.
  package let start, step: Double

  package init(_ matrix: Matrix, start: Double, step: Double) {
    self.matrix = matrix
    self.start = start
    self.step = step
  }

  /// Where a row begins, in seconds; as well the end of the row before it.
  package func start(of row: Int) -> Double { start + Double(row) * step }
}

extension Explanation.Letter {
  /// How many rivals are told, and from which probability on.
  private static let (rivalCount, leastProbability) = (3, 0.001)

  init(label: Int, outputs: Range<Int>, logProbabilities: Matrix) {
    let peak = outputs.max {
      logProbabilities[$0, label] < logProbabilities[$1, label]
    }
    let row = peak.map { Array(logProbabilities.row($0)) } ?? []
    let probabilities = row.map { $0.isNaN ? 0 : exp(Double($0)) }
    let others = probabilities.indices.filter {
      $0 != label && probabilities[$0] >= Self.leastProbability
    }
    let ranked = others.sorted {
      (probabilities[$1], $0) < (probabilities[$0], $1)
    }
    self.init(
      label: label, outputs: outputs, peak: peak ?? outputs.lowerBound,
      probability: probabilities.isEmpty ? 0 : probabilities[label],
      rivals: ranked.prefix(Self.rivalCount).map {
        Explanation.Rival(label: $0, probability: probabilities[$0])
      })
  }
}
