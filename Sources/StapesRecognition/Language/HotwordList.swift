internal import StapesDecoding
internal import StapesFiles
internal import StapesLanguage
internal import StapesModel
internal import StapesText

/// Words and phrases that a recogniser favours.
///
/// Wherever one stands in a text as whole words, the text's score rises by the boost for each of its
/// letters; see `Hotwords`. Words that neither the vocabulary nor a language model of words has may
/// be written too.
public struct HotwordList: Sendable, Equatable {
  /// A word or phrase to favour.
  public struct Entry: Sendable, Equatable {
    /// The word or phrase.
    public var text: String
    /// What each of its letters adds to a text's score, as a difference of natural
    /// log-probabilities; negative for what is to be avoided.
    public var boost: Double

    /// Makes an entry.
    public init(_ text: String, boost: Double = HotwordList.defaultBoost) {
      (self.text, self.boost) = (text, boost)
    }
  }

  /// The boost of those that come without one.
  public static let defaultBoost = 1.0
  /// What boosts may be: beyond it, the sound would not count.
  public static let boosts = -1000...1000.0

  /// What is favoured.
  public let entries: [Entry]
  /// The file they come from; nil for none.
  let path: String?

  /// Takes words and phrases.
  ///
  /// The model's own normalisation of texts is applied to them; those that are empty then do not
  /// count, and of those that come again the last does.
  public init(_ entries: [Entry]) {
    (self.entries, path) = (entries, nil)
  }

  /// Reads words and phrases from a file, one a line, each with a tab and its boost, or alone.
  ///
  /// - Parameters:
  ///   - path: a file of UTF-8, also packed by gzip, or "-" for standard input.
  ///   - boost: of those that come without one.
  /// - Throws: `RecognitionError.unreadableList` and `.malformedBoost`.
  public init(
    contentsOf path: String, boost: Double = HotwordList.defaultBoost
  ) throws(RecognitionError) {
    var lines: [String] = []
    _ = try rethrowing(
      forEachLine(of: path, role: "list") { lines.append($0) }, as: RecognitionError.unreadableList)
    var entries: [Entry] = []
    for (index, line) in lines.enumerated() {
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      var entry = Entry(String(fields.first ?? ""), boost: boost)
      if fields.count > 1 {
        guard let boost = Double(fields[1].filter { $0 != " " }), Self.boosts.contains(boost) else {
          throw .malformedBoost(found: String(fields[1]), path: path, line: index + 1)
        }
        entry.boost = boost
      }
      entries.append(entry)
    }
    (self.entries, self.path) = (entries, path)
  }
}

/// A list of hotwords as one model writes them.
struct WritableHotwords {
  /// The automaton that finds them.
  let automaton: Hotwords
  /// Their words, each once, in order.
  let words: [String]
}

extension SpeechModel {
  /// A list of hotwords in the labels of the model; nil for one that has none.
  ///
  /// - Parameters:
  ///   - list: the list.
  ///   - unwritable: is told what the model does not write; hotwords that hold it are skipped.
  /// - Throws: `RecognitionError.unwritableTexts` where all of them are.
  func hotwords(
    of list: HotwordList, noting unwritable: inout UnwritableTexts
  ) throws(RecognitionError) -> WritableHotwords? {
    var phrases: [Hotwords.Phrase] = []
    var words: Set<String> = []
    for entry in list.entries where !normalized(entry.text).isEmpty {
      guard let text = writable(entry.text, skipsLossy: true, noting: &unwritable)?.text else {
        continue
      }
      let own = text.split(separator: " ").map(String.init)
      words.formUnion(own)
      let spellings = own.map { (try? alphabet.labels(of: $0)) ?? [] }
      phrases.append(Hotwords.Phrase(words: spellings, boost: entry.boost))
    }
    guard !phrases.isEmpty else {
      if !unwritable.isEmpty { throw .unwritableTexts(unwritable) }
      return nil
    }
    return WritableHotwords(automaton: Hotwords(phrases), words: words.sorted())
  }
}
