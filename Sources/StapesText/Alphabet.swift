/// The characters that a model can write, each with its class.
///
/// A character is a grapheme cluster, what a reader takes for one letter, in Normalization Form C.
/// Class 0 is the blank of connectionist temporal classification; character `i` is class `i + 1`.
public struct Alphabet: Sendable {
  /// The characters in class order: by their Unicode scalars when made from transcripts.
  public let characters: [String]

  private let labelOfCharacter: [Character: Int]

  /// The number of classes: the characters and the blank.
  public var classCount: Int { characters.count + 1 }

  /// Collects the characters of transcripts that are already normalised.
  ///
  /// - Parameter transcripts: any number of texts; no text at all gives an alphabet of the blank.
  public init(transcripts: some Sequence<String>) {
    var found: Set<Character> = []
    for transcript in transcripts {
      found.formUnion(transcript.composed)
    }
    let sorted = found.map(String.init).sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    self.init(distinct: sorted.map { Character($0) })
  }

  /// Takes over the characters of a stored alphabet, in their order.
  ///
  /// - Throws: `TextError.notAnAlphabet` when an entry is not one character or stands there twice.
  public init(characters: [String]) throws(TextError) {
    var distinct: [Character] = []
    var seen: Set<Character> = []
    for entry in characters.map(\.composed) {
      guard let character = entry.first, entry.count == 1, seen.insert(character).inserted else {
        throw .notAnAlphabet(entry: entry)
      }
      distinct.append(character)
    }
    self.init(distinct: distinct)
  }

  private init(distinct: [Character]) {
    characters = distinct.map(String.init)
    labelOfCharacter = Dictionary(
      uniqueKeysWithValues: distinct.enumerated().map { ($0.element, $0.offset + 1) })
  }

  /// The classes of a text's characters, in 1..<`classCount`; none for an empty text.
  ///
  /// - Throws: `TextError.characterOutsideAlphabet` at the first character without a class.
  public func labels(of text: String) throws(TextError) -> [Int] {
    var labels: [Int] = []
    labels.reserveCapacity(text.utf8.count)
    for character in text.composed {
      guard let label = labelOfCharacter[character] else {
        throw .characterOutsideAlphabet(character: String(character), text: text)
      }
      labels.append(label)
    }
    return labels
  }

  /// The text that classes stand for.
  ///
  /// - Precondition: every label is in 1..<`classCount`; a blank has no text.
  public func text(of labels: [Int]) -> String {
    var text = ""
    for label in labels {
      precondition((1..<classCount).contains(label), "label \(label), classes \(classCount)")
      text += characters[label - 1]
    }
    return text
  }
}

extension Alphabet: Equatable {
  /// Whether two alphabets give every character the same class.
  public static func == (a: Alphabet, b: Alphabet) -> Bool { a.characters == b.characters }
}

extension Alphabet: Codable {
  /// Reads the characters as a list of strings.
  ///
  /// - Throws: `DecodingError.dataCorrupted` when the list is not an alphabet.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let characters = try container.decode([String].self)
    do {
      try self.init(characters: characters)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the characters as a list of strings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(characters)
  }
}
