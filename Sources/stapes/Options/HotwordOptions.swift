import ArgumentParser
import Stapes

/// Which words and phrases are favoured.
struct HotwordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Favour the words and phrases of this file, one a line; a tab and a number behind one is its \
      own boost.
      """, valueName: "file"))
  var hotwords: String?

  @Option(
    help: ArgumentHelp(
      """
      What each letter of a hotword adds to a text's score, as a difference of natural logarithms; \
      without it \(HotwordList.defaultBoost).
      """, valueName: "number"))
  var hotwordBoost: Double?

  func validate() throws {
    if let hotwordBoost {
      guard hotwords != nil else {
        throw ValidationError("--hotword-boost is of use only with --hotwords")
      }
      guard hotwordBoost.isFinite else {
        throw ValidationError("--hotword-boost is \(hotwordBoost); give a number such as 1.5")
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
