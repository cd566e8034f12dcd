internal import Glibc
package import StapesDecoding
internal import StapesFiles
internal import StapesModel
public import StapesRecognition
internal import StapesText

/// How phrases are spotted.
public struct SpottingOptions: Codable, Sendable, Equatable {
  /// The least score of a hit for phrases without a threshold of their own, in 0...1; see
  /// `SpottedPhrase.score`.
  public var threshold: Double
  /// How long a phrase rests after a hit, in seconds.
  public var refractorySeconds: Double

  /// Makes options.
  public init(threshold: Double = 0.4, refractorySeconds: Double = 1) {
    (self.threshold, self.refractorySeconds) = (threshold, refractorySeconds)
  }

  func validate() throws(SpottingError) {
    for (name, found, allowed) in [
      ("threshold", threshold, 0.0...1.0), ("refractory time", refractorySeconds, 0.0...60.0),
    ] where !allowed.contains(found) {
      throw .settingOutOfRange(name: name, found: found, allowed: allowed)
    }
  }
}

/// Spots phrases in sound with a model that transcribes.
///
/// It holds no state between streams, so one serves any number of tasks at a time.
public struct Spotter: Sendable {
  /// The model.
  public let recognizer: Recognizer
  /// What it looks for.
  public let phrases: [SpottingPhrases.Phrase]
  /// The phrases that cannot be written by the model, in words; nil where all can.
  public let unwritable: UnwritableTexts?
  /// The same in labels.
  package let spelled: [PhraseSpotter.Phrase]
  /// The natural logs of their thresholds.
  let thresholds: [Double]
  package let refractory: Int
  let hold: Int

  /// The time that a phrase may take: so much, and so much more for each label, in seconds.
  private static let (leastSpan, labelSpan) = (0.5, 0.25)
  /// How long a phrase is held that another one contains, in seconds.
  private static let holdSeconds = 0.6

  /// Makes a spotter.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser, whose language model and beam do not matter.
  ///   - phrases: what to look for.
  ///   - options: how.
  /// - Throws: `SpottingError`; `.recognition(.noCharacters)` for a classifier.
  public init(
    _ recognizer: Recognizer, phrases: SpottingPhrases, options: SpottingOptions = SpottingOptions()
  ) throws(SpottingError) {
    try options.validate()
    let model = recognizer.model
    try rethrowing(model.requireCharacters(for: "phrases to spot"), as: SpottingError.recognition)
    let step = OutputTiming(model).step
    func outputs(_ seconds: Double) -> Int { Int((seconds / step).rounded()) }
    var unwritable = UnwritableTexts(path: phrases.path)
    var (kept, spelled): ([SpottingPhrases.Phrase], [PhraseSpotter.Phrase]) = ([], [])
    for phrase in phrases.phrases where !model.normalized(phrase.text).isEmpty {
      guard let labels = model.writable(phrase.text, skipsLossy: true, noting: &unwritable)?.labels
      else { continue }
      kept.append(phrase)
      spelled.append(
        PhraseSpotter.Phrase(
          labels: labels,
          longestSpan: outputs(Self.leastSpan + Self.labelSpan * Double(labels.count))))
    }
    guard !kept.isEmpty else {
      throw unwritable.isEmpty ? .noPhrases : .unwritablePhrases(unwritable.description)
    }
    self.recognizer = recognizer
    self.phrases = kept
    self.spelled = spelled
    self.unwritable = unwritable.isEmpty ? nil : unwritable
    thresholds = kept.map { log($0.threshold ?? options.threshold) }
    refractory = outputs(options.refractorySeconds)
    hold = outputs(Self.holdSeconds)
  }
}
