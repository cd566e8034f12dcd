internal import FoundationEssentials
internal import StapesAudio

/// Tells what is left to do of a batch.
struct BatchSurvey {
  private(set) var items: [BatchRun.Item] = []
  private(set) var settledCount = 0
  private(set) var failures: [BatchRun.Failure] = []
  private(set) var touched: [BatchJournal.Record] = []

  private let outputFolder: String
  private let options: BatchOptions
  private let journal: BatchJournal
  /// Files that were changed later are left alone, in microseconds since 1970.
  private let newest: Int

  init(outputFolder: String, options: BatchOptions) {
    self.outputFolder = outputFolder
    self.options = options
    journal = BatchJournal(outputFolder: outputFolder)
    newest =
      options.leastAge > 0
      ? Int((Date().timeIntervalSince1970 - options.leastAge) * 1e6) : Int.max
  }

  /// Finds out what is to be done about a file.
  mutating func look(at file: SoundTree.File, outputPaths: [String]) {
    guard options.shard.contains(file.name) else { return }
    let identity = try? FileIdentity(ofFileAt: file.path)
    if let identity, identity.modified > newest { return }
    if let identity, let record = unchanged(file, identity), settle(record, outputPaths) {
      if record.identity.modified != identity.modified {
        var record = record
        record.identity.modified = identity.modified
        touched.append(record)
      }
      return
    }
    let properties =
      identity == nil
      ? nil : try? AudioProperties(ofFileAt: file.path, rawFormat: options.audio.rawFormat)
    items.append(
      BatchRun.Item(
        path: file.name, outputPaths: outputPaths, seconds: properties?.seconds ?? 0,
        file: file.path, identity: identity))
  }

  /// The record of a file that is the same as when it was written, for the same recipe.
  private func unchanged(_ file: SoundTree.File, _ identity: FileIdentity) -> BatchJournal.Record? {
    guard let record = journal.records[file.name], record.recipe == options.recipe,
      let hash = record.identity.hash, record.identity.size == identity.size,
      record.identity.modified == identity.modified
        || hash == FileIdentity.hash(ofFileAt: file.path)
    else { return nil }
    return record
  }

  /// Counts a file of which there is a record; false where it must be done again.
  private mutating func settle(_ record: BatchJournal.Record, _ outputPaths: [String]) -> Bool {
    switch record.result {
    case .done(let output, let byteCount):
      let sizes = outputPaths.map { try? FileIdentity(ofFileAt: outputFolder + "/" + $0).size }
      guard output == outputPaths[0], sizes.allSatisfy({ $0 != nil }),
        sizes.reduce(0, { $0 + ($1 ?? 0) }) == byteCount
      else { return false }
      settledCount += 1
    case .failed:
      guard !options.retriesFailures else { return false }
      if let failure = BatchRun.Failure(record) { failures.append(failure) }
    }
    return true
  }
}
