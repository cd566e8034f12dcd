import ArgumentParser
import Stapes

/// Which phrases there are to choose from.
struct PhraseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write only phrases of this file, one a line; nothing where none of them was said.",
      valueName: "file"))
  var phrases: String?

  @Option(
    help: ArgumentHelp(
      """
      How much less probable a phrase may be than any other text, as a difference of natural \
      logarithms for each letter of that text; inf where a phrase is always said.
      """, valueName: "number"))
  var unknownMargin = RecognitionOptions().unknownMargin
}
