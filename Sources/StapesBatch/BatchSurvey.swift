internal import StapesAudio
internal import StapesFiles
internal import StapesRecognition
internal import StapesText

/// Tells what is left to do of a batch.
struct BatchSurvey {
  private(set) var items: [BatchRun.Item] = []
  private(set) var settledCount = 0
  private(set) var failures: [BatchRun.Failure] = []
  private(set) var touched: [BatchJournal.Record] = []
  /// Transcripts that were changed since they were written, and stay as they are.
  private(set) var keptOutputs: [String] = []
  /// Files in the way of transcripts, which no batch has written.
  private(set) var occupiedOutputs: [String] = []
  /// How many transcripts another build of the tool made.
  private(set) var otherBuildCount = 0

  private let options: BatchOptions
  private let outputs: BatchOutputs

  /// Whether each file is looked at again when it is claimed, so that what other processes do
  /// meanwhile is no file in the way.
  private let isPreliminary: Bool

  init(options: BatchOptions, outputs: BatchOutputs, isPreliminary: Bool = false) {
    (self.options, self.outputs, self.isPreliminary) = (options, outputs, isPreliminary)
  }

  /// Finds out what is to be done about a file.
  ///
  /// - Throws: `RecognitionError.file` where what is in the way of a transcript cannot be replaced.
  mutating func look(at file: SoundTree.File, outputPaths: [String]) throws(RecognitionError) {
    let node = file.address == nil ? try? FileIdentity.node(ofFileAt: file.path) : nil
    if let node, isBeingWritten(node) { return }
    var item = BatchRun.Item(
      path: file.name, outputPaths: outputPaths, seconds: 0, file: file.path,
      source: outputs.source(of: file), node: node)
    item.address = file.address
    let record = outputs.journal.records[file.name.byteName]
    let states = try outputs.states(of: outputPaths, for: file, record)
    if let record, settle(record, &item, states) { return }
    let isInTheWay = zip(outputPaths, states).filter { $0.1 == .foreign }.map(\.0)
    guard isInTheWay.isEmpty || isPreliminary else {
      let full = isInTheWay.map { outputs.folder + "/" + $0 }
      occupiedOutputs += full
      failures.append(BatchRun.Failure(path: file.name, .file(.occupied(full))))
      return
    }
    keep(outputPaths, states)
    if states.allSatisfy({ $0 == .changed }) {
      settledCount += 1
      return
    }
    item.states = states
    item.look(options.audio)
    items.append(item)
  }

  /// Whether a file was changed so lately that it may still be written; a time in the future says
  /// nothing of the kind, and the content's own time (mtime) may be of any age.
  private func isBeingWritten(_ node: FileNode) -> Bool {
    guard options.leastAge > 0 else { return false }
    return abs(Double(BatchJournal.now - node.changed)) < options.leastAge * 1e6
  }

  /// Notes which transcripts stay as somebody changed them.
  private mutating func keep(_ outputPaths: [String], _ states: [OutputState]) {
    keptOutputs += zip(outputPaths, states).filter { $0.1 == .changed }.map(\.0)
  }

  /// Counts a file of which there is a record; false where it must be done again.
  private mutating func settle(
    _ record: BatchJournal.Record, _ item: inout BatchRun.Item, _ states: [OutputState]
  ) -> Bool {
    switch record.result {
    case .done(let recorded):
      let isThere = zip(item.outputPaths, states).allSatisfy { path, state in
        switch state {
        case .changed: true
        case .written(_, let hash): recorded.contains { $0.path == path && $0.hash == hash }
        case .earlier: true
        case .free, .foreign, .doubtful, .any: false
        }
      }
      guard isThere, isUnchanged(record, &item) else { return false }
      settledCount += 1
      if record.build != options.build { otherBuildCount += 1 }
      keep(item.outputPaths, states)
      let outputs = zip(item.outputPaths, states).map { path, state in
        BatchJournal.Output(path: path, hash: state.hash)
      }
      touch(record, item, .done(outputs))
    case .failed(let cause, let message, let timeout):
      if options.retriesFailures { return false }
      if cause == AudioError.needsFFmpeg, options.audio.findsFFmpeg { return false }
      if let timeout, options.audio.timeout.map({ $0 > timeout }) ?? true { return false }
      guard isUnchanged(record, &item) || stillFails(record, item, message) else { return false }
      if let failure = BatchRun.Failure(record) { failures.append(failure) }
      if item.identity != nil { touch(record, item, record.result) }
    }
    return true
  }

  /// Whether a file is the same as when a record of it was written, for the same recipe.
  private func isUnchanged(_ record: BatchJournal.Record, _ item: inout BatchRun.Item) -> Bool {
    let recipe = record.earlier == nil ? options.recipe : options.earlierRecipe
    // A file on a server that was fetched once is not fetched again to see whether it is the same.
    if item.address != nil { return record.recipe == recipe && record.identity.hash != nil }
    guard let identity = item.identity, record.recipe == recipe, let hash = record.identity.hash,
      record.identity.size == identity.size
    else { return false }
    let isSameTime = record.identity.modified == identity.modified
    if isSameTime, let changed = identity.changed, changed == record.identity.changed {
      item.identity?.hash = hash
      return true
    }
    // Version 0.1.0 took the hash after it had read the file, which may have been replaced then.
    guard record.earlier == nil || isSameTime else { return false }
    item.identity?.hash = FileIdentity.hash(ofFileAt: item.file)
    return hash == item.identity?.hash
  }

  /// Whether a file that could not even be read is still like that.
  private func stillFails(
    _ record: BatchJournal.Record, _ item: BatchRun.Item, _ message: String
  ) -> Bool {
    guard record.recipe == options.recipe, record.identity.hash == nil, item.address == nil
    else { return false }
    guard let identity = item.identity else { return item.fault.description == message }
    return identity == record.identity && (try? OpenFile(reading: item.file)) == nil
  }

  /// Notes what has changed about a file whose content has not, so that it is looked into once.
  private mutating func touch(
    _ record: BatchJournal.Record, _ item: BatchRun.Item, _ result: BatchJournal.Result
  ) {
    guard let identity = item.identity else { return }
    var newer = record
    newer.identity = identity
    newer.source = item.source
    newer.recipe = options.recipe
    newer.result = result
    newer.earlier = nil
    if newer != record { touched.append(newer) }
  }
}
