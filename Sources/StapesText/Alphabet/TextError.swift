/// What can be wrong with the text handed to this module.
public enum TextError: Error, Equatable {
  /// A text holds a character for which the alphabet has no class.
  case characterOutsideAlphabet(character: String, text: String)
  /// A list of characters is not an alphabet: `entry` is empty, more than one character, or stands
  /// twice.
  case notAnAlphabet(entry: String)
}

extension TextError: CustomStringConvertible {
  /// What is wrong, why, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .characterOutsideAlphabet(let character, let text):
      return "The text \"\(text)\" holds the character \"\(character)\", which is not in the "
        + "alphabet; train on transcripts that hold it, or leave this text out."
    case .notAnAlphabet(let entry):
      return "The list of characters is not an alphabet: \"\(entry)\" is empty, more than one "
        + "character, or stands in it twice."
    }
  }
}
