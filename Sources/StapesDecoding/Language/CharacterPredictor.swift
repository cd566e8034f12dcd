/// A language model of characters that tells, after some of them, how probable each next one is.
///
/// Its tokens are characters, one that stands for all it does not know, and one for the end of a
/// text.
public protocol CharacterPredictor: Sendable {
  /// The number of the token that stands for all unknown characters.
  var unknownToken: Int { get }
  /// The number of the token that ends a text.
  var endToken: Int { get }
  /// What it knows at the begin of a text.
  var begin: CharacterPrediction { get }

  /// The token of a character.
  func token(of character: String) -> Int
  /// The character of a token; nil for the unknown one and the end.
  func character(of token: Int) -> String?

  /// Goes on by a token from each of some texts; together they cost less than one by one.
  ///
  /// - Returns: what it knows after them, in the same order.
  func predictions(
    after texts: [(before: CharacterPrediction, token: Int)]
  ) -> [CharacterPrediction]
}

/// What a language model of characters knows of a text that goes on.
public struct CharacterPrediction: Sendable {
  /// What the model remembers of the text; only the model understands it.
  public var memory: [Float]
  /// For each token the natural log-probability that it comes next.
  public var logProbabilities: [Float]

  /// Makes a prediction.
  public init(memory: [Float], logProbabilities: [Float]) {
    (self.memory, self.logProbabilities) = (memory, logProbabilities)
  }
}
