internal import FoundationEssentials
internal import StapesFiles
internal import StapesText

/// What was done to the labels of a folder, in its file `.stapes-labels.jsonl`, so that it can be
/// undone also by a server that is started later.
///
/// A line is written before what it tells of is done.
struct LabelJournal {
  /// What was done.
  struct Record: Codable, Equatable {
    enum Action: String, Codable { case save, reject, split, undo }

    let action: Action
    /// The clip, by its path below the folder.
    let clip: String
    /// What was in the clip's file of text before, and what is now; nil for no file.
    var old: String?
    var new: String?
    /// The clips that it was split into, with what their files of text hold.
    var parts: [Part]?
    /// When, in seconds since 1970.
    var time = Int(Date.now.timeIntervalSince1970)
  }

  /// A clip that another was split into.
  struct Part: Codable, Equatable {
    let clip: String
    let text: String
  }

  /// What was done and not undone, in order.
  private(set) var records: [Record] = []
  private let path: String
  private var file: JournalFile?

  /// Reads the journal of a folder; lines that are torn are passed over.
  ///
  /// - Throws: `FileError`, where there is one that cannot be read.
  init(inFolder folder: String) throws(FileError) {
    path = folder.appendingPath(".stapes-labels.jsonl")
    try read()
  }

  private mutating func read() throws(FileError) {
    records = []
    if FileNode.isNothing(at: path) { return }
    let decoder = JSONDecoder()
    for line in try FileSystem.read(path, role: "journal").split(separator: UInt8(ascii: "\n")) {
      if let record = try? decoder.decode(Record.self, from: line) { take(record) }
    }
  }

  private mutating func take(_ record: Record) {
    if record.action == .undo { _ = records.popLast() } else { records.append(record) }
  }

  /// Notes what is to be done.
  ///
  /// - Throws: `FileError`, with the cause `.busy` where another server writes the journal.
  mutating func append(_ record: Record) throws(FileError) {
    try open()
    try file?.append(jsonLine(record))
    take(record)
  }

  /// Makes sure that nobody else writes the journal, and knows what others wrote.
  mutating func open() throws(FileError) {
    guard file == nil else { return }
    file = try JournalFile(path)
    try read()
  }

  /// What was done last to each clip.
  var last: [ByteName: Record.Action] {
    records.reduce(into: [:]) { $0[$1.clip.byteName] = $1.action }
  }
}

/// The open file of a journal, which only one process has.
private final class JournalFile: Sendable {
  private let file: AppendedFile

  init(_ path: String) throws(FileError) { file = try AppendedFile(path: path) }

  func append(_ line: String) throws(FileError) {
    try file.append(line)
    file.flush()
  }
}
