/// A table in a text file: a row a line, fields parted by commas, semicolons or tabs.
///
/// With commas and semicolons, fields in double quotes may hold the separator, line ends, and
/// doubled quotes (RFC 4180). With tabs, a row is a line, and quotes around a field are taken off
/// where those inside it are doubled.
struct DelimitedTable {
  /// A row and the line that it begins in, which counts from 1.
  struct Row: Equatable {
    let line: Int
    let fields: [String]
  }

  /// The fields of the first row.
  let header: [String]
  /// The rows after it that are not empty.
  let rows: [Row]

  /// Reads a table.
  ///
  /// - Throws: `CorpusError.unclosedQuote`.
  init(_ text: String, path: String) throws(CorpusError) {
    let separator = Self.separator(inHeader: text)
    let all = separator == tab ? Self.lines(of: text) : try Self.quoted(text, separator, path)
    header = (all.first?.fields ?? []).map { $0.trimmed }
    rows = all.dropFirst().filter { $0.fields != [""] }
  }

  /// What parts the fields: a tab if the header has one, else a semicolon if it has no comma.
  private static func separator(inHeader text: String) -> UInt8 {
    let header = text.utf8.prefix { $0 != UInt8(ascii: "\n") }
    if header.contains(tab) { return tab }
    return header.contains(comma) || !header.contains(semicolon) ? comma : semicolon
  }

  private static func lines(of text: String) -> [Row] {
    text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).enumerated().map {
      let line = $1.last == carriageReturn ? $1.dropLast() : $1
      let fields = line.split(separator: tab, omittingEmptySubsequences: false)
      return Row(line: $0 + 1, fields: fields.map { unquoted(Substring($0)) })
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
    _ text: String, _ separator: UInt8, _ path: String
  ) throws(CorpusError) -> [Row] {
    var reader = QuotedFieldReader(bytes: Array(text.utf8)[...], separator: separator)
    var rows: [Row] = []
    while !reader.isAtEnd {
      let line = reader.line
      guard let fields = reader.readRow() else { throw .unclosedQuote(path: path, line: line) }
      rows.append(Row(line: line, fields: fields))
    }
    return rows
  }
}

/// A position in a comma-separated text.
private struct QuotedFieldReader {
  var bytes: ArraySlice<UInt8>
  let separator: UInt8
  private(set) var line = 1

  init(bytes: ArraySlice<UInt8>, separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
  }

  var isAtEnd: Bool { bytes.isEmpty }

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
