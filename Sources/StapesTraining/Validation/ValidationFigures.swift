public import StapesDecoding
public import StapesModel
public import StapesScoring
internal import StapesText

/// What a model makes of the validation clips.
public struct ValidationFigures: Codable, Sendable, Equatable {
  /// The loss in nats per character, by CTC or with CTC-CRF's share, over the clips whose text fits the model.
  ///
  /// 0 without such clips; see `hasLoss`.
  public let loss: Double
  /// The number of clips without a loss; nil in figures of versions that did not count them.
  let unscoredCount: Int?
  /// Whether blank is the best class of every output; nil in figures of versions that did not tell.
  let onlyBlanks: Bool?
  /// Word and character error rates and the share of exact clips, with their intervals.
  public let rates: ErrorRates
  /// What was said and what the model read, for three clips, the same in each epoch.
  public let samples: [Sample]
  /// The clips with the highest error rates, of equals those with the highest loss, worst first.
  public let worst: [ValidationClip]
  /// The clips in the middle of that order.
  public let middle: [ValidationClip]
  /// Which characters were read for which or, where clips are told apart, which class for which;
  /// also what was read right.
  public let confusions: [Confusion]
  /// How the model's probabilities become calibrated confidences of what is recognised in the
  /// clips.
  public let calibration: ConfidenceCalibration
  /// The model's label priors; nil for a classifier.
  public let labelPriors: LabelPriors?
  /// Whether models are ranked by the loss alone: where CTC-CRF is used and the language model that
  /// texts then need is not known.
  ///
  /// Nil in figures of versions without it.
  let ranksByLoss: Bool?

  /// Whether the network has learnt no more than that blank is the best class of every output.
  public var emitsOnlyBlanks: Bool { onlyBlanks ?? (rates.characters.hypothesisLength == 0) }

  /// Whether there is a clip with a loss.
  public var hasLoss: Bool { unscoredCount.map { $0 < rates.utteranceCount } ?? true }

  /// Whether a model with these figures is to be preferred to one with others: for fewer character
  /// errors or, with as many, a lower loss; for a lower loss alone where that tells more.
  func isBetter(than other: ValidationFigures) -> Bool {
    if ranksByLoss == true, hasLoss { return loss < other.loss }
    let (errors, otherErrors) = (rates.characters.errors, other.rates.characters.errors)
    return errors == otherErrors ? loss < other.loss : errors < otherErrors
  }

  /// What was said in a clip, and what a model read.
  public struct Sample: Codable, Sendable, Equatable {
    /// The reference.
    public let reference: String
    /// What the model read.
    public let hypothesis: String
  }
}

/// What a model makes of one validation clip.
public struct ValidationClip: Codable, Sendable, Equatable {
  /// The clip's name within its source.
  public let name: String
  /// How long it is, in seconds.
  public let seconds: Double
  /// What was said.
  public let reference: String
  /// What the model read.
  public let hypothesis: String
  /// The loss in nats per character; nil where the text cannot be written or does not fit.
  public let loss: Double?
  /// When the words of the reference were said, by their most probable alignment; none where there
  /// is no loss, or clips are told apart.
  public let said: [TimedWord]
  /// The times of the recognised words, in the same form.
  public let heard: [TimedWord]

  /// A word, from the output that writes its first character to that which writes its last.
  public struct TimedWord: Codable, Sendable, Equatable {
    /// The word.
    public let text: String
    /// When it begins, in seconds from the start of the clip.
    public let start: Double
    /// When it ends, in the same unit.
    public let end: Double
  }
}
