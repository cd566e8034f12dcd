import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes listen`: live sound to text.
struct ListenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen",
    abstract: "Transcribes live sound while it arrives.",
    discussion: """
      Prints each utterance on a line of its own when a pause ends it; a terminal also shows the \
      partial text. With --json, each line is an event: a partial with the text so far, whose \
      committed part no longer changes, or a final. Times are seconds from the start of the \
      stream. Ctrl-C ends the stream and prints the last utterance.

      The default model is english-streaming, which reads the sound in one direction and so needs \
      each sample only once.

      With --spot, prints a line each time that a phrase of --phrases, --grammar or the model is \
      said, and nothing else: start, end, score and phrase.

      WAV and raw samples are transcribed as they arrive, other formats only once they are complete.

      Examples:
        arecord -f S16_LE -r 16000 -t raw | stapes listen --raw s16le:16000
        arecord -f S16_LE -r 16000 | stapes listen --json
        stapes listen call.wav --pause 1
        arecord -f S16_LE -r 16000 | stapes listen --spot --phrases wanted.txt
      """)

  @Argument(help: "Sound file; - reads standard input.")
  var file = "-"

  @Flag(help: "Print events as JSON, one on each line.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Length of the pause that ends an utterance, 0.1 to 10 seconds.", valueName: "seconds"))
  var pause = StreamOptions().pauseSeconds

  @Option(
    help: ArgumentHelp(
      "Longest utterance, 2 to 600 seconds; a longer one is cut without a pause.",
      valueName: "seconds"))
  var longest = StreamOptions().longestSeconds

  @Flag(help: "Spot phrases instead of transcribing.")
  var spot = false

  @OptionGroup var spotting: SpottingPhraseOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    guard !spot else { return try await spotPhrases() }
    let options = StreamOptions(pauseSeconds: pause, longestSeconds: longest)
    let recognizer = try model.recognizer(wantsWords: json, hearsStreams: true)
    let logger = logging.logger
    let teller = EventTeller(asJSON: json, showsPartials: !logging.quiet)
    let (path, audio) = (file, sound.audio(decoding))
    let summary = try await stoppable(logger: logger) {
      try await ListenSummary(
        of: path, audio: audio, recognizer: recognizer, options: options, teller: teller,
        logger: logger)
    }
    logger.info("\(summary)")
  }

  private func spotPhrases() async throws {
    let logger = logging.logger
    let spotter = try spotting.spotter(
      ModelSource(named: model.name.model, hearsStreams: true), phrases: model.phrases.phrases,
      logger: logger)
    let (path, audio, format) = (file, sound.audio(decoding), json ? SpottingFormat.json : .txt)
    try await stoppable(logger: logger) {
      let rate = spotter.recognizer.sampleRate
      var stream = try SpottingStream(spotter, sampleRate: rate)
      try stream.requireExact()
      var (report, sampleCount) = (SoundReport(logger: logger), 0)
      let sound = LiveSound(path: path, audio: audio, rate: rate)
      for try await piece in sound {
        report.tell(piece.warnings)
        sampleCount += piece.samples.count
        for found in try stream.append(piece.samples) { try Console.write(format.line(found)) }
      }
      for found in stream.finish() { try Console.write(format.line(found)) }
      let processed = clockTime(Double(sampleCount) / Double(rate))
      logger.info("\(processed) of sound; the network ran on \(clockTime(stream.processedSeconds))")
    }
  }
}

/// Listens to a sound to its end, and says how that went.
private struct ListenSummary: CustomStringConvertible {
  private var seconds = 0.0
  private var utteranceCount = 0
  private var latency = LatencyMeter()

  init(
    of path: String, audio: AudioOptions, recognizer: Recognizer, options: StreamOptions,
    teller: EventTeller, logger: Logger
  ) async throws {
    var stream = try RecognitionStream(
      recognizer, sampleRate: recognizer.sampleRate, options: options)
    if stream.hearsWindows {
      logger.notice(
        """
        this model is bidirectional, or normalises whole clips, so it recognises overlapping \
        windows: text appears about a second later than with a unidirectional model
        """)
    }
    var report = SoundReport(logger: logger)
    for try await piece in LiveSound(path: path, audio: audio, rate: recognizer.sampleRate) {
      report.tell(piece.warnings)
      seconds += Double(piece.samples.count) / Double(recognizer.sampleRate)
      latency.hear(until: seconds, at: piece.arrival)
      try tell(stream.append(piece.samples), teller)
    }
    try tell(stream.finish(), teller)
  }

  private mutating func tell(_ events: [RecognitionStream.Event], _ teller: EventTeller) throws {
    for event in events {
      try teller.tell(event)
      switch event {
      case .partial(let partial): latency.tell(partial.end, isFinal: false)
      case .utterance(let utterance):
        latency.tell(utterance.end, isFinal: true)
        utteranceCount += 1
      }
    }
  }

  var description: String {
    let heard = "\(clockTime(seconds)) of sound, \(counted(utteranceCount, "utterance"))"
    return ([heard] + latency.lines).joined(separator: "; ")
  }
}

/// Writes events to standard output.
private struct EventTeller: Sendable {
  let asJSON: Bool
  let showsPartials: Bool

  func tell(_ event: RecognitionStream.Event) throws(ConsoleError) {
    if asJSON { return try Console.write(canonicalJSON(Record(event)).escapedAsJSON + "\n") }
    switch event {
    case .partial(let partial):
      guard showsPartials, Console.isTerminal else { return }
      Console.rewriteLine(String(partial.text.escapedForTerminal.suffix(79)))
    case .utterance(let utterance):
      if showsPartials, Console.isTerminal { Console.rewriteLine("") }
      try Console.write(utterance.text + "\n")
    }
  }

  /// An event as its JSON object has it.
  private struct Record: Encodable {
    let type: String
    let start: Double
    let end: Double
    let text: String
    var committed: String?
    var words: [Word]?

    struct Word: Encodable {
      let text: String
      let start: Double
      let end: Double
      let confidence: Double
    }

    init(_ event: RecognitionStream.Event) {
      switch event {
      case .partial(let partial):
        (type, text, committed) = ("partial", partial.text, partial.committed)
        (start, end) = (rounded(partial.start), rounded(partial.end))
      case .utterance(let utterance):
        (type, text) = ("final", utterance.text)
        (start, end) = (rounded(utterance.start), rounded(utterance.end))
        words = utterance.hypotheses[0].words.map { word in
          Word(
            text: word.text, start: rounded(word.start), end: rounded(word.end),
            confidence: rounded(word.confidence))
        }
      }
    }
  }
}
