internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesStreaming
internal import StapesText
internal import StapesTranscript

/// Reads utterances from the outputs of a network while they are coming: where each ends, what it
/// holds, and which words of it are committed before.
///
/// A word is committed once nothing can change it: every hypothesis of the search begins with it,
/// so that neither later outputs nor the end of the sentence choose another; the sound of the
/// utterance was found to change as speech does, which is not asked again; and an utterance that is
/// too long ends behind all that is committed, while the search goes on. All of this is decided
/// output by output, so that it does not depend on the pieces in which the sound comes.
struct UtteranceReader: Sendable {
  /// Whether some utterance was taken for noise.
  private(set) var hasHeardNoise = false
  /// The text that the open utterance will begin with.
  private(set) var committed = ""

  private let recognizer: Recognizer
  private let commits: Bool
  private let timing: OutputTiming
  private var endpointer: Endpointer
  private var levels: LevelTrack
  /// The sound of the open utterance.
  private var sound = UtteranceSound()
  private var search: UtteranceSearch
  /// The number of open outputs that were searched, in this utterance or the one before.
  private var searchedCount = 0
  /// The number of labels of the committed words.
  private var committedCount = 0
  /// The number of open outputs at which the sound is judged next.
  private var nextDetection = 0

  init(_ recognizer: Recognizer, options: StreamOptions) {
    let model = recognizer.model
    self.recognizer = recognizer
    commits = options.wantsPartials
    timing = OutputTiming(model)
    endpointer = Endpointer(
      pauseSeconds: options.pauseSeconds,
      utterance: options.shortestSeconds...options.longestSeconds,
      outputRate: model.outputRate, classCount: model.alphabet.classCount)
    levels = LevelTrack(
      blockLength: model.features.hopLength * model.network.configuration.stride)
    search = UtteranceSearch(recognizer)
  }

  /// Remembers sound, before the outputs that come of it.
  mutating func append(_ samples: [Float]) {
    levels.append(samples)
    sound.append(samples)
  }

  /// Takes the next outputs, natural logs, [outputs × classes].
  ///
  /// - Returns: the utterances that end within them.
  mutating func append(_ outputs: Matrix) -> [RecognitionStream.Utterance] {
    let levels = levels.take(outputs.rowCount)
    var ended: [RecognitionStream.Utterance] = []
    for row in 0..<outputs.rowCount {
      endpointer.append(outputs.row(row), level: row < levels.count ? levels[row] : 0)
      if endpointer.hasLetter, !recognizer.choosesPhrases { searchRest() }
      switch endpointer.end {
      case .pause(let count): ended += end(after: count)
      case .length: ended += cut()
      case nil: commit()
      }
    }
    return ended
  }

  /// Ends the last utterance.
  mutating func finish() -> [RecognitionStream.Utterance] {
    end(after: endpointer.open.logProbabilities.rowCount)
  }

  /// The partial text of the open utterance; nil for no letter.
  ///
  /// - Parameter preview: outputs that are not settled: they count only for the text so far.
  func partial(before preview: Matrix) -> RecognitionStream.Partial? {
    var heard = endpointer.open
    heard.logProbabilities.appendRows(of: preview)
    guard let spoken = heard.spoken else { return nil }
    var search = search
    search.step(heard.logProbabilities.rows(searchedCount..<heard.logProbabilities.rowCount))
    let text = search.text
    return text.isEmpty
      ? nil
      : RecognitionStream.Partial(
        committed: committed, text: text, start: seconds(spoken.lowerBound),
        end: seconds(spoken.upperBound))
  }
}

extension UtteranceReader {
  private mutating func searchRest() {
    let open = endpointer.open.logProbabilities
    guard searchedCount < open.rowCount else { return }
    search.step(open.rows(searchedCount..<open.rowCount))
    searchedCount = open.rowCount
  }

