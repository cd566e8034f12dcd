import ArgumentParser
import Logging
import Stapes
import StapesConsole

/// `stapes align`: forced alignment of known texts.
struct AlignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align",
    abstract: "Aligns known texts with sound (forced alignment).",
    discussion: """
      DATA is a sound file, with --text or --text-file; or labelled clips, in any layout that \
      `stapes train` reads. A text file has one utterance on each line; the recording may be long \
      and contain other speech before, between and after the utterances.

      Prints a table separated by tabs, a line for each word: path, start and end in seconds, \
      confidence (0 to 1), text. With --text-file it has a line for each utterance, and in place \
      of the confidence a score: the mean natural log-probability of its characters, near 0 if the \
      text fits the sound and far below 0 if it does not.

      --format writes the words in a format of `stapes transcribe`, such as subtitles or text \
      grids; if --output is a folder, one file for each clip.

      Examples:
        stapes align door.wav --text "open the door"
        stapes align data/train --output words.tsv --model my.safetensors
        stapes align data/train --output grids --format textgrid --model my.safetensors
        stapes align chapter.ogg --text-file chapter.txt --cut clips --model my.safetensors
      """)

  @Argument(
    help: ArgumentHelp(
      "Sound file (- reads standard input), folder of labelled clips, or manifest.",
      valueName: "data"), completion: .file())
  var data: String

  @Option(help: ArgumentHelp("Text spoken in the sound file.", valueName: "words"))
  var text: String?

  @Option(
    help: ArgumentHelp(
      "File with the text spoken in the sound file, one utterance on each line.", valueName: "file"),
    completion: .file())
  var textFile: String?

  @Option(
    help: ArgumentHelp(
      """
      Folder for the utterances, each as a WAV file and a text file of the same name, as `stapes \
      train` reads them.
      """, valueName: "folder"), completion: .directory)
  var cut: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File or folder for the result. (default: standard output)", valueName: "file-or-folder"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Output formats, separated by commas; by default a table.",
      valueName: "formats"))
  var format: TranscriptFormats?

  @OptionGroup var model: ModelNameOptions

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var labelled: DataOptions
  @OptionGroup var jobs: JobOptions
  @OptionGroup var sound: SoundOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    guard text == nil || textFile == nil else {
      throw ValidationError("give --text or --text-file, not both")
    }
    guard cut == nil || textFile != nil && data != "-" else {
      throw ValidationError("--cut needs --text-file and a sound file that can be read twice")
    }
    guard data != "-" || text != nil || textFile != nil && textFile != "-" else {
      throw ValidationError("sound from standard input needs --text or --text-file with a file")
    }
  }

  func run() async throws {
    if let output, format == nil {
      try OutputGuard.check(
        [output], inputs: [data, textFile].compactMap(\.self), overwrites: replacing.overwrite)
    }
    let recognizer = try Recognizer(model: model.source)
    try recognizer.model.requireCharacters(for: "alignments")
    if text != nil || textFile != nil {
      try alignRecording(with: recognizer)
    } else {
      try await alignCorpus(with: recognizer)
    }
  }

  /// Finds texts in one recording.
  private func alignRecording(with recognizer: Recognizer) throws {
    var output = try format.map {
      try TranscriptOutput(
        path: self.output, formats: $0.formats, clips: [data],
        overwrites: replacing.overwrite)
    }
    let texts = try texts()
    try output?.check(inputs: [data] + [textFile].compactMap(\.self))
    if let cut {
      let names = TextAlignment.partNames(of: data, count: texts.count)
      try replacing.check(names.flatMap { ["\($0).wav", "\($0).txt"] }, in: cut)
    }
    let alignment = try recognizer.align(
      texts, toContentsOf: data, audio: sound.audio(labelled.decoding), textPath: textFile)
    var report = SoundReport(logger: logging.logger)
    report.tell(alignment.warnings)
    if let unwritable = alignment.unwritable { logging.logger.warning("\(unwritable)") }
    if let cut { try alignment.cut(from: data, audio: sound.audio(labelled.decoding), into: cut) }
    if output != nil {
      try output?.write(alignment.transcript, ofClip: 0)
      try output?.finish()
    } else if textFile != nil {
      try writeTable(alignment.table(path: data))
    } else {
      try writeTable(alignment.wordTable(path: data))
    }
  }

  /// What is said in the recording; lines of nothing but white space are left out.
  private func texts() throws -> [String] {
    guard let textFile else { return text.map { [$0] } ?? [] }
    let lines = try PhraseList(contentsOf: textFile).phrases.filter { line in
      !line.allSatisfy(\.isWhitespace)
    }
    guard !lines.isEmpty else { throw RecognitionError.noPhrases(path: textFile) }
    return lines
  }

  /// Aligns labelled clips, each with its text.
  private func alignCorpus(with recognizer: Recognizer) async throws {
    let logger = logging.logger
    let corpus = try labelled.corpus([data])
    logger.tell(corpus)
    var output = try format.map {
      try TranscriptOutput(
        path: self.output, formats: $0.formats, clips: corpus.clips.map(\.path),
        names: corpus.clips.map(\.identifier), overwrites: replacing.overwrite)
    }
    try output?.check(inputs: corpus.clips.map(\.path))
    let (jobs, progress) = (jobs.jobs, logging.progress)
    let alignment = try await stoppable(logger: logger) {
      try await progress.following(corpus) { report in
        try await CorpusAlignment(of: corpus, by: recognizer, threadCount: jobs, report: report)
      }
    }
    var report = SoundReport(logger: logger)
    for failure in alignment.failures { report.tell(failure.error) }
    report.tell(corpus)
    if let unwritable = alignment.unwritable { logger.warning("\(unwritable)") }
    for entry in alignment.entries {
      try output?.write(entry.alignment.transcript, ofClip: entry.index)
    }
    try output?.finish()
    if output == nil { try writeTable(alignment.table) }
    try report.exit(after: corpus)
  }

  private func writeTable(_ table: String) throws {
    guard let output else { return try Console.write(table) }
    try FileSystem.write(table, to: output)
  }
}
