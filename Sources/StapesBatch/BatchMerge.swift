internal import StapesFiles
public import StapesRecognition
internal import StapesText

/// One journal and one list of failures for what the parts of a batch did, in one output folder or
/// in folders that were copied into it.
public struct BatchMerge: Sendable {
  /// How many files have their transcripts.
  public let doneCount: Int
  /// How long these are, in seconds.
  public let doneSeconds: Double
  /// The files that have none, by path.
  public let failures: [BatchRun.Failure]
  /// Whether parts have not seen the same files, so that some may be in none of them.
  public let isDividedDifferently: Bool

  /// Moves the records of all parts into the journal of the whole, and lists what failed.
  ///
  /// A merge that is ended on its way loses nothing; another one completes it.
  ///
  /// - Throws: `RecognitionError.noJournal` where there is none, and `.file`, also while a part is
  ///   under way.
  public init(outputFolder: String) throws(RecognitionError) {
    let parts = BatchJournal.parts(in: outputFolder)
    guard !parts.isEmpty else { throw .noJournal(path: outputFolder) }
    let whole = BatchJournal.path(in: outputFolder, shard: .whole)
    let journal = try rethrowing(AppendedFile(path: whole), as: RecognitionError.file)
    let merged = parts.filter { $0 != whole }
    // What another process has under way is refused before anything is moved.
    for part in merged { _ = try rethrowing(AppendedFile(path: part), as: RecognitionError.file) }
    isDividedDifferently = Self.removeDivisions(in: outputFolder)
    let found = try BatchJournal(outputFolder: outputFolder)
    let records = found.records.values.sorted { $0.path.byteName < $1.path.byteName }
    if !merged.isEmpty {
      // The earlier ones first: they tell which transcripts are a batch's own.
      for record in found.supersededRecords + records {
        try rethrowing(journal.append(record.line(time: found.nextTime)), as: RecognitionError.file)
      }
      journal.flush()
      for part in merged {
        FileSystem.remove(part)
        FileSystem.remove(BatchJournal.lengthPath(ofJournalAt: part))
      }
    }
    let unfinished = BatchJournal.unfinishedFolder(in: outputFolder, shard: .whole)
    try rethrowing(FileSystem.makeFolder(unfinished), as: RecognitionError.file)
    if !found.isIncomplete { try BatchRun.close(journal, writingIn: unfinished) }
    failures = records.compactMap(BatchRun.Failure.init)
    try BatchRun.writeFailureList(failures, to: outputFolder, writingIn: unfinished)
    let done = records.filter { BatchRun.Failure($0) == nil }
    doneCount = done.count
    doneSeconds = done.reduce(0) { $0 + $1.seconds }
  }
  /// Removes what parts have noted of how they divided the batch, and what they claimed.
  ///
  /// - Returns: whether those of one number of parts differ.
  private static func removeDivisions(in outputFolder: String) -> Bool {
    let folder = BatchJournal.folder(in: outputFolder)
    var found: [Substring: Set<[UInt8]>] = [:]
    for name in (try? FileSystem.names(inFolder: folder)) ?? [] where name.hasPrefix("division.") {
      let count = name.split(separator: "-").last ?? ""
      let path = folder + "/" + name
      if let note = try? OpenFile(reading: path).readRest() {
        found[count, default: []].insert(note)
      }
      FileSystem.remove(path)
    }
    FileSystem.removeFiles(inFolder: BatchJournal.claimFolder(in: outputFolder))
    return found.values.contains { $0.count > 1 }
  }
}