  /// Commits the words that are settled, in sound that is speech.
  private mutating func commit() {
    guard commits, endpointer.hasLetter, !recognizer.choosesPhrases else { return }
    let words = search.settledWords
    guard words.count > committedCount else { return }
    let text = recognizer.text(of: words)
    guard !text.isEmpty, !committed.isEmpty || isSpeech else { return }
    (committed, committedCount) = (text, words.count)
  }

  /// Whether the sound of the open utterance is speech by now; asked again only after a tenth more,
  /// so that it takes no more time than at the end.
  private var isSpeech: Bool {
    mutating get {
      let count = endpointer.open.logProbabilities.rowCount
      guard count >= nextDetection else { return false }
      nextDetection = count + max(1, count / 10)
      return recognizer.isSpeech(samples(of: endpointer.open))
    }
  }

  /// Ends the open utterance after some outputs at a pause or the end of the stream.
  private mutating func end(after count: Int) -> [RecognitionStream.Utterance] {
    let piece = endpointer.take(count)
    let utterance = utterance(
      of: piece, found: recognizer.choosesPhrases ? nil : search.hypotheses,
      isSpeech: !committed.isEmpty)
    search.begin()
    searchedCount = endpointer.open.logProbabilities.rowCount
    forgetEnded()
    return utterance
  }

  /// Ends an utterance that is too long.
  private mutating func cut() -> [RecognitionStream.Utterance] {
    let count = endpointer.open.logProbabilities.rowCount
    guard endpointer.hasLetter else { return forget() }
    if recognizer.choosesPhrases { return end(after: endpointer.gap) }
    if committed.isEmpty {
      let (_, reason) = recognizer.judgedHypotheses(
        of: endpointer.open.logProbabilities, samples: samples(of: endpointer.open),
        found: search.hypotheses)
      if reason == .noise { hasHeardNoise = true }
      guard reason == nil else { return forget() }
    }
    guard let cut = search.cut(endpointer.open.logProbabilities) else { return end(after: count) }
    let piece = endpointer.take(cut.outputCount)
    searchedCount -= cut.outputCount
    let utterance = utterance(of: piece, found: [cut.hypothesis], isSpeech: true)
    forgetEnded()
    return utterance
  }

  /// Forgets the open utterance, in which nothing was said, but for its last outputs.
  private mutating func forget() -> [RecognitionStream.Utterance] {
    let count = endpointer.open.logProbabilities.rowCount
    _ = endpointer.take(max(count - endpointer.pause, count / 2))
    search.begin()
    searchedCount = 0
    forgetEnded()
    return []
  }

  private mutating func forgetEnded() {
    (committed, committedCount, nextDetection) = ("", 0, 0)
    sound.forget(before: endpointer.open.start * levels.blockLength)
  }

  /// The utterance that some outputs hold, as `Recognizer.judgedHypotheses` takes it; none where
  /// nothing was said.
  private mutating func utterance(
    of piece: Endpointer.Piece, found: [Hypothesis]?, isSpeech: Bool
  ) -> [RecognitionStream.Utterance] {
    // A committed word may have no letter that is anywhere more probable than blank.
    let whole = piece.start..<piece.start + piece.logProbabilities.rowCount
    guard let spoken = piece.spoken ?? (isSpeech ? whole : nil) else { return [] }
    let (hypotheses, reason) = recognizer.judgedHypotheses(
      of: piece.logProbabilities, samples: samples(of: piece), found: found, isSpeech: isSpeech)
    if reason == .noise { hasHeardNoise = true }
    guard let best = hypotheses.first, !best.text.isEmpty else { return [] }
    return [
      RecognitionStream.Utterance(
        hypotheses: hypotheses.map { $0.later(by: Double(piece.start) * timing.step) },
        start: seconds(spoken.lowerBound), end: seconds(spoken.upperBound))
    ]
  }

  private func samples(of piece: Endpointer.Piece) -> [Float] {
    sound.samples(
      of: piece.start..<piece.start + piece.logProbabilities.rowCount, length: levels.blockLength)
  }

  /// Where an output begins, in seconds from the start of the stream.
  private func seconds(_ output: Int) -> Double { max(0, timing.start(of: output)) }
}
