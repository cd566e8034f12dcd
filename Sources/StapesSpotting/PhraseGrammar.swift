internal import StapesFiles
internal import StapesRecognition
internal import StapesText

/// Phrases with alternatives, optional words and slots, one on each line.
///
///     turn (on | off) the {room} [please]
///     {room} = kitchen | living room
///
/// Alternatives are parted by `|`, groups stand in parentheses, optional words in brackets. A slot
/// is defined on a line of its own, by words and by slots that are defined above it, and may be used
/// anywhere below that or in phrases. `//` and `#` begin comments. It is the part of the JSpeech
/// Grammar Format (2000) that has no recursion, with braces for rules that become slots.
struct PhraseGrammar {
  /// A phrase that the grammar allows.
  struct Sentence: Equatable {
    var words: [String] = []
    var slots: [String: String] = [:]
  }

  /// What is wrong with a line; columns count from 1.
  struct Fault: Error, Equatable {
    var line = 0
    let column: Int
    let text: String
  }

  /// All phrases, in the order of the lines and of their alternatives; each once.
  private(set) var sentences: [Sentence] = []
  private var slots: [String: [Sentence]] = [:]

  /// A grammar allows at most so many phrases.
  static let mostSentences = 2000

  /// Reads a grammar.
  init(lines: [String]) throws(Fault) {
    var phrases: [(Int, GrammarLine)] = []
    for (index, line) in lines.enumerated() {
      do throws(Fault) {
        let parsed = try GrammarLine(line)
        if let slot = parsed.slot {
          guard slots[slot] == nil else {
            throw Fault(
              column: 1, text: "{\(slot)} is defined twice; join the definitions with |")
          }
          slots[slot] = try expand(parsed.expression)
        } else if !parsed.isEmpty {
          phrases.append((index, parsed))
        }
      } catch {
        throw Fault(line: index + 1, column: error.column, text: error.text)
      }
    }
    var texts: Set<[String]> = []
    for (index, line) in phrases {
      do throws(Fault) {
        for sentence in try expand(line.expression)
        where !sentence.words.isEmpty && texts.insert(sentence.words).inserted {
          sentences.append(sentence)
        }
        try Self.check(sentences.count, column: 1)
      } catch {
        throw Fault(line: index + 1, column: error.column, text: error.text)
      }
    }
  }

  private static func check(_ count: Int, column: Int) throws(Fault) {
    guard count <= mostSentences else {
      throw Fault(
        column: column,
        text: "the grammar allows more than \(mostSentences) phrases; divide it into several")
    }
  }

  private func expand(_ expression: GrammarLine.Expression) throws(Fault) -> [Sentence] {
    switch expression {
    case .word(let word): return [Sentence(words: [word])]
    case .choice(let alternatives, let column):
      var all: [Sentence] = []
      for alternative in alternatives { all += try expand(alternative) }
      try Self.check(all.count, column: column)
      return all
    case .sequence(let parts, let column):
      var all = [Sentence()]
      for part in parts {
        let next = try expand(part)
        try Self.check(all.count * next.count, column: column)
        all = all.flatMap { head in
          next.map { tail in
            Sentence(
              words: head.words + tail.words,
              slots: head.slots.merging(tail.slots) { _, last in last })
          }
        }
      }
      return all
    case .slot(let name, let column):
      guard let values = slots[name] else {
        throw Fault(
          column: column,
          text: "{\(name)} is not defined above; add a line such as {\(name)} = one | two")
      }
      return values.map { value in
        var value = value
        value.slots[name] = value.words.joined(separator: " ")
        return value
      }
    }
  }
}

/// A line of a grammar.
struct GrammarLine {
  /// What a line says.
  indirect enum Expression: Equatable {
    case word(String)
    case sequence([Expression], column: Int)
    case choice([Expression], column: Int)
    case slot(String, column: Int)
  }

  /// The slot that the line defines; nil for a phrase.
  private(set) var slot: String?
  private(set) var expression = Expression.sequence([], column: 1)
  /// Whether there is nothing on the line.
  var isEmpty: Bool { expression == .choice([.sequence([], column: 1)], column: 1) }

  private let characters: [Character]
  private var position = 0

