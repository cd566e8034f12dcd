import ArgumentParser
import Logging
import Stapes

/// How text is written before a language model sees it.
struct TextOptions: ParsableArguments {
  @Flag(
    help: """
      Take the words as they are; without it letters become small, punctuation and tags go, and \
      numbers become words, as in transcripts that a recogniser learns.
      """)
  var asIs = false

  @Option(
    help: ArgumentHelp(
      "Write the text as the transcripts of this recogniser are written.", valueName: "model"))
  var forModel: String?

  @OptionGroup var language: TextLanguageOptions

  func validate() throws {
    let areGiven = language.language != nil || language.digits != nil || language.tags != nil
    guard !asIs || !areGiven && forModel == nil else {
      throw ValidationError(
        "--as-is changes nothing; leave out --for-model, --language, --digits and --tags")
    }
  }

  /// So many lines tell how all are to be written.
  private static let sampleCount = 2000

  /// Goes through the lines of files as a language model sees them, and tells what was changed.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - logger: is told; nil for no telling.
  ///   - body: is given each line.
  func forEachLine(
    of paths: [String], logger: Logger?, _ body: (String) throws(LanguageError) -> Void
  ) throws {
    var (waiting, changes) = ([String](), TextChanges())
    let base = try forModel.map { try ModelSource(named: $0).load().textNormalization }
    var text = base.map { language.normalization(for: [], base: $0) }
    func release() throws(LanguageError) {
      let chosen = text ?? language.normalization(for: waiting)
      text = chosen
      for line in waiting { try body(chosen.normalized(line, counting: &changes)) }
      waiting = []
    }
    for path in paths {
      let cutCount = try Stapes.forEachLine(of: path, cutsLongLines: true) {
        line throws(LanguageError) in
        guard !asIs else { return try body(line) }
        waiting.append(line)
        if text != nil || waiting.count == Self.sampleCount { try release() }
      }
      guard cutCount > 0 else { continue }
      logger?.warning(
        """
        \(path): \(counted(cutCount, "line")) of more than 65,536 bytes cut at white space into \
        sentences; better is one sentence a line
        """)
    }
    try release()
    if let text, !asIs {
      let isGiven = base != nil || language.language != nil
      logger?.tell(changes, of: text, languageIsGiven: isGiven)
    }
  }
}
