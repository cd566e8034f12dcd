internal import StapesFiles

extension LineReader {
  /// Opens a text.
  ///
  /// - Parameters:
  ///   - path: a file, also packed by gzip, or "-" for standard input.
  ///   - role: what it is to whoever uses it.
  /// - Throws: `LanguageError.file`, and `.otherKind` for a file that begins as no text does.
  static func text(at path: String, role: String) throws(LanguageError) -> LineReader {
    let lines = try rethrowing(LineReader(path: path, role: role), as: LanguageError.file)
    if let kind = ForeignKind(of: lines.upcoming) {
      throw .otherKind(path: path, kind: kind.name, remedy: kind.remedy)
    }
    return lines
  }

  /// As `next()`.
  ///
  /// - Throws: `LanguageError.file`.
  mutating func nextLine() throws(LanguageError) -> ArraySlice<UInt8>? {
    try rethrowing(next(), as: LanguageError.file)
  }
}

/// Hands on the lines of a text, however large, one at a time, without their ends.
///
/// - Parameters:
///   - path: a file of UTF-8, also packed by gzip, or "-" for standard input; a byte order mark is
///     passed over, and bytes that are no UTF-8 become the replacement character.
///   - role: what messages call the file.
///   - cutsLongLines: whether lines of more than 65,536 bytes are handed on in parts, cut at white
///     space where there is some.
///   - body: takes each line.
/// - Returns: how many lines were cut.
/// - Throws: `LanguageError.file`, `.otherKind`, `.longLine` where lines are not cut, and what the
///   body throws.
@discardableResult
public func forEachLine(
  of path: String, role: String = "text", cutsLongLines: Bool = false,
  _ body: (String) throws(LanguageError) -> Void
) throws(LanguageError) -> Int {
  var reader = try LineReader.text(at: path, role: role)
  var (cutCount, isWithin) = (0, false)
  while let line = try reader.nextLine() {
    if reader.isCut, !isWithin {
      guard cutsLongLines else {
        throw .longLine(path: path, line: reader.lineNumber, limit: LineReader.longestLine)
      }
      cutCount += 1
    }
    isWithin = reader.isCut
    try body(String(decoding: line, as: UTF8.self))
  }
  return cutCount
}
