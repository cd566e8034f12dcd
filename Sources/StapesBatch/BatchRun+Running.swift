internal import StapesAudio
internal import StapesFiles
public import StapesRecognition

extension BatchRun {
  /// Transcribes what is left; a file that fails does not stop the others.
  ///
  /// Each transcript is written to a temporary file; then a line of the journal tells that it is
  /// done, and the file gets its name, so that a file in the output folder is always complete and
  /// always known. What somebody has changed there since the batch was made stays. A file that was
  /// changed while it was read is transcribed again. Failures, those of earlier runs, of other parts
  /// and of other batches included, are listed in the output folder's `errors.tsv`, with the columns
  /// `path`, `cause` and `error`; where nothing failed, there is no such list. When the task is
  /// cancelled, no further file is begun, and what is finished stays.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - threadCount: how many tasks share the work, at least 1; more than there are cores do not
  ///     help.
  ///   - report: is told of each item as it ends, one at a time.
  /// - Returns: the failures, by path; earlier ones and folders that may not be read among them.
  /// - Throws: `RecognitionError.file` before any work when files are in the way that no batch wrote
  ///   or when another process writes to the same journal, and as soon as nothing can be written to
  ///   the output folder: no further file is begun then, and what is finished stays.
  public func run(
    with recognizer: Recognizer, threadCount: Int, report: (Outcome) -> Void = { _ in }
  ) async throws(RecognitionError) -> [Failure] {
    try checkPlaces()
    try rethrowing(
      FileSystem.makeFolder(BatchJournal.folder(in: outputFolder)), as: RecognitionError.file)
    let journal = try rethrowing(
      AppendedFile(path: BatchJournal.path(in: outputFolder, shard: options.shard)),
      as: RecognitionError.file)
    FileSystem.removeFiles(inFolder: unfinishedFolder)
    try rethrowing(FileSystem.makeFolder(unfinishedFolder), as: RecognitionError.file)
    try noteDivision()
    for record in touched {
      try rethrowing(journal.append(record.line(time: time)), as: RecognitionError.file)
    }
    var queue = try BatchQueue(self, threadCount: threadCount)
    let claims = queue.claims
    defer {
      claims?.end()
      FileSystem.removeFiles(inFolder: unfinishedFolder)
    }
    var failures = earlierFailures + folderFailures
    func note(_ ended: Outcome) throws(RecognitionError) {
      var outcome = ended
      switch outcome.error {
      // Nothing is known of a file that was not read to its end.
      case .audio(.cancelled)?: return
      case .file?: try checkWritable()
      default: break
      }
      if let claims, !claims.holds(outcome.item.path.byteName) {
        // Another process took this one for dead.
        for text in outcome.texts { text.discard() }
        return
      }
      try place(&outcome, journal)
      if let failure = Failure(outcome.record) { failures.append(failure) }
      report(outcome)
    }
    let begin = ContinuousClock.now
    repeat {
      var items = await fetched(try queue.next())
      while !items.isEmpty, !Task.isCancelled {
        // What comes next is fetched while these are transcribed.
        let following = try queue.next()
        async let next = fetched(following)
        try await transcribe(items, with: recognizer, threadCount, note)
        for item in items where item.address != nil { FileSystem.remove(item.file) }
        if let claims {
          journal.flush()
          for item in items { claims.release(item.path.byteName) }
        }
        items = await next
      }
    } while await waits(for: &queue, since: begin)
    failures += queue.failures
    try Self.close(journal, writingIn: unfinishedFolder)
    try writeFailureList()
    return failures.sorted { $0.path < $1.path }
  }

  /// Removes transcripts of files that are gone, `staleOutputs`, where they are as a batch wrote
  /// them.
  ///
  /// - Returns: those that are gone now.
  public func prune() -> [String] { staleOutputs.filter { outputs.remove($0) } }

  /// Forces a journal to the disk, and notes that its run is done.
  ///
  /// - Throws: `RecognitionError.file`.
  static func close(
    _ journal: borrowing AppendedFile, writingIn folder: String
  ) throws(RecognitionError) {
    journal.flush()
    try rethrowing(
      FinishedText.write(
        "\(journal.byteCount)\n", to: BatchJournal.lengthPath(ofJournalAt: journal.path),
        writingIn: folder), as: RecognitionError.file)
  }

