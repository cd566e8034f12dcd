import Stapes

extension [String] {
  /// The arguments of a command line, with `./` before each that begins with a dash but is a file:
  /// otherwise `-dash.wav` is taken for the flags `-d`, `-a`, `-s` and `-h`, and gives the help.
  ///
  /// A file is what is there under this name, or what has the form of a file's name and of no flag.
  /// What is a flag stays one even where a file has its name; behind `--` nothing is changed, nor
  /// behind a flag that takes words.
  ///
  /// - Parameter exists: whether a file is there.
  func markingFiles(
    exists: (String) -> Bool = { FileNode(at: $0, followsLinks: true) != nil }
  ) -> [String] {
    let end = firstIndex(of: "--") ?? endIndex
    return indices.map { index in
      let argument = self[index]
      let isText = index > 0 && ["--text", "--description", "--licence"].contains(self[index - 1])
      guard index < end, !isText, argument.mayBeFile else { return argument }
      return argument.isNameWithEnding || exists(argument) ? "./" + argument : argument
    }
  }
}

extension String {
  /// Whether this begins with a dash, and is neither a dash alone, a flag of one letter, a flag of
  /// several, nor a number.
  fileprivate var mayBeFile: Bool {
    let bytes = utf8
    guard bytes.first == UInt8(ascii: "-"), bytes.count > 2, Double(self) == nil else {
      return false
    }
    guard bytes.dropFirst().first == UInt8(ascii: "-") else { return true }
    return !bytes.prefix { $0 != UInt8(ascii: "=") }.allSatisfy(isOfFlag)
  }

  /// Whether this is a name without white space that a dot and some letters or digits end.
  fileprivate var isNameWithEnding: Bool {
    guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = utf8[utf8.index(after: dot)...]
    return (1...12).contains(ending.count) && ending.allSatisfy(isOfFlag)
      && !contains(where: \.isWhitespace)
  }
}

/// Whether a byte may stand in the name of a flag.
private func isOfFlag(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
    true
  default: false
  }
}
