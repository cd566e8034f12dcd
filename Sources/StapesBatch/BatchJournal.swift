internal import FoundationEssentials
internal import StapesFiles
internal import StapesRecognition
internal import StapesText

/// What became of the files of a batch, in this run and those before it.
///
/// It lies in the output folder's `.stapes`: one file of lines for each part of the batch that runs
/// by itself. Of several records of a file the one that was appended last counts, whatever the
/// clocks said; see `BatchJournal.Record` for the lines.
struct BatchJournal: Sendable {
  /// The last record of each file.
  private(set) var records: [ByteName: Record] = [:]
  /// The earlier records of files that were done several times.
  private(set) var supersededRecords: [Record] = []
  /// Every transcript that was ever written, by its path.
  private(set) var writtenOutputs: [ByteName: Written] = [:]
  /// The time for the records that are appended now, in microseconds since 1970: later than all
  /// there are, so that it puts those of several parts in order where clocks do not.
  private(set) var nextTime = Self.now

  /// Whether lines may have been lost, so that a file which no line tells of may be a transcript.
  ///
  /// One is torn, or the last run of a part, or the machine, was ended before it was done.
  private(set) var isIncomplete = false

  /// How much of each journal has been read, in bytes, and when the last record of a file was written.
  private var readCounts: [String: Int] = [:]
  private var times: [ByteName: Int] = [:]

  /// What was written to a path.
  struct Written {
    /// Where the files are that it was the transcript of, by what they are called in their batch.
    var sources: [ByteName: String] = [:]
    /// The hashes of all contents that the path was given.
    var hashes: Set<UInt64> = []
  }

  private static let folderName = ".stapes"
  private static let journalName = "journal"

  /// The journals' folder in an output folder.
  static func folder(in outputFolder: String) -> String { outputFolder + "/" + folderName }

  /// The journal of a part of a batch.
  static func path(in outputFolder: String, shard: Shard) -> String {
    folder(in: outputFolder) + "/" + journalName + (shard.count > 1 ? ".\(shard.name)" : "")
  }

  /// Where the files of a part of a batch are written before they are complete; what lies there
  /// when it begins is left from one that was killed.
  static func unfinishedFolder(in outputFolder: String, shard: Shard) -> String {
    folder(in: outputFolder) + "/unfinished" + (shard.count > 1 ? ".\(shard.name)" : "")
  }

  /// Where the parts note which files they have in hand.
  static func claimFolder(in outputFolder: String) -> String {
    folder(in: outputFolder) + "/claims"
  }

  /// Where a part notes how the batch was divided when it ran last.
  static func divisionPath(in outputFolder: String, shard: Shard) -> String {
    folder(in: outputFolder) + "/division.\(shard.name)"
  }

  /// How long a journal was when the last run that appended to it was done.
  static func lengthPath(ofJournalAt path: String) -> String {
    path.folderPath + "/length" + path.fileName.dropFirst(journalName.count)
  }

  /// The journals of an output folder, of the whole and of parts, sorted.
  static func parts(in outputFolder: String) -> [String] {
    let folder = folder(in: outputFolder)
    let names = (try? FileSystem.names(inFolder: folder)) ?? []
    return names.filter { $0.hasPrefix(journalName) }.map { folder + "/" + $0 }
  }

  /// The time in microseconds since 1970.
  static var now: Int { Int(Date().timeIntervalSince1970 * 1e6) }

  /// Reads all journals of an output folder; there need not be one.
  ///
  /// - Throws: `RecognitionError.file` where one of them, or their folder, is a link.
  init(outputFolder: String) throws(RecognitionError) {
    let folder = Self.folder(in: outputFolder)
    if FileNode(at: folder)?.kind == .link {
      throw .file(FileError(folder, .write, .link))
    }
    for path in Self.parts(in: outputFolder) {
      try rethrowing(AppendedFile.refuseOthers(at: path), as: RecognitionError.file)
      guard let bytes = try? FileSystem.read(path) else { continue }
      add(bytes.split(separator: UInt8(ascii: "\n")))
      readCounts[path] = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let length = try? FileSystem.read(Self.lengthPath(ofJournalAt: path))
      let isOfEarlierVersion = length == nil && !bytes.isEmpty && hasEarlierForm
      if length.map({ Array($0) != Array("\(bytes.count)\n".utf8) }) ?? !isOfEarlierVersion {
        isIncomplete = true
      }
    }
    for record in supersededRecords { note(record) }
    for record in records.values { note(record) }
  }

  /// Reads the lines that were appended to journals since they were read.
  mutating func readFurther(in outputFolder: String) {
    for path in Self.parts(in: outputFolder) {
      // Opened, since network folders keep what they know of a file that is not.
      guard let file = try? OpenFile(reading: path), let size = file.byteCount else { continue }
      let begin = readCounts[path] ?? 0
      guard size > begin, let bytes = try? file.read(size - begin, at: begin),
        let end = bytes.lastIndex(of: UInt8(ascii: "\n"))
      else { continue }
      readCounts[path] = begin + end + 1
      for record in add(bytes[...end].split(separator: UInt8(ascii: "\n"))) { note(record) }
    }
  }

  /// Whether all that is known yet was written by version 0.1.0.
  private var hasEarlierForm: Bool { records.values.allSatisfy { $0.earlier != nil } }

  /// Adds the records of one journal; within it the order of the lines counts, and among several
  /// journals the times.
  ///
  /// - Returns: the last record of each file among them.
  @discardableResult
  private mutating func add(_ lines: [some Collection<UInt8>]) -> [Record] {
    var latest: [ByteName: (time: Int, record: Record)] = [:]
    for line in lines {
      guard let (time, record) = Record.parse(String(decoding: line, as: UTF8.self)) else {
        isIncomplete = true
        continue
      }
      nextTime = max(nextTime, time + 1)
      if let earlier = latest.updateValue((time, record), forKey: record.path.byteName) {
        supersede(earlier.record)
      }
    }
    for (path, (time, record)) in latest {
      if time >= times[path, default: .min] {
        times[path] = time
        if let earlier = records.updateValue(record, forKey: path) { supersede(earlier) }
      } else {
        supersede(record)
      }
    }
    return latest.values.map(\.record)
  }

  private mutating func supersede(_ record: Record) {
    if case .done = record.result, record.earlier == nil { supersededRecords.append(record) }
  }

  /// Notes the transcripts that a record tells of.
  private mutating func note(_ record: Record) {
    guard case .done(let outputs) = record.result, record.earlier == nil else { return }
    for output in outputs {
      var written = writtenOutputs[output.path.byteName] ?? Written()
      written.sources[record.path.byteName] = record.source
      if let hash = output.hash { written.hashes.insert(hash) }
      writtenOutputs[output.path.byteName] = written
    }
  }
}
