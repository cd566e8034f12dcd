internal import StapesAudio
internal import StapesFiles
internal import StapesRecognition
internal import StapesTranscript

extension BatchRun {
  /// Looks again at a file that was read, and writes its transcript in each format, under temporary
  /// names.
  func outcome(of item: Item, _ result: Result<Transcript, RecognitionError>) -> Outcome {
    var identity = item.identity ?? FileIdentity(size: 0, modified: 0, changed: nil, hash: nil)
    let isStale = item.identity != nil && !isAsFound(item, &identity)
    do throws(RecognitionError) {
      if isStale { throw .changedMeanwhile(path: item.file) }
      let transcript = try result.get()
      let (texts, outputs) = try write(transcript, of: item)
      return Outcome(
        item: item, warnings: transcript.warnings, emptyReason: transcript.emptyReason, error: nil,
        record: record(item, identity, transcript.seconds, .done(outputs)), texts: texts)
    } catch {
      // What could not be written, or not be read to its end, is tried again.
      switch error {
      case .file, .changedMeanwhile: identity.hash = nil
      default: break
      }
      return Outcome(
        item: item, warnings: [], emptyReason: nil, error: error,
        record: failure(item, identity, error), isStale: isStale)
    }
  }

  /// Whether a file is what it was before it was read; its hash is then that of what was read.
  private func isAsFound(_ item: Item, _ identity: inout FileIdentity) -> Bool {
    let hash = FileIdentity.hash(ofFileAt: item.file)
    guard let node = FileNode(at: item.file, followsLinks: true), node == item.node,
      identity.hash == nil || identity.hash == hash
    else { return false }
    identity = FileIdentity(of: node)
    identity.hash = hash
    return true
  }

  /// Gives the transcripts of an outcome their names, those apart that somebody has changed since
  /// the batch was made, after a line of the journal has told of them.
  ///
  /// - Throws: `RecognitionError.file` for the journal.
  func place(_ outcome: inout Outcome, _ journal: borrowing AppendedFile) throws(RecognitionError) {
    do throws(RecognitionError) {
      try keepChanged(&outcome)
    } catch {
      try fail(&outcome, error, journal)
      return
    }
    try rethrowing(journal.append(outcome.record.line(time: time)), as: RecognitionError.file)
    for text in outcome.texts {
      do throws(RecognitionError) {
        let isReplaced = outcome.state(of: text, in: outputFolder).isReplaced
        try rethrowing(text.place(replaces: isReplaced), as: RecognitionError.file)
      } catch {
        try fail(&outcome, error, journal)
        return
      }
    }
  }

  /// Looks again at the places of transcripts, and leaves out those that were changed meanwhile.
  ///
  /// - Throws: `RecognitionError.file` where there is something now that was not there.
  private func keepChanged(_ outcome: inout Outcome) throws(RecognitionError) {
    for text in outcome.texts {
      let node = FileNode(at: text.path)
      switch outcome.state(of: text, in: outputFolder) {
      case .free where node != nil: throw .file(.occupied([text.path]))
      case .doubtful where node != nil:
        guard FileIdentity.hash(ofFileAt: text.path) == text.hash else {
          throw .file(.occupied([text.path]))
        }
        text.discard()
        outcome.texts.removeAll { $0.path == text.path }
      case .written(let found, _), .earlier(let found, _):
        guard let node, node != found else { continue }
        let path = String(text.path.dropFirst(outputFolder.count + 1))
        text.discard()
        outcome.texts.removeAll { $0.path == text.path }
        outcome.keptOutputs.append(path)
        outcome.record.forget(path)
      default: break
      }
    }
  }

  /// Turns an outcome into a failure.
  private func fail(
    _ outcome: inout Outcome, _ error: RecognitionError, _ journal: borrowing AppendedFile
  ) throws(RecognitionError) {
    for text in outcome.texts { text.discard() }
    outcome.texts = []
    outcome.error = error
    var identity = outcome.record.identity
    identity.hash = nil
    outcome.record = failure(outcome.item, identity, error)
    try rethrowing(journal.append(outcome.record.line(time: time)), as: RecognitionError.file)
  }

