internal import FoundationEssentials
internal import StapesAudio

extension BatchRun {
  /// Transcribes what is left; a file that fails does not stop the others.
  ///
  /// Each transcript is written to a temporary file that is then renamed, so a file in the output
  /// folder is always complete; then a line of the journal tells that it is done. Failures, those
  /// of earlier runs and of other parts included, are listed in the output folder's `errors.tsv`,
  /// with the columns `path`, `cause` and `error`; where nothing failed, there is no such list.
  /// When the task is cancelled, no further file is begun, and what is finished stays.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - threadCount: how many tasks share the work, at least 1; more than there are cores do not
  ///     help.
  ///   - report: is told of each item as it ends, one at a time.
  /// - Returns: the failures, by path; earlier ones and folders that may not be read among them.
  /// - Throws: `RecognitionError.busy` when another process writes to the same journal, and
  ///   `.unwritable` as soon as nothing can be written to the output folder: no further file is
  ///   begun then, and what is finished stays.
  public func run(
    with recognizer: Recognizer, threadCount: Int, report: (Outcome) -> Void = { _ in }
  ) async throws(RecognitionError) -> [Failure] {
    try ResultFile.makeFolder(BatchJournal.folder(in: outputFolder))
    let journal = try JournalFile(
      path: BatchJournal.path(in: outputFolder, shard: options.shard))
    try? FileManager.default.removeItem(atPath: unfinishedFolder)
    try ResultFile.makeFolder(unfinishedFolder)
    for record in touched { try journal.append(BatchJournal.line(record, time: BatchJournal.now)) }
    var failures = earlierFailures
    failures += unreadableFolders.map { path in
      Failure(path: path, .unreadableFolder(path: path, reason: "permission denied"))
    }
    func note(_ outcome: Outcome) throws(RecognitionError) {
      if case .unwritable? = outcome.error { try checkWritable() }
      try journal.append(BatchJournal.line(outcome.record, time: BatchJournal.now))
      if let error = outcome.error { failures.append(Failure(path: outcome.item.path, error)) }
      report(outcome)
    }
    // What is no regular file is not even opened: a pipe may have no writer, a device no end.
    for item in items where item.identity == nil {
      try note(outcome(of: item, .failure(item.fault)))
    }
    let sound = items.filter { $0.identity != nil }
    let clips = sound.map { item in
      ClipWork.Clip(
        path: item.file, audio: options.audio, seconds: item.seconds, timeout: options.timeout)
    }
    try await ClipWork(clips).run(with: recognizer, threadCount: threadCount) { index, result in
      outcome(of: sound[index], result)
    } report: { (_, outcome) throws(RecognitionError) in
      try note(outcome)
    }
    journal.flush()
    try writeFailureList()
    return failures.sorted { $0.path < $1.path }
  }

  private var unfinishedFolder: String {
    BatchJournal.unfinishedFolder(in: outputFolder, shard: options.shard)
  }

  /// Writes an item's transcript in each format.
  private func outcome(
    of item: Item, _ result: Result<Transcript, RecognitionError>
  ) -> Outcome {
    var identity = item.identity ?? FileIdentity(size: 0, modified: 0, hash: nil)
    if item.identity != nil { identity.hash = FileIdentity.hash(ofFileAt: item.file) }
    func record(_ seconds: Double, _ result: BatchJournal.Result) -> BatchJournal.Record {
      BatchJournal.Record(
        path: item.path, recipe: options.recipe, identity: identity, seconds: seconds,
        result: result)
    }
    do throws(RecognitionError) {
      let transcript = try result.get()
      let byteCount = try write(transcript, of: item)
      return Outcome(
        item: item, warnings: transcript.warnings, emptyReason: transcript.emptyReason, error: nil,
        record: record(
          transcript.seconds, .done(output: item.outputPaths[0], byteCount: byteCount)))
    } catch {
      // What could not be written, or not be read for want of permission, is tried again.
      if case .unwritable = error { identity.hash = nil }
      return Outcome(
        item: item, warnings: [], emptyReason: nil, error: error,
        record: record(
          item.seconds, .failed(cause: error.cause, message: error.description)))
    }
  }

  /// Writes a transcript; returns how many bytes it has in all formats.
  private func write(
    _ transcript: Transcript, of item: Item
  ) throws(RecognitionError) -> Int {
    try ResultFile.makeFolder((outputFolder + "/" + item.path).folderPath)
    var byteCount = 0
    for (format, outputPath) in zip(options.formats, item.outputPaths) {
      let text = format.file(of: transcript, path: item.path)
      try ResultFile.writeSwiftly(
        text, to: outputFolder + "/" + outputPath, writingIn: unfinishedFolder)
      byteCount += text.utf8.count
    }
    return byteCount
  }

  /// Makes sure that something can be written at all.
  ///
  /// - Throws: `RecognitionError.unwritable`.
  private func checkWritable() throws(RecognitionError) {
    let probe = BatchJournal.folder(in: outputFolder) + "/probe"
    try ResultFile.writeSwiftly(
      String(repeating: "probe ", count: 20_000), to: probe, writingIn: unfinishedFolder)
    try? FileManager.default.removeItem(atPath: probe)
  }

  /// Lists what failed, in all parts of the batch.
  private func writeFailureList() throws(RecognitionError) {
    // Parts that end at the same time take turns, so that the last one knows of all.
    let turn = try JournalFile(
      path: BatchJournal.folder(in: outputFolder) + "/turn", waits: true)
    let records = BatchJournal(outputFolder: outputFolder).records
    var failures = unreadableFolders.map { path in
      Failure(path: path, .unreadableFolder(path: path, reason: "permission denied"))
    }
    for name in names {
      guard let record = records[name], record.recipe == options.recipe,
        let failure = Failure(record)
      else { continue }
      failures.append(failure)
    }
    failures.sort { $0.path < $1.path }
    try Self.writeFailureList(failures, to: outputFolder, writingIn: unfinishedFolder)
    turn.flush()
  }

  /// Writes the list of failures, or removes it where there are none.
  static func writeFailureList(
    _ failures: [Failure], to outputFolder: String, writingIn folder: String
  ) throws(RecognitionError) {
    let path = outputFolder + "/" + failureListName
    guard !failures.isEmpty else {
      try? FileManager.default.removeItem(atPath: path)
      return
    }
    let lines = failures.map { failure in
      [failure.path, failure.cause, failure.message].map(\.escapedForTable)
        .joined(separator: "\t") + "\n"
    }
    try ResultFile.writeSwiftly(
      "path\tcause\terror\n" + lines.joined(), to: path, writingIn: folder)
  }
}

extension BatchRun.Item {
  /// Why the file cannot be looked at.
  fileprivate var fault: RecognitionError {
    do throws(RecognitionError) {
      _ = try FileIdentity(ofFileAt: file)
      return .audio(.unreadable(path: file, reason: "it has just been replaced"))
    } catch {
      return error
    }
  }
}

extension BatchRun.Failure {
  /// A failure for an error.
  fileprivate init(path: String, _ error: RecognitionError) {
    self.init(path: path, cause: error.cause, message: error.description)
  }

  /// The failure that a record tells; nil where it tells of none.
  init?(_ record: BatchJournal.Record) {
    guard case .failed(let cause, let message) = record.result else { return nil }
    self.init(path: record.path, cause: cause, message: message)
  }
}
