import ArgumentParser
import Logging
import Stapes

/// `stapes listen`: sound to text while it is coming.
struct ListenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen",
    abstract: "Turns sound into text while it is coming.",
    discussion: """
      Each utterance becomes a line on standard output once a pause ends it; on a terminal, what \
      is heard so far is shown before. With --json, each line is an event: a partial with the \
      text so far, of which what is committed will not change, or a final. Times are in seconds \
      from the start of the stream. Ctrl-C ends it with the text of what was heard.

      Without --model it is english-streaming that listens, which hears each sound once.

      WAV and bare samples are heard as they arrive; other formats only when they are complete.

      Examples:
        arecord -f S16_LE -r 16000 -t raw | stapes listen --raw s16le:16000
        arecord -f S16_LE -r 16000 | stapes listen --json
        stapes listen call.wav --pause 1
      """)

  @Argument(help: "The sound; - is standard input.")
  var file = "-"

  @Flag(help: "Print events as JSON, one on each line.")
  var json = false

  @Option(
    help: ArgumentHelp("How long a pause ends an utterance.", valueName: "seconds"))
  var pause = StreamOptions().pauseSeconds

  @Option(
    help: ArgumentHelp(
      "An utterance that lasts longer is cut without a pause.", valueName: "seconds"))
  var longest = StreamOptions().longestSeconds

  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func run() async throws {
    let options = StreamOptions(pauseSeconds: pause, longestSeconds: longest)
    let recognizer = try model.recognizer(wantsWords: json, hearsStreams: true)
    let logger = logging.logger
    let teller = EventTeller(asJSON: json, showsPartials: !logging.quiet)
    let (path, audio) = (file, sound.audio)
    let summary = try await stoppable(logger: logger) {
      try await ListenSummary(
        of: path, audio: audio, recognizer: recognizer, options: options, teller: teller,
        logger: logger)
    }
    logger.info("\(summary)")
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
        this model hears what follows too, or normalises by the clip: it listens to windows that \
        overlap, so text comes about a second later than with a model of one direction
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
    let heard = "heard \(clockTime(seconds)), \(counted(utteranceCount, "utterance"))"
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
        (start, end) = (thousandths(partial.start), thousandths(partial.end))
      case .utterance(let utterance):
        (type, text) = ("final", utterance.text)
        (start, end) = (thousandths(utterance.start), thousandths(utterance.end))
        words = utterance.hypotheses[0].words.map { word in
          Word(
            text: word.text, start: thousandths(word.start), end: thousandths(word.end),
            confidence: thousandths(word.confidence))
        }
      }
    }
  }
}

/// A number rounded to thousandths, as far as readers care.
private func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
