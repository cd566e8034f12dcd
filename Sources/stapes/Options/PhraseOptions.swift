import ArgumentParser
import Stapes

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
