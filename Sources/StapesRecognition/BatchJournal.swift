internal import FoundationEssentials
internal import StapesModel

/// What became of the files of a batch, in this run and those before it.
///
/// It lies in the output folder's `.stapes`: one file of lines for each part of the batch that runs
/// by itself. A line is the record of one file, of columns divided by tabs, the last a checksum of
/// the others; of several records of a file the latest counts. A line that a fault tore is passed
/// over, so that no more is lost than what it told.
struct BatchJournal: Sendable {
  /// How a file ended.
  enum Result: Equatable, Sendable {
    /// Its transcripts are written: the first of them, and how many bytes all have.
    case done(output: String, byteCount: Int)
    /// There is none, for a cause of this kind, in these words.
    case failed(cause: String, message: String)
  }

  /// The record of one file.
  struct Record: Equatable, Sendable {
    /// The file, as it is called in the batch.
    var path: String
    /// What decided the texts besides the sound: model and options.
    var recipe: UInt64
    /// The file as it was.
    var identity: FileIdentity
    /// Its length in seconds.
    var seconds: Double
    /// How it ended.
    var result: Result
  }

  /// The latest record of each file.
  private(set) var records: [String: Record] = [:]

  private static let folderName = ".stapes"

  /// The journals' folder in an output folder.
  static func folder(in outputFolder: String) -> String { outputFolder + "/" + folderName }

  /// The journal of a part of a batch.
  static func path(in outputFolder: String, shard: Shard) -> String {
    folder(in: outputFolder) + "/journal" + (shard.count > 1 ? ".\(shard.name)" : "")
  }

  /// Where the files of a part of a batch are written before they are complete; what lies there
  /// when it begins is left from one that was killed.
  static func unfinishedFolder(in outputFolder: String, shard: Shard) -> String {
    folder(in: outputFolder) + "/unfinished" + (shard.count > 1 ? ".\(shard.name)" : "")
  }

  /// The journals of an output folder, of the whole and of parts, sorted.
  static func parts(in outputFolder: String) -> [String] {
    let folder = folder(in: outputFolder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix("journal") }.sorted().map { folder + "/" + $0 }
  }

  /// The time in microseconds since 1970.
  static var now: Int { Int(Date().timeIntervalSince1970 * 1e6) }

  /// Reads all journals of an output folder; there need not be one.
  init(outputFolder: String) {
    var times: [String: Int] = [:]
    for path in Self.parts(in: outputFolder) {
      guard let bytes = try? WholeFile.read(path) else { continue }
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        guard let (time, record) = Self.record(String(decoding: line, as: UTF8.self)),
          time >= times[record.path, default: .min]
        else { continue }
        times[record.path] = time
        records[record.path] = record
      }
    }
  }

  /// The line of a record, its line end included.
  ///
  /// - Parameter time: when it is written, in microseconds since 1970.
  static func line(_ record: Record, time: Int) -> String {
    let identity = record.identity
    var columns = [
      "\(time)", record.path.escapedForTable, String(record.recipe, radix: 16),
      "\(identity.size)", "\(identity.modified)",
      identity.hash.map { String($0, radix: 16) } ?? "-", "\(record.seconds)",
    ]
    switch record.result {
    case .done(let output, let byteCount):
      columns += ["done", output.escapedForTable, "\(byteCount)"]
    case .failed(let cause, let message):
      columns += ["failed", cause.escapedForTable, message.escapedForTable]
    }
    return (columns + [checksum(columns)]).joined(separator: "\t") + "\n"
  }

  /// The record that a line tells, and when it was written; nil for a line that is damaged.
  static func record(_ line: String) -> (time: Int, Record)? {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard columns.count == 11, checksum(Array(columns[..<10])) == columns[10],
      let time = Int(columns[0]), let path = columns[1].unescapedFromTable,
      let recipe = UInt64(columns[2], radix: 16), let size = Int(columns[3]),
      let modified = Int(columns[4]), let seconds = Double(columns[6]),
      let first = columns[8].unescapedFromTable
    else { return nil }
    let result: Result
    if columns[7] == "done", let byteCount = Int(columns[9]) {
      result = .done(output: first, byteCount: byteCount)
    } else if columns[7] == "failed", let message = columns[9].unescapedFromTable {
      result = .failed(cause: first, message: message)
    } else {
      return nil
    }
    let identity = FileIdentity(
      size: size, modified: modified, hash: UInt64(columns[5], radix: 16))
    return (
      time,
      Record(path: path, recipe: recipe, identity: identity, seconds: seconds, result: result)
    )
  }

  private static func checksum(_ columns: [String]) -> String {
    var hash = ContentHash()
    for column in columns { hash.add(column) }
    return String(hash.value, radix: 16)
  }
}
