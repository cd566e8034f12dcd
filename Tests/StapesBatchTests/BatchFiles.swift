import FoundationEssentials
import StapesAudio
import StapesFiles
import StapesRecognition
import StapesBatch
import TestSupport

/// A folder with sound that says texts in tones, and batches from `in` to `out` in it.
struct BatchFiles {
  let folder: String
  private let recognizer: Recognizer

  /// Runs the body with a new folder.
  static func run(_ body: (BatchFiles) async throws -> Void) async throws {
    let recognizer = try Recognizer(model: .model(ToneLanguage.model()))
    try await withTemporaryFolder { folder in
      try await body(BatchFiles(folder: folder, recognizer: recognizer))
    }
  }

  func say(_ text: String, in name: String) throws {
    try makeFolder(of: name)
    try AudioFileWriter.writeWAV(
      samples: ToneLanguage.samples(saying: text), sampleRate: 8000, to: "\(folder)/\(name)")
  }

  func write(_ text: String, to name: String) throws {
    try makeFolder(of: name)
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(name)")
  }

  /// Sets when a file's content was changed last.
  func touch(_ name: String, _ seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: "\(folder)/\(name)")
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/\(name)", withDestinationPath: target)
  }

  func batch(
    _ inputs: [String] = ["in"], to output: String = "out", _ options: BatchOptions = BatchOptions()
  ) throws -> BatchRun {
    try BatchRun(
      inputs.map { "\(folder)/\($0)" }, outputFolder: "\(folder)/\(output)", options: options)
  }

  /// Runs a batch.
  ///
  /// - Returns: what it transcribed or tried to, what failed, and what it kept.
  @discardableResult
  func run(
    _ batch: BatchRun, report: (BatchRun.Outcome) -> Void = { _ in }
  ) async throws -> (done: [String], failed: [String], kept: [String]) {
    var (done, kept) = ([String](), batch.keptOutputs)
    let failures = try await batch.run(with: recognizer, threadCount: 1) { outcome in
      done.append(outcome.item.path)
      kept += outcome.keptOutputs
      report(outcome)
    }
    return (done.sorted(), failures.map(\.path), kept)
  }

  /// The error with which a batch is refused; nil where it is not.
  func refusal(
    _ inputs: [String] = ["in"], to output: String = "out", _ options: BatchOptions = BatchOptions()
  ) async throws -> RecognitionError? {
    do {
      try await run(batch(inputs, to: output, options))
      return nil
    } catch let error as RecognitionError {
      return error
    }
  }

  /// Says of lines of the journal that they were written at another time, as by a clock that is
  /// wrong.
  func reclock(_ journal: String = "out/.stapes/journal", by microseconds: Int) throws {
    let lines = try read(journal).split(separator: "\n").map { line in
      var columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      columns[0] = "\((Int(columns[0]) ?? 0) + microseconds)"
      return Self.journalLine(Array(columns.dropLast()))
    }
    try write(lines.joined(), to: journal)
  }

  /// A line of a journal with its checksum.
  static func journalLine(_ columns: [String]) -> String {
    var hash = ContentHash()
    for column in columns { hash.add(column) }
    return (columns + [String(hash.value, radix: 16)]).joined(separator: "\t") + "\n"
  }

  private func makeFolder(of name: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: "\(folder)/\(name)").deletingLastPathComponent(),
      withIntermediateDirectories: true)
  }
}
