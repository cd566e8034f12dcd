import ArgumentParser
import FoundationEssentials
import Logging
import Stapes

/// `stapes transcribe`: sound files to standard output.
struct TranscribeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcribe",
    abstract: "Transcribes sound files to standard output, or to files.",
    discussion: """
      A single clip prints its text alone; several clips print a line each: path, tab, text. \
      Formats: txt; json, every detail of one clip; jsonl, one JSON object on each line for each \
      clip; csv and tsv, tables of hypotheses; srt and vtt, subtitles; ctm, textgrid (Praat) and \
      audacity, words with their times.

      If --output ends in the extension of a format, it is a file of that format; otherwise it is \
      a folder that gets one file for each clip and format; - is standard output. Existing files \
      are replaced only with --overwrite.

      Examples:
        stapes transcribe recording.wav
        stapes transcribe *.flac --model my.safetensors --format jsonl --nbest 5
        stapes transcribe talk.wav --output talk.srt
        stapes transcribe a.wav b.wav --output texts --format txt,textgrid
        arecord -f S16_LE -r 16000 | stapes transcribe -
      """)

  @Argument(
    help: ArgumentHelp(
      "WAV, FLAC, Ogg, MP3 or AIFF files; - reads standard input.", valueName: "file"),
    completion: .file())
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File or folder for the transcripts. (default: standard output)", valueName: "file-or-folder"),
    completion: .file())
  var output: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var format: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Number of hypotheses to write for each clip, best first, 1 to 1000.", valueName: "number"))
  var nbest = RecognitionOptions().hypothesisCount

  @OptionGroup var model: ModelOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var channels: ChannelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    _ = try transcriptOutput()
    try channels.validate(with: sound, readingCount: nbest)
  }

  private func transcriptOutput() throws -> TranscriptOutput {
    try TranscriptOutput(
      path: output, formats: format.format?.formats, clips: files,
      overwrites: overwriting.overwrite)
  }

  func run() async throws {
    var output = try transcriptOutput()
    try output.check(inputs: files)
    let recognizer = try model.recognizer(
      hypothesisCount: nbest, wantsWords: output.formats.contains { $0.needsWords },
      splitsChannels: channels.areSplit)
    let threadCount = ProcessInfo.processInfo.activeProcessorCount
    var report = SoundReport(logger: logging.logger)
    for (index, path) in files.enumerated() {
      do {
        let transcript = try await recognizer.transcribe(
          contentsOf: path, audio: sound.audio(decoding), threadCount: threadCount)
        report.tell(transcript, path: path)
        try output.write(transcript, ofClip: index)
      } catch let error as RecognitionError {
        report.tell(error)
      }
    }
    try output.finish()
    try report.exit(itemCount: files.count)
  }
}
