internal import Glibc
internal import StapesFiles

extension NGramModel {
  /// Packs tables that are linked already.
  init(vocabulary: Vocabulary, tables: [NGramTable], bits: Int) {
    let levels = tables.enumerated().map { index, table in
      table.packed(
        wordCount: vocabulary.count, bits: index == 0 ? PackedValues.exactBits : bits,
        isFirst: index == 0)
    }
    self.init(vocabulary: vocabulary, levels: levels)
  }

  /// Reads a model in ARPA's text format.
  ///
  /// Where the model has no `<unk>`, unknown words get the probability 1e-100, as in KenLM.
  ///
  /// - Parameter path: a file, also packed by gzip, or "-" for standard input.
  /// - Throws: `LanguageError.file`, `.malformedARPA` and `.tooManyWords`.
  public init(arpa path: String) throws(LanguageError) {
    self = try ARPAReader(path: path).model()
  }

  /// Writes the model in ARPA's text format, packed by gzip where the path ends in `.gz`.
  ///
  /// The file appears under its name only when it is complete; one that was there is replaced.
  ///
  /// - Throws: `LanguageError.file`.
  public func writeARPA(to path: String) throws(LanguageError) {
    var writer = try ARPAWriter(path: path)
    writer.append("\\data\\\n")
    for (index, count) in counts.enumerated() { writer.append("ngram \(index + 1)=\(count)\n") }
    for order in 1...order {
      writer.append("\n\\\(order)-grams:\n")
      let level = levels[order - 1]
      try forEachNGram(order: order) { (words, index) throws(LanguageError) in
        writer.append(level.probabilities[index])
        for (position, word) in words.enumerated() {
          writer.append(position == 0 ? "\t" : " ")
          writer.append(bytes: vocabulary.bytes[vocabulary.range(of: word)])
        }
        if level.backoffs.count > 0 {
          writer.append("\t")
          writer.append(level.backoffs[index])
        }
        writer.append("\n")
        try writer.flushIfFull()
      }
    }
    writer.append("\n\\end\\\n")
    try writer.finish()
  }
}

/// Text on its way into a file, packed or not.
private struct ARPAWriter: ~Copyable {
  private var file: ReplacedFile
  private var packer: ZlibStream?
  private var buffer: [UInt8] = []

  init(path: String) throws(LanguageError) {
    file = try rethrowing(
      ReplacedFile(path: path, role: NGramModel.role, followsLinks: false), as: LanguageError.file)
    packer = path.hasSuffix(".gz") ? ZlibStream(.packingGzip) : nil
  }

  mutating func append(_ text: String) { buffer += text.utf8 }

  mutating func append(bytes: ArraySlice<UInt8>) { buffer += bytes }

  /// Appends a natural logarithm as one to base 10.
  mutating func append(_ logarithm: Float) {
    let decimal = Float(Double(logarithm) / M_LN10)
    buffer += (decimal == 0 ? "0" : "\(decimal)").utf8
  }

  mutating func flushIfFull() throws(LanguageError) {
    if buffer.count > 1 << 18 { try flush() }
  }

  private mutating func flush(isLast: Bool = false) throws(LanguageError) {
    let bytes = packer?.pack(buffer, isLast: isLast) ?? buffer
    buffer.removeAll(keepingCapacity: true)
    try rethrowing(file.write(bytes), as: LanguageError.file)
  }

  mutating func finish() throws(LanguageError) {
    try flush(isLast: true)
    try rethrowing(file.commit(), as: LanguageError.file)
  }
}
