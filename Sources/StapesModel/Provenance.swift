package import StapesScoring

/// Where a model comes from: what it is for, what it was trained on and how well it did.
///
/// It holds facts that stay the same whenever the training is repeated, never a date or the name
/// of a machine, so that the same clips and seed give the same file.
public struct Provenance: Codable, Sendable, Equatable {
  /// What the model recognises, in one sentence.
  public var summary: String
  /// The terms under which the model may be passed on, in a few words.
  public var licence: String
  /// The version of Stapes that trained the model.
  public var toolVersion: String
  /// The seed of all random choices.
  public var seed: UInt64
  /// How many passes over the clips were made up to the state that was kept.
  public var epochCount: Int
  /// The fingerprint of the training clips and their texts.
  public var dataFingerprint: String
  /// How many clips the model was trained on.
  public var clipCount: Int
  /// How long those clips are together, in hours.
  public var hours: Double
  /// How many people speak in them, where that is known.
  public var speakerCount: Int?
  /// Measured error rates.
  public var figures: [Figure]
  /// The name of the note that holds the options of the training, as JSON.
  package static let optionsNote = "training options"
  /// Further facts, by name.
  public var notes: [String: String]

  /// Makes a provenance; what is left out is unknown.
  public init(
    summary: String = "", licence: String = "", toolVersion: String = "", seed: UInt64 = 0,
    epochCount: Int = 0, dataFingerprint: String = "", clipCount: Int = 0, hours: Double = 0,
    speakerCount: Int? = nil, figures: [Figure] = [], notes: [String: String] = [:]
  ) {
    self.summary = summary
    self.licence = licence
    self.toolVersion = toolVersion
    self.seed = seed
    self.epochCount = epochCount
    self.dataFingerprint = dataFingerprint
    self.clipCount = clipCount
    self.hours = hours
    self.speakerCount = speakerCount
    self.figures = figures
    self.notes = notes
  }

  /// One measured rate, with its interval of 95 % confidence.
  public struct Figure: Codable, Sendable, Equatable {
    /// What was measured: `wer`, `cer`, `exact` or `accuracy`.
    public var name: String
    /// On which clips, in a few words.
    public var clips: String
    /// How many clips those were.
    public var clipCount: Int
    /// The rate, 0.05 for five in a hundred.
    public var value: Double
    /// The lower end of the interval.
    public var lower: Double
    /// The upper end of the interval.
    public var upper: Double

    /// Makes a figure.
    public init(
      name: String, clips: String, clipCount: Int, value: Double, lower: Double, upper: Double
    ) {
      self.name = name
      self.clips = clips
      self.clipCount = clipCount
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }
}

extension [Provenance.Figure] {
  /// The rates on some clips, of classes where clips are told apart.
  package init(
    _ rates: ErrorRates, on clips: String, ofClasses: Bool = false, besideLanguageModel: Bool
  ) {
    let named =
      ofClasses
      ? [("accuracy", rates.exact)]
      : [("wer", rates.wer), ("cer", rates.cer), ("exact", rates.exact)]
    self = named.map { name, rate in
      Provenance.Figure(
        name: name, clips: clips + (besideLanguageModel ? ", with the language model" : ""),
        clipCount: rates.utteranceCount, value: rate.value, lower: rate.lower, upper: rate.upper)
    }
  }
}
