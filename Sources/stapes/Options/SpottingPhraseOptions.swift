public import ArgumentParser
import Logging
public import Stapes

/// What is spotted, and how sure the model must be.
struct SpottingPhraseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Grammar of phrases to spot: a file with lines such as "turn (on | off) the {room}" and \
      "{room} = kitchen | living room"; [please] is optional.
      """, valueName: "file"), completion: .file())
  var grammar: String?

  @Option(
    help: ArgumentHelp(
      """
      Least score of a hit, 0 to 1: how probable each letter must be beside the best of any kind. \
      (default: that stored in the model, else \(SpottingOptions().threshold))
      """, valueName: "score"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Refractory time: how long a phrase is not reported again, 0 to 60 seconds.",
      valueName: "seconds"))
  var refractory = SpottingOptions().refractorySeconds

  /// What spots with a model.
  ///
  /// - Parameter phrases: a file of phrases; nil for those of the grammar or of the model.
  func spotter(_ model: ModelSource, phrases: String?, logger: Logger) throws -> Spotter {
    guard phrases == nil || grammar == nil else {
      throw ValidationError("--phrases and --grammar exclude each other; omit one of them")
    }
    let recognizer = try Recognizer(model: model)
    var wanted =
      if let grammar {
        try SpottingPhrases(grammar: grammar)
      } else if let phrases {
        SpottingPhrases(try PhraseList(contentsOf: phrases), of: recognizer.model)
      } else {
        try SpottingPhrases(of: recognizer.model)
      }
    if threshold != nil { wanted = wanted.withoutThresholds }
    let options = SpottingOptions(
      threshold: threshold ?? SpottingOptions().threshold, refractorySeconds: refractory)
    let spotter = try Spotter(recognizer, phrases: wanted, options: options)
    if let unwritable = spotter.unwritable { logger.warning("\(unwritable)") }
    return spotter
  }
}

extension SpottingFormat: ExpressibleByArgument {}
