import ArgumentParser
import Logging
import Stapes

/// How text is written before a language model sees it.
struct TextOptions: ParsableArguments {
  @Flag(
    help: """
      Use the text as it is. (default: normalise it as training transcripts are: lower case, no \
      punctuation or tags, numbers spelled out)
      """)
  var asIs = false

  @Option(
    help: ArgumentHelp(
      "Normalise the text as this recogniser's transcripts are.", valueName: "model"),
    completion: .model)
  var forModel: String?

  @OptionGroup var language: TextLanguageOptions

  func validate() throws {
    let areGiven = language.language != nil || language.digits != nil || language.tags != nil
    guard !asIs || !areGiven && forModel == nil else {
      throw ValidationError(
        "--as-is uses the text unchanged; omit --for-model, --language, --digits and --tags")
    }
  }

  /// So many lines tell how all are to be written.
  private static let sampleCount = 2000
  /// Also where lines are long, in bytes.
  private static let sampleByteCount = 1 << 20

  /// Goes through the lines of files as a language model sees them, and tells what was changed.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - logger: is told; nil for no telling.
  ///   - body: is given each line.
  func forEachLine(
    of paths: [String], logger: Logger?, _ body: (String) throws(LanguageError) -> Void
  ) throws {
    var (waiting, waitingByteCount, changes) = ([String](), 0, TextChanges())
    let base = try forModel.map { try ModelSource(named: $0).load().textNormalization }
    var text = base.map { language.normalization(for: [], base: $0) }
    func release() throws(LanguageError) {
      let chosen = text ?? language.normalization(for: waiting)
      text = chosen
      for line in waiting { try body(chosen.normalized(line, counting: &changes)) }
      (waiting, waitingByteCount) = ([], 0)
    }
    for path in paths {
      let cutCount = try Stapes.forEachLine(of: path, cutsLongLines: true) {
        line throws(LanguageError) in
        guard !asIs else { return try body(line) }
        waiting.append(line)
        waitingByteCount += line.utf8.count
        let isSample = waiting.count == Self.sampleCount || waitingByteCount >= Self.sampleByteCount
        if text != nil || isSample { try release() }
      }
      guard cutCount > 0 else { continue }
      logger?.warning(
        """
        \(path): \(counted(cutCount, "line")) longer than 65,536 bytes, split at white space; \
        write one sentence on each line
        """)
    }
    try release()
    if let text, !asIs {
      let isGiven = base != nil || language.language != nil
      logger?.tell(changes, of: text, languageIsGiven: isGiven)
    }
  }
}
