/// Strict readers of the formats, written from their definitions: each says nil for what it would
/// have to guess.
public enum FormatReaders {
  /// Lines that are shown for a while.
  public struct Cue: Equatable {
    /// From when to when, in milliseconds.
    public let start, end: Int
    /// The lines.
    public let lines: [String]

    /// Makes a cue.
    public init(start: Int, end: Int, lines: [String]) {
      (self.start, self.end, self.lines) = (start, end, lines)
    }
  }

  /// SubRip: blocks of number, times and text, each ended by an empty line; numbers from 1.
  public static func subRip(_ text: String) -> [Cue]? {
    guard !text.isEmpty else { return [] }
    guard text.hasSuffix("\n\n") else { return nil }
    var cues: [Cue] = []
    for (index, block) in text.dropLast(2).split("\n\n").enumerated() {
      let lines = block.split("\n")
      guard lines.count >= 3, lines[0] == "\(index + 1)" else { return nil }
      guard let cue = cue(lines.dropFirst(), point: ",") else { return nil }
      cues.append(cue)
    }
    return cues
  }

  /// WebVTT without settings, identifiers and notes: the magic, an empty line, then blocks.
  public static func webVTT(_ text: String) -> [Cue]? {
    guard text.hasPrefix("WEBVTT\n\n"), text.hasSuffix("\n\n") else { return nil }
    let body = text.dropFirst(8)
    guard !body.isEmpty else { return [] }
    var cues: [Cue] = []
    for block in body.dropLast(2).split("\n\n") {
      guard let cue = cue(block.split("\n")[...], point: ".") else { return nil }
      let lines = cue.lines.compactMap(unescaped)
      guard lines.count == cue.lines.count else { return nil }
      cues.append(Cue(start: cue.start, end: cue.end, lines: lines))
    }
    return cues
  }

  private static func cue(_ lines: ArraySlice<String>, point: String) -> Cue? {
    guard let first = lines.first, lines.count >= 2 else { return nil }
    let times = first.split(" --> ").compactMap { clock($0, point: point) }
    guard times.count == 2, times[0] < times[1], lines.allSatisfy({ !$0.isEmpty }) else {
      return nil
    }
    return Cue(start: times[0], end: times[1], lines: Array(lines.dropFirst()))
  }

  /// hh:mm:ss and milliseconds.
  private static func clock(_ text: String, point: String) -> Int? {
    let halves = text.split(point)
    guard halves.count == 2, halves[1].count == 3, let rest = Int(halves[1]) else { return nil }
    let parts = halves[0].split(":").compactMap { $0.count == 2 ? Int($0) : nil }
    guard parts.count == 3, parts[1] < 60, parts[2] < 60 else { return nil }
    return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + rest
  }

  private static func unescaped(_ line: String) -> String? {
    var text = ""
    var rest = Substring(line)
    while let character = rest.popFirst() {
      switch character {
      case "<", ">": return nil
      case "&":
        let entities = ["amp;": "&", "lt;": "<", "gt;": ">"]
        guard let name = entities.keys.first(where: { rest.hasPrefix($0) }) else { return nil }
        text += entities[name] ?? ""
        rest = rest.dropFirst(name.count)
      default: text.append(character)
      }
    }
    return text
  }

  /// RFC 4180, with CRLF after every record; all records have as many fields as the first.
  public static func csv(_ text: String) -> [[String]]? {
    var records: [[String]] = []
    var fields: [String] = []
    var rest = Substring(text).unicodeScalars
    while !rest.isEmpty {
      guard let field = csvField(&rest), let division = rest.popFirst() else { return nil }
      fields.append(field)
      if division == "," { continue }
      guard division == "\r", rest.popFirst() == "\n" else { return nil }
      records.append(fields)
      fields = []
    }
    guard fields.isEmpty, Set(records.map(\.count)).count <= 1 else { return nil }
    return records
  }

  private static func csvField(_ rest: inout Substring.UnicodeScalarView) -> String? {
    var field = String.UnicodeScalarView()
    guard rest.first == "\"" else {
      while let scalar = rest.first, scalar != ",", scalar != "\r" {
        guard scalar != "\"", scalar.value >= 0x20, scalar.value != 0x7F else { return nil }
        field.append(scalar)
        rest.removeFirst()
      }
      return String(field)
    }
    rest.removeFirst()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        guard rest.first == "\"" else { return String(field) }
        rest.removeFirst()
      }
      field.append(scalar)
    }
    return nil
  }

  /// A stretch of a tier.
  public struct Interval: Equatable {
    /// From when to when, in seconds.
    public let start, end: Double
    /// Its text.
    public let text: String

    /// Makes a stretch.
    public init(start: Double, end: Double, text: String) {
      (self.start, self.end, self.text) = (start, end, text)
    }
  }

  /// Praat's text grid, whose intervals must cover each tier without gap or overlap.
  ///
  /// As Praat's manual says, what counts is the order of the free-standing strings, numbers and
  /// flags; all else is comment.
  public static func textGrid(_ text: String) -> [String: [Interval]]? {
    var tokens = textGridTokens(text)[...]
    guard tokens.popFirst() == "\"ooTextFile", tokens.popFirst() == "\"TextGrid" else { return nil }
    guard let start = number(&tokens), let end = number(&tokens), start < end else { return nil }
    guard tokens.popFirst() == "<exists>", let count = number(&tokens) else { return nil }
    var tiers: [String: [Interval]] = [:]
    for _ in 0..<Int(count) {
      guard tokens.popFirst() == "\"IntervalTier", let name = tokens.popFirst() else { return nil }
      guard number(&tokens) == start, number(&tokens) == end else { return nil }
      guard let size = number(&tokens) else { return nil }
      var (intervals, covered): ([Interval], Double) = ([], start)
      for _ in 0..<Int(size) {
        guard let from = number(&tokens), let to = number(&tokens) else { return nil }
        guard let label = tokens.popFirst(), label.hasPrefix("\"") else { return nil }
        guard from == covered, from < to else { return nil }
        covered = to
        intervals.append(Interval(start: from, end: to, text: String(label.dropFirst())))
      }
      guard covered == end else { return nil }
      tiers[String(name.dropFirst())] = intervals
    }
    return tokens.isEmpty ? tiers : nil
  }

  private static func number(_ tokens: inout ArraySlice<String>) -> Double? {
    tokens.popFirst().flatMap(Double.init)
  }

  /// Strings (with a quote in front), flags and free-standing numbers; a number in brackets is none.
  private static func textGridTokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "\"" {
        var string = "\""
        rest.removeFirst()
        while let character = rest.popFirst() {
          if character == "\"" {
            guard rest.first == "\"" else { break }
            rest.removeFirst()
          }
          string.append(character)
        }
        tokens.append(string)
      } else if first.isWhitespace {
        rest.removeFirst()
      } else {
        let word = rest.prefix { !$0.isWhitespace && $0 != "\"" }
        rest = rest.dropFirst(word.count)
        if Double(word) != nil || word.hasPrefix("<") { tokens.append(String(word)) }
      }
    }
    return tokens
  }
}

extension StringProtocol {
  /// The parts between divisions, empty ones too.
  public func split(_ division: String) -> [String] {
    split(separator: division, omittingEmptySubsequences: false).map { String($0) }
  }
}
