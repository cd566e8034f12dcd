public import StapesKernels

/// Finds the best label sequences by prefix beam search, with or without a language model.
///
/// The log-probability of a label sequence is the sum over all of its alignments, as far as their prefixes
/// stay in the beam; with a beam that never has to drop a prefix it is exact.
public struct BeamDecoder: Sendable {
  /// How wide the search goes, and what it leaves out.
  public var options: BeamOptions

  /// The words that it may write; nil for any label sequence, or where the language
  /// model brings its own.
  public var lexicon: Lexicon?

  /// The language model that takes part, and brings its own lexicon; nil for none.
  public var language: LanguageFusion?

  /// Makes a decoder without a language model.
  ///
  /// - Precondition: the options are valid.
  public init(options: BeamOptions = BeamOptions(), lexicon: Lexicon? = nil) {
    self.options = options
    self.lexicon = lexicon
  }

  /// Makes a decoder with a language model.
  ///
  /// - Precondition: the options are valid.
  public init(options: BeamOptions = BeamOptions(), language: LanguageFusion) {
    self.options = options
    self.language = language
  }

  /// Finds the best label sequences.
  ///
  /// - Parameters:
  ///   - logProbabilities: natural logs, [frames × classes], class 0 being blank; NaN and +∞ count
  ///     as −∞.
  ///   - hypothesisCount: how many label sequences to return at most; there are never more than
  ///     the beam is wide.
  /// - Returns: the hypotheses, best first, and equally good ones in the order of
  ///   their labels; for no frames the one without labels, of log-probability 0; none when some
  ///   frame leaves no class a probability above zero. With a lexicon, see
  ///   `BeamSearch.hypotheses(count:)`.
  public func decode(_ logProbabilities: Matrix, hypothesisCount: Int = 1) -> [Hypothesis] {
    var search =
      language.map { BeamSearch(options: options, language: $0) }
      ?? BeamSearch(options: options, lexicon: lexicon)
    search.step(logProbabilities)
    return search.hypotheses(count: hypothesisCount)
  }
}
