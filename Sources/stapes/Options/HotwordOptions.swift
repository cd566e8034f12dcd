import ArgumentParser
import Stapes

/// The hot words.
struct HotwordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Hot words: a file of words and phrases to favour, one on each line, optionally followed by a \
      tab and a boost of its own.
      """, valueName: "file"), completion: .file())
  var hotwords: String?

  @Option(
    help: ArgumentHelp(
      """
      Hot word boost: added to the score for each letter of a hot word, in natural logarithms. \
      (default: \(HotwordList.defaultBoost))
      """, valueName: "number"))
  var hotwordBoost: Double?

  func validate() throws {
    if let hotwordBoost {
      guard hotwords != nil else {
        throw ValidationError("--hotword-boost needs --hotwords")
      }
      guard HotwordList.boosts.contains(hotwordBoost) else {
        throw ValidationError(
          "--hotword-boost is \(hotwordBoost); give a number from -1000 to 1000, such as 1.5")
      }
    }
  }

  /// The list; nil where there is none.
  func list() throws -> HotwordList? {
    try hotwords.map {
      try HotwordList(contentsOf: $0, boost: hotwordBoost ?? HotwordList.defaultBoost)
    }
  }
}

/// Which phrases there are to choose from.
struct PhraseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Recognise only the phrases in this file, one on each line; the text is empty if none of them \
      matches.
      """,
      valueName: "file"), completion: .file())
  var phrases: String?

  @Option(
    help: ArgumentHelp(
      """
      Rejection threshold of --phrases: how far a phrase may score below the best unrestricted \
      text, in natural logarithms for each letter of that text, 0 or more; inf rejects nothing.
      """, valueName: "number"))
  var unknownMargin = RecognitionOptions().unknownMargin
}
