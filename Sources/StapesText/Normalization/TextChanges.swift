/// What normalisation changed in texts: of each kind how often, in how many texts, and examples.
public struct TextChanges: Sendable, Equatable {
  /// A kind of change, or of what stayed though it may not be meant to be learnt.
  public enum Kind: Int, Sendable, CaseIterable {
    /// A tag such as `[noise]`, left out.
    case droppedTag
    /// Words in parentheses, which stay.
    case keptParentheses
    /// Numbers before a text, as times or sample numbers stand there; they stay.
    case leadingNumbers
    /// A number among letters that are not English, which stays in digits.
    case foreignNumber
    /// A number that stays in digits elsewhere.
    case keptNumber
    /// A number in English words.
    case spelledNumber
    /// A number digit by digit.
    case singleDigits
    /// A number left out.
    case droppedNumber
    /// A full-width or half-width character, or a form for one place in a word, made the usual one.
    case foldedForm
    /// A combining sign without a letter before it, left out.
    case strayMark
    /// A byte order mark, left out.
    case byteOrderMark
    /// A line end (a CRLF is one) that became a space.
    case lineEnd
    /// White space other than the plain space that became a space.
    case oddSpace
    /// A zero-width character, soft hyphen, direction mark or control character, left out.
    case invisible
    /// A typographic apostrophe, quotation mark, dash or ellipsis that became a plain one.
    case foldedMark
    /// A text that was not in Normalization Form C.
    case composedText
    /// A space within a script that has none between words, left out.
    case scriptSpace
    /// A punctuation mark or symbol, left out.
    case droppedMark
    /// A text in other letter case.
    case casedText
  }

  /// What was changed into what.
  public struct Example: Sendable, Equatable {
    /// A part of a text as it was written.
    public let written: String
    /// What it became; empty where it was left out.
    public let learnt: String
  }

  /// What is known of one kind of change.
  public struct Entry: Sendable, Equatable {
    /// How often it happened.
    public fileprivate(set) var count = 0
    /// In how many texts it happened.
    public fileprivate(set) var textCount = 0
    /// The first different ones.
    public fileprivate(set) var examples: [Example] = []
    /// The text in which it happened last.
    fileprivate var lastText = 0
  }

  /// So many examples of each kind are kept.
  private static let exampleLimit = 6

  private var entries: [Entry?] = []
  private var textCount = 0
  /// Whether anything is noted at all.
  let isNoting: Bool

  /// No change yet.
  public init() { isNoting = true }

  /// Takes no note of changes.
  init(ignoring: Void) { isNoting = false }

  /// What is known of a kind of change; nothing where there was none.
  public subscript(kind: Kind) -> Entry {
    kind.rawValue < entries.count ? entries[kind.rawValue] ?? Entry() : Entry()
  }

  /// Notes that another text follows.
  mutating func beginText() { textCount += 1 }

  /// Notes a change.
  mutating func note(
    _ kind: Kind, _ written: @autoclosure () -> String, _ learnt: @autoclosure () -> String = ""
  ) {
    guard isNoting else { return }
    if entries.isEmpty { entries = Array(repeating: nil, count: Kind.allCases.count) }
    var entry = entries[kind.rawValue] ?? Entry()
    entries[kind.rawValue] = nil
    entry.count += 1
    if entry.lastText != textCount || entry.textCount == 0 { entry.textCount += 1 }
    entry.lastText = textCount
    if entry.examples.count < Self.exampleLimit {
      let example = Example(written: written(), learnt: learnt())
      if !entry.examples.contains(example) { entry.examples.append(example) }
    }
    entries[kind.rawValue] = entry
  }
}

extension TextChanges {
  /// One kind of change in a line for people.
  public struct Line: Sendable, Equatable, CustomStringConvertible {
    /// The kind.
    public let kind: Kind
    /// In how many texts it happened, what happened, with an example, and what else can be asked for.
    public let description: String
    /// Whether the texts may not be what is said.
    public var isWarning: Bool {
      switch kind {
      case .droppedTag, .leadingNumbers, .foreignNumber, .strayMark: true
      default: false
      }
    }
  }

  /// A line for each kind of change that happened, those first that matter most.
  public var lines: [Line] {
    Kind.allCases.compactMap { kind in
      let entry = self[kind]
      guard let example = entry.examples.first else { return nil }
      let texts = entry.textCount == 1 ? "1 text" : "\(entry.textCount) texts"
      return Line(kind: kind, description: "\(texts): \(kind.sentence(example, of: entry))")
    }
  }
}

extension TextChanges.Kind {
  fileprivate func sentence(_ first: TextChanges.Example, of entry: TextChanges.Entry) -> String {
    let (written, learnt) = ("“\(first.written.shortened)”", "“\(first.learnt.shortened)”")
    let all = entry.examples.map { "“\($0.written.shortened)”" }.joined(separator: ", ")
    let areRemoved = "\(all) \(entry.examples.count == 1 ? "is" : "are") removed"
    let becomes = "\(written) becomes \(learnt)"
    switch self {
    case .droppedTag:
      let tags = entry.examples.count == 1 ? "a tag" : "tags"
      return "\(areRemoved) as \(tags); --tags keep keeps them as words"
    case .keptParentheses:
      return "\(all) \(entry.examples.count == 1 ? "is" : "are") learned as spoken words; "
        + "remove those that are not"
    case .leadingNumbers:
      return "they begin with what may be times or sample numbers, as in \(written); "
        + "remove those that are not spoken"
    case .foreignNumber:
      return "digits among letters that are not English stay digits, as in \(written); "
        + "write them in words, or choose with --digits"
    case .keptNumber: return "digits stay digits, as in \(written)"
    case .spelledNumber: return "\(becomes); --digits changes this"
    case .singleDigits: return "\(becomes), digit by digit; --digits changes this"
    case .droppedNumber, .droppedMark, .invisible: return areRemoved
    case .foldedForm, .foldedMark, .scriptSpace, .casedText: return becomes
    case .strayMark: return "\(written) begins with a combining mark, which is removed"
    case .byteOrderMark: return "a byte order mark is removed"
    case .lineEnd: return "line ends become spaces, as in \(written)"
    case .oddSpace: return "white space of other kinds becomes plain spaces, as in \(written)"
    case .composedText: return "accents are composed with their letters (NFC), as in \(written)"
    }
  }
}

extension String {
  /// The beginning of a long text, on one line.
  fileprivate var shortened: String {
    let line = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= 60 ? line : line.prefix(59) + "…"
  }
}
