public import StapesFiles

/// Why a language model could not be estimated, read or written.
public enum LanguageError: Error, Equatable {
  /// A file cannot be read or written; nothing half-written is left behind.
  case file(FileError)
  /// The file is of another kind than what is read; what helps.
  case otherKind(path: String, kind: String, remedy: String)
  /// A line of a list is longer than any should be, in bytes; lines count from 1.
  case longLine(path: String, line: Int, limit: Int)
  /// A line of an ARPA file cannot be understood; lines count from 1.
  case malformedARPA(path: String, line: Int, detail: String)
  /// A binary model is something else, was cut, or was altered.
  case damagedBinary(path: String, detail: String)
  /// A binary model is of a format that this version does not read.
  case unknownBinaryVersion(path: String, found: Int, supported: Int)
  /// A setting is outside its range.
  case unusableOption(name: String, found: String, allowed: String)
  /// A word cannot be written in a model: it is empty, holds white space or control characters, or
  /// is one of the marks of a sentence's ends.
  case unusableWord(word: String, sentence: Int)
  /// There is not a single word to learn from.
  case noText
  /// The text has more different words than n-grams of this order can hold.
  case tooManyWords(limit: Int, order: Int)
  /// The model has more n-grams of an order than an index of 32 bits can hold.
  case tooManyNGrams(order: Int)
}

extension LanguageError: CustomStringConvertible {
  /// The file, the cause and the remedy in one sentence.
  public var description: String {
    switch self {
    case .file(let error) where error.role == SpillFile.role:
      "\(error.problem); let TMPDIR name a folder with more room, or allow more memory"
    case .file(let error): error.description
    case .otherKind(let path, let kind, let remedy):
      "\(path): it is \(kind); \(remedy)"
    case .longLine(let path, let line, let limit):
      "\(path), line \(line): it is longer than \(limit) bytes; give one entry a line"
    case .malformedARPA(let path, let line, let detail):
      "\(path), line \(line): not as the ARPA format has it: \(detail); make or copy the file again"
    case .damagedBinary(let path, let detail):
      "\(path): not a language model that can be used: \(detail); copy or make the file again"
    case .unknownBinaryVersion(let path, let found, let supported):
      "\(path): the language model is of format \(found), this version reads format \(supported); "
        + "build it again from its text or ARPA file"
    case .unusableOption(let name, let found, let allowed):
      "the \(name) is \(found); give \(allowed)"
    case .unusableWord(let word, let sentence):
      "sentence \(sentence): \"\(word.shortened)\" cannot be a word of a language model, which has no white "
        + "space or control characters and is not <s> or </s>; take it out of the text"
    case .noText:
      "the text has no words; give text with one sentence a line"
    case .tooManyWords(let limit, let order):
      "the text has more than \(limit) different words, too many for order \(order); limit the "
        + "vocabulary, or choose a lower order"
    case .tooManyNGrams(let order):
      "the model has too many n-grams of order \(order); prune the rare ones with --prune"
    }
  }
}

extension String {
  /// The text, of a long one the beginning.
  var shortened: String {
    unicodeScalars.count > 60 ? String(unicodeScalars.prefix(60)) + "…" : self
  }
}
