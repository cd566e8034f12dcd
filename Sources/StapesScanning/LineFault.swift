/// Why a line of a list or of labels is not used.
public enum LineFault: Error, Hashable {
  /// The line has another number of fields than the others.
  case fieldCount(found: Int, expected: Int)
  /// A field begins with a quotation mark that nothing closes.
  case unclosedQuote
  /// What the line should say is not there, such as "sound file".
  case missing(String)
  /// A field is not the number that it should be.
  case number(field: String, found: String)
  /// A part ends before it begins, or is a point in time; in seconds.
  case times(start: Double, end: Double)
  /// The line tells of one channel of a recording of which other lines tell of others.
  case channel(String)
  /// The line has another form than the one that is expected, such as "a JSON object".
  case form(expected: String)
  /// Several tiers of labels are as good as each other.
  case severalTiers([String])
}

extension LineFault: CustomStringConvertible {
  /// The cause in a few words, to follow the name of the file and the number of the line.
  public var description: String {
    switch self {
    case .fieldCount(let found, let expected): "\(found) fields instead of \(expected)"
    case .unclosedQuote: "a quotation mark that nothing closes"
    case .missing(let what): "no \(what)"
    case .number(let field, let found): "\(field) is no number that makes sense: \"\(found)\""
    case .times(let start, let end): "from \(start) s to \(end) s is no stretch of sound"
    case .channel(let name):
      "it tells of channel \(name) of several; write each channel to a file of its own"
    case .form(let expected): "not \(expected)"
    case .severalTiers(let names):
      "which tier holds the texts is not clear: \(names.joined(separator: ", ")); "
        + "name it \"text\", or remove the others"
    }
  }
}