  init(_ line: String) throws(PhraseGrammar.Fault) {
    var text = Substring(line)
    for mark in ["//", "#"] {
      text = text.firstRange(of: mark).map { text[..<$0.lowerBound] } ?? text
    }
    characters = Array(text.trimmedEnd)
    skipSpace()
    if !characters.isEmpty, let name = try? slotName() {
      skipSpace()
      if next == "=" {
        position += 1
        slot = name
      } else {
        position = 0
      }
    } else {
      position = 0
    }
    let start = position
    expression = try choice()
    if position == start, slot == nil, characters.isEmpty { return }
    guard position == characters.count else {
      throw fault("there is a \(characters[position]) without its opening; remove it")
    }
    guard slot == nil || position > start else {
      throw fault("the slot has no value; write one behind =")
    }
  }

  private var next: Character? { position < characters.count ? characters[position] : nil }

  private func fault(_ text: String, at index: Int? = nil) -> PhraseGrammar.Fault {
    PhraseGrammar.Fault(column: (index ?? position) + 1, text: text)
  }

  private mutating func skipSpace() {
    while let character = next, character.isWhitespace { position += 1 }
  }

  private mutating func choice() throws(PhraseGrammar.Fault) -> Expression {
    let column = position + 1
    var alternatives: [Expression] = []
    repeat {
      if !alternatives.isEmpty { position += 1 }
      alternatives.append(try sequence())
      guard alternatives.count == 1 && next != "|" || alternatives.last?.isNothing == false else {
        throw fault("an alternative is empty; write [words] for words that may be omitted")
      }
    } while next == "|"
    return .choice(alternatives, column: column)
  }

  private mutating func sequence() throws(PhraseGrammar.Fault) -> Expression {
    var parts: [Expression] = []
    skipSpace()
    let column = 1
    while let character = next, !"|)]".contains(character) {
      parts.append(try part(character))
      skipSpace()
    }
    return .sequence(parts, column: column)
  }

  private mutating func part(_ character: Character) throws(PhraseGrammar.Fault) -> Expression {
    let start = position
    switch character {
    case "(", "[":
      position += 1
      let inner = try choice()
      let closing: Character = character == "(" ? ")" : "]"
      guard next == closing else {
        throw fault("the \(character) is not closed; add a \(closing)", at: start)
      }
      position += 1
      return character == "("
        ? inner : .choice([inner, .sequence([], column: 1)], column: start + 1)
    case "{":
      return .slot(try slotName(), column: start + 1)
    case "}", "=":
      throw fault(
        "\(character) is not expected here; a slot is written {name}, and defined by a "
          + "line {name} = one | two")
    default:
      while let letter = next, !letter.isWhitespace, !"()[]{}|=".contains(letter) { position += 1 }
      return .word(String(characters[start..<position]))
    }
  }

  private mutating func slotName() throws(PhraseGrammar.Fault) -> String {
    let start = position
    guard next == "{", let end = characters[start...].firstIndex(of: "}") else {
      throw fault("the { is not closed; add a }", at: start)
    }
    let name = String(characters[start + 1..<end]).trimmed
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_-".contains($0) }) else {
      throw fault("\"\(name)\" is no name of a slot; use letters, digits, - and _", at: start)
    }
    position = end + 1
    return name
  }
}

extension GrammarLine.Expression {
  fileprivate var isNothing: Bool {
    if case .sequence(let parts, _) = self { parts.isEmpty } else { false }
  }
}

extension Substring {
  fileprivate var trimmedEnd: Substring {
    var text = self
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}

extension SpottingPhrases {
  /// Reads a grammar: all phrases that it allows, each with what its slots hold.
  ///
  /// - Parameter path: a file of UTF-8, or "-" for standard input.
  /// - Throws: `SpottingError.recognition(.unreadableList)`, `.grammar` and, for a grammar without a
  ///   phrase, `.recognition(.noPhrases)`.
  public init(grammar path: String) throws(SpottingError) {
    let list = try rethrowing(PhraseList(contentsOf: path), as: SpottingError.recognition)
    do throws(PhraseGrammar.Fault) {
      let sentences = try PhraseGrammar(lines: list.phrases).sentences
      guard !sentences.isEmpty else { throw PhraseGrammar.Fault(line: 0, column: 0, text: "") }
      self.init(
        sentences.map { Phrase(text: $0.words.joined(separator: " "), slots: $0.slots) }, path: path
      )
    } catch {
      guard error.line > 0 else { throw .recognition(.noPhrases(path: path)) }
      throw .grammar(path: path, line: error.line, column: error.column, fault: error.text)
    }
  }
}