  private func failure(
    _ item: Item, _ identity: FileIdentity, _ error: RecognitionError
  ) -> BatchJournal.Record {
    var timeout: Double?
    if case .audio(.timedOut) = error { timeout = options.audio.timeout }
    return record(
      item, identity, item.seconds,
      .failed(cause: error.cause, message: item.named(error.description), timeout: timeout))
  }

  private func record(
    _ item: Item, _ identity: FileIdentity, _ seconds: Double, _ result: BatchJournal.Result
  ) -> BatchJournal.Record {
    BatchJournal.Record(
      path: item.path, source: item.source, recipe: options.recipe, build: options.build,
      identity: identity, seconds: seconds, result: result)
  }

  /// Writes a transcript under temporary names, but for formats in which a changed one is kept.
  ///
  /// - Returns: the files, and what the journal is to tell of all formats.
  private func write(
    _ transcript: Transcript, of item: Item
  ) throws(RecognitionError) -> ([FinishedText], [BatchJournal.Output]) {
    try rethrowing(
      FileSystem.makeFolder((outputFolder + "/" + item.path).folderPath), as: RecognitionError.file)
    var (texts, outputs) = ([FinishedText](), [BatchJournal.Output]())
    for (format, (path, state)) in zip(options.formats, zip(item.outputPaths, item.states)) {
      guard state != .changed else {
        outputs.append(BatchJournal.Output(path: path, hash: nil))
        continue
      }
      let text = format.file(of: transcript, path: item.path)
      do throws(FileError) {
        let finished = try FinishedText(
          text, for: outputFolder + "/" + path, writingIn: unfinishedFolder)
        texts.append(finished)
        outputs.append(BatchJournal.Output(path: path, hash: finished.hash))
      } catch {
        for text in texts { text.discard() }
        throw .file(error)
      }
    }
    return (texts, outputs)
  }
}

extension BatchRun.Outcome {
  /// What stood at the place of a transcript when the batch was made.
  fileprivate func state(of text: FinishedText, in folder: String) -> OutputState {
    let index = item.outputPaths.firstIndex { folder + "/" + $0 == text.path }
    return index.map { item.states[$0] } ?? .free
  }
}

extension BatchJournal.Record {
  /// Tells no longer of a transcript that it is as it was written.
  fileprivate mutating func forget(_ path: String) {
    guard case .done(var outputs) = result else { return }
    for index in outputs.indices where outputs[index].path == path { outputs[index].hash = nil }
    result = .done(outputs)
  }
}

extension BatchRun.Item {
  /// Why the file cannot be looked at.
  var fault: RecognitionError {
    if let refusal { return refusal }
    do throws(RecognitionError) {
      _ = try FileIdentity(ofFileAt: file)
      return .audio(.unreadable(path: file, reason: "it has just been replaced"))
    } catch {
      return error
    }
  }

  /// Reads the header for the length; and the whole file for its hash where it was changed so lately
  /// that a further change need not show in its times.
  mutating func look(_ audio: AudioOptions) {
    guard let node else { return }
    if node.isRecent { identity?.hash = FileIdentity.hash(ofFileAt: file) }
    seconds = AudioProperties.statedSeconds(ofFileAt: file, rawFormat: audio.rawFormat) ?? 0
  }

  /// About how long the file is that does not tell, at 64,000 bits a second.
  var guessedSeconds: Double { Double(node?.size ?? 0) / 8_000 }

  /// The same file as it is now.
  func lookedAtAgain(_ audio: AudioOptions) -> Self {
    var item = self
    item.node = try? FileIdentity.node(ofFileAt: file)
    item.identity = item.node.map { FileIdentity(of: $0) }
    item.look(audio)
    return item
  }
}