  /// Waits a little where other processes have files in hand that would be left if they died.
  ///
  /// - Returns: whether these are to be tried again.
  private func waits(
    for queue: inout BatchQueue, since begin: ContinuousClock.Instant
  ) async -> Bool {
    guard let claims = queue.claims, options.takesAllParts, !queue.contested.isEmpty,
      !Task.isCancelled,
      ContinuousClock.now - begin < .seconds(claims.patience + 2 * claims.beatSeconds)
    else { return false }
    try? await Task.sleep(for: .seconds(claims.beatSeconds / 10))
    queue.retry()
    return true
  }

  /// Notes how the parts divide the batch.
  ///
  /// - Throws: `RecognitionError.file`.
  private func noteDivision() throws(RecognitionError) {
    guard let division else { return }
    let path = BatchJournal.divisionPath(in: outputFolder, shard: options.shard)
    try rethrowing(
      FinishedText.write("\(division)\n", to: path, writingIn: unfinishedFolder),
      as: RecognitionError.file)
  }

  /// A file that is still changing after so many attempts is left for another run.
  private static let mostAttempts = 3

  var unfinishedFolder: String {
    BatchJournal.unfinishedFolder(in: outputFolder, shard: options.shard)
  }

  /// Makes sure before any work that nothing is in the way of a transcript or of its folder.
  ///
  /// - Throws: `RecognitionError.file`.
  private func checkPlaces() throws(RecognitionError) {
    guard options.goesOnBesideOccupied || occupiedOutputs.isEmpty else {
      throw .file(.occupied(occupiedOutputs))
    }
    for folder in Set(items.map(\.path.folderPath)).sorted() {
      try rethrowing(
        OutputGuard.checkFolder(outputFolder + "/" + folder), as: RecognitionError.file)
    }
  }

  /// Transcribes files and notes how they end; those that were changed while they were read are
  /// transcribed again.
  private func transcribe(
    _ items: [Item], with recognizer: Recognizer, _ threadCount: Int,
    _ note: (Outcome) throws(RecognitionError) -> Void
  ) async throws(RecognitionError) {
    var waiting = items
    for attempt in 1...Self.mostAttempts where !waiting.isEmpty && !Task.isCancelled {
      // What is no regular file is not even opened: a pipe may have no writer, a device no end.
      for item in waiting where item.identity == nil {
        try note(outcome(of: item, .failure(item.fault)))
      }
      let changed = try await transcribe(
        waiting.filter { $0.identity != nil }, with: recognizer, threadCount,
        isLast: attempt == Self.mostAttempts, note)
      waiting = changed.map { $0.lookedAtAgain(options.audio) }
    }
  }

  /// Transcribes files once and notes how they end.
  ///
  /// - Returns: those that were changed while they were read and are not noted, unless this is the
  ///   last attempt.
  private func transcribe(
    _ items: [Item], with recognizer: Recognizer, _ threadCount: Int, isLast: Bool,
    _ note: (Outcome) throws(RecognitionError) -> Void
  ) async throws(RecognitionError) -> [Item] {
    let clips = items.map { item in
      var clip = ClipWork.Clip(
        path: item.file, audio: options.audio, seconds: item.seconds)
      clip.isMeasured = item.seconds > 0
      if !clip.isMeasured { clip.seconds = item.guessedSeconds }
      return clip
    }
    var changed: [Item] = []
    try await ClipWork(clips).run(with: recognizer, threadCount: threadCount) { index, result in
      outcome(of: items[index], result)
    } report: { (index, outcome) throws(RecognitionError) in
      if outcome.isStale, !isLast {
        changed.append(items[index])
      } else {
        try note(outcome)
      }
    }
    return changed
  }

  /// Makes sure that something can be written at all.
  ///
  /// - Throws: `RecognitionError.file`.
  private func checkWritable() throws(RecognitionError) {
    let probe = BatchJournal.folder(in: outputFolder) + "/probe"
    try rethrowing(
      FinishedText.write(
        String(repeating: "probe ", count: 20_000), to: probe, writingIn: unfinishedFolder),
      as: RecognitionError.file)
    FileSystem.remove(probe)
  }
}
