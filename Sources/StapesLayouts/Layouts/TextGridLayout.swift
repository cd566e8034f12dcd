internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// A TextGrid of Praat beside each sound file, in its long or its short form.
  public static let textGrid = CorpusLayout(
    "Praat TextGrids",
    example: "a.wav with a.TextGrid, one tier of whose intervals holds the texts, or the words",
    .labels(
      LabelFormat(endings: ["textgrid"]) { file in
        var reader = TextGridReader(file.text)
        return reader.labels()
      }))
}

/// A position in a TextGrid.
///
/// Of both forms only strings, numbers that stand alone, and marks such as `<exists>` count, and of
/// these the order: what else stands in the long form is for people.
private struct TextGridReader {
  private enum Token: Equatable {
    case string(String)
    case number(Double)
    case mark
  }

  private var bytes: ArraySlice<UInt8>
  private var line = 1

  init(_ text: String) { bytes = Array(text.utf8)[...] }

  /// The labels in the tiers; nil where this is no TextGrid.
  mutating func labels() -> Labels? {
    guard case .string(let type)? = token(), type.hasPrefix("ooTextFile"),
      token() == .string("TextGrid")
    else { return nil }
    var tiers: [LabelTier] = []
    do throws(LineFault) {
      _ = try (number(), number())
      guard token() == .mark else { return Labels() }
      let count = try number()
      while Double(tiers.count) < count { tiers.append(try tier()) }
      return LabelTier.labels(of: tiers)
    } catch {
      // What stands before the fault is good.
      var labels = LabelTier.labels(of: tiers)
      labels.faults.append((line, error))
      return labels
    }
  }

  /// Reads a tier; one of points is read over, and has no segments.
  private mutating func tier() throws(LineFault) -> LabelTier {
    let kind = try string()
    var tier = LabelTier(name: try string(), segments: [])
    _ = try (number(), number())
    let count = try number()
    var index = 0.0
    while index < count {
      index += 1
      let start = try number()
      guard kind == "IntervalTier" else {
        _ = try string()
        continue
      }
      let end = try number()
      let text = try string()
      if start >= 0, start < end {
        tier.segments.append(LabelSegment(start: start, end: end, text: text.trimmed))
      }
    }
    return tier
  }

  private mutating func string() throws(LineFault) -> String {
    guard case .string(let text)? = token() else { throw .missing("text in quotes") }
    return text
  }

  private mutating func number() throws(LineFault) -> Double {
    guard case .number(let number)? = token() else { throw .missing("number") }
    return number
  }

  /// The next token; nil at the end, and where a string has none.
  private mutating func token() -> Token? {
    while let first = bytes.first {
      if first == UInt8(ascii: "\"") { return string(from: bytes.dropFirst()) }
      if first == UInt8(ascii: "!") {
        bytes = bytes.drop { $0 != lineFeed }
        continue
      }
      guard !Self.isSpace(first) else {
        line += first == lineFeed ? 1 : 0
        bytes.removeFirst()
        continue
      }
      let word = bytes.prefix { !Self.isSpace($0) }
      bytes = bytes[word.endIndex...]
      let text = String(decoding: word, as: UTF8.self)
      if text == "<exists>" { return .mark }
      if let number = Double(text), number.isFinite { return .number(number) }
    }
    return nil
  }

  private mutating func string(from start: ArraySlice<UInt8>) -> Token? {
    var content: [UInt8] = []
    bytes = start
    while let byte = bytes.popFirst() {
      line += byte == lineFeed ? 1 : 0
      if byte == UInt8(ascii: "\"") {
        guard bytes.first == byte else { return .string(String(decoding: content, as: UTF8.self)) }
        bytes.removeFirst()
      }
      content.append(byte)
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}

private let lineFeed = UInt8(ascii: "\n")
