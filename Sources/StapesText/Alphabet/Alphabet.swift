/// The characters that a model can write, each with its class.
///
/// A character is as a rule a code point of Normalization Form C: a letter with its accents where
/// Unicode has one for it, else the letter and each sign that is written onto it. Models of before
/// have some letters with all of their signs, which then come first. Class 0 is the blank of
/// connectionist temporal classification; character `i` is class `i + 1`.
public struct Alphabet: Sendable {
  /// The characters in class order: by their Unicode scalars when made from transcripts.
  public let characters: [String]

  private let labelOfCharacter: [Character: Int]

  /// The number of classes: the characters and the blank.
  public var classCount: Int { characters.count + 1 }

  /// Collects the characters of transcripts that are already normalised.
  ///
  /// - Parameters:
  ///   - transcripts: any number of texts; no text at all gives an alphabet of the blank.
  ///   - rules: how letters with several signs are divided; by the first, not at all.
  public init(
    transcripts: some Sequence<String>, rules: TextNormalization.Rules = .second
  ) {
    var found: Set<Character> = []
    for transcript in transcripts { found.formUnion(transcript.composed) }
    if rules != .first { found = Set(found.flatMap(\.units)) }
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
      if let label = labelOfCharacter[character] {
        labels.append(label)
        continue
      }
      for unit in character.units {
        guard let label = labelOfCharacter[unit] else {
          throw .characterOutsideAlphabet(character: String(unit), text: text)
        }
        labels.append(label)
      }
    }
    return labels
  }

  /// The classes of combining signs, which never begin a text or a word.
  public var combiningLabels: [Int] {
    characters.indices.filter { characters[$0].unicodeScalars.allSatisfy(\.isCombining) }.map {
      $0 + 1
    }
  }

  /// The text that classes stand for, in Normalization Form C.
  ///
  /// - Precondition: every label is in 1..<`classCount`; a blank has no text.
  public func text(of labels: [Int]) -> String {
    var text = ""
    for label in labels {
      precondition((1..<classCount).contains(label), "label \(label), classes \(classCount)")
      text += characters[label - 1]
    }
    return text.composed
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

/// Spells words in the labels of an alphabet; fast where they are of ASCII letters, as a language
/// model has a hundred thousand words.
package struct Speller {
  private let alphabet: Alphabet
  /// The label of each character of ASCII, 0 where it has none.
  private var labels = [Int](repeating: 0, count: 128)

  package init(_ alphabet: Alphabet) {
    self.alphabet = alphabet
    for (index, character) in alphabet.characters.enumerated() {
      if let byte = character.utf8.first, character.utf8.count == 1 {
        labels[Int(byte)] = index + 1
      }
    }
  }

  /// Appends the labels of a word; none where the alphabet cannot write it.
  package func spell(_ word: String, into spelling: inout [Int]) {
    let begin = spelling.count
    for byte in word.utf8 {
      guard byte < 128, labels[Int(byte)] > 0 else {
        spelling.removeSubrange(begin...)
        if !word.utf8.allSatisfy({ $0 < 128 }) {
          spelling += (try? alphabet.labels(of: word)) ?? []
        }
        return
      }
      spelling.append(labels[Int(byte)])
    }
  }
}
