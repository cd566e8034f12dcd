internal import StapesText

/// A table in a text file: a row a line, fields parted by commas, semicolons, tabs or bars.
///
/// With commas and semicolons, fields in double quotes may hold the separator, line ends, and
/// doubled quotes (RFC 4180). With tabs, a row is a line, and quotes around a field are taken off
/// where those inside it are doubled. With bars, a row is a line, and quotes are part of the text.
package struct DelimitedTable {
  /// A row by the line that it begins in, which counts from 1.
  package typealias Row = (line: Int, fields: Result<[String], LineFault>)

  /// What parts the fields.
  package let separator: UInt8
  /// The rows that are not empty.
  package let rows: [Row]

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - text: the table.
  ///   - separators: what may part the fields; the first that the first line has does.
  ///   - marksRow: whether a field, such as the name of a sound file, shows that a line is a row.
  package init(
    _ text: String, separators: [Character] = ["\t", ",", ";", "|"], marksRow: (String) -> Bool
  ) {
    let text = Self.withoutHint(text)
    let lines = text.utf8.split(separator: lineFeed)
    let first = lines.first { !Substring($0).allSatisfy(\.isWhitespace) } ?? ""[...].utf8
    let known = separators.compactMap(\.asciiValue)
    separator = known.first(where: first.contains) ?? comma
    let all =
      [comma, semicolon].contains(separator)
      ? Self.quoted(text, separator, marksRow) : Self.lines(of: text, separator)
    rows = all.filter { row in
      (try? row.fields.get()).map { $0.count > 1 || $0[0].contains { !$0.isWhitespace } } ?? true
    }
  }

  /// A text whose first line is empty where it tells spreadsheets the separator, as `sep=;` does.
  package static func withoutHint(_ text: String) -> String {
    let first = text.utf8.prefix { $0 != lineFeed }
    guard Substring(first).trimmed.lowercased().hasPrefix("sep="), first.count <= 6 else {
      return text
    }
    return String(Substring(text.utf8[first.endIndex...]))
  }

  private static func lines(of text: String, _ separator: UInt8) -> [Row] {
    text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).enumerated().map {
      let line = $1.last == carriageReturn ? $1.dropLast() : $1
      let fields = line.split(separator: separator, omittingEmptySubsequences: false)
        .map { separator == tab ? unquoted(Substring($0)) : String(Substring($0)) }
      return ($0 + 1, .success(fields))
    }
  }

  private static func unquoted(_ field: Substring) -> String {
    let isQuoted = field.utf8.count > 1 && field.utf8.first == quote && field.utf8.last == quote
    let parts = field.dropFirst().dropLast().split(
      separator: "\"\"", omittingEmptySubsequences: false)
    guard isQuoted, !parts.contains(where: { $0.contains("\"") }) else { return String(field) }
    return parts.joined(separator: "\"")
  }

  private static func quoted(
    _ text: String, _ separator: UInt8, _ marksRow: (String) -> Bool
  ) -> [Row] {
    var reader = QuotedFieldReader(bytes: Array(text.utf8)[...], separator: separator)
    var rows: [Row] = []
    while !reader.isAtEnd {
      let start = reader
      if let fields = reader.readRow(), !swallowsRow(start, upTo: reader, marksRow) {
        rows.append((start.line, .success(fields)))
      } else {
        // The lines behind the quotation mark are read as if it were not there.
        reader = start
        reader.skipLine()
        rows.append((start.line, .failure(.unclosedQuote)))
      }
    }
    return rows
  }

  /// Whether a quoted field that goes over several lines holds what is a row of its own, as a
  /// quotation mark makes that was meant to stand alone.
  private static func swallowsRow(
    _ start: QuotedFieldReader, upTo end: QuotedFieldReader, _ marksRow: (String) -> Bool
  ) -> Bool {
    guard end.line > start.line + 1 else { return false }
    let text = start.bytes[..<end.bytes.startIndex]
    return text.split(separator: lineFeed).dropFirst().contains { line in
      let fields = line.split(separator: start.separator)
      return fields.count > 1 && fields.contains { marksRow(String(decoding: $0, as: UTF8.self)) }
    }
  }
}

/// A position in a comma-separated text.
private struct QuotedFieldReader {
  private(set) var bytes: ArraySlice<UInt8>
  let separator: UInt8
  private(set) var line = 1

  init(bytes: ArraySlice<UInt8>, separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
  }

  var isAtEnd: Bool { bytes.isEmpty }

  mutating func skipLine() {
    let rest = bytes.prefix { $0 != lineFeed }
    bytes = bytes[rest.endIndex...].dropFirst()
    line += 1
  }

  /// Reads the fields up to the end of the row; nil when a quoted one has no end.
  mutating func readRow() -> [String]? {
    var fields: [String] = []
    while true {
      guard let field = readField() else { return nil }
      fields.append(field)
      let next = bytes.popFirst()
      if next == separator { continue }
      line += next == nil ? 0 : 1
      return fields
    }
  }

  private mutating func readField() -> String? {
    var content: [UInt8] = []
    if bytes.first == quote {
      bytes.removeFirst()
      guard let inner = readQuoted() else { return nil }
      content = inner
    }
    // Also what follows a closing quote, against the rules, up to the separator.
    let rest = bytes.prefix { $0 != separator && $0 != lineFeed }
    bytes = bytes[rest.endIndex...]
    let endsRow = bytes.first != separator
    content += endsRow && rest.last == carriageReturn ? rest.dropLast() : rest
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func readQuoted() -> [UInt8]? {
    var content: [UInt8] = []
    while let byte = bytes.popFirst() {
      if byte == quote {
        guard bytes.first == quote else { return content }
        bytes.removeFirst()
      }
      line += byte == lineFeed ? 1 : 0
      content.append(byte)
    }
    return nil
  }
}

private let quote = UInt8(ascii: "\"")
private let comma = UInt8(ascii: ",")
private let semicolon = UInt8(ascii: ";")
private let tab = UInt8(ascii: "\t")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
