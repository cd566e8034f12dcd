internal import StapesFiles
internal import StapesText

extension BatchJournal {
  /// The record of one file.
  ///
  /// It is a line of columns divided by tabs, the last a checksum of the others, so that a line that
  /// a fault tore is passed over and no more is lost than what it told.
  struct Record: Equatable, Sendable {
    /// The file, as it is called in the batch.
    var path: String
    /// Where the file was; empty where an earlier version, which did not tell, wrote the line.
    var source: String
    /// What decided the texts besides the sound: the bytes of the model and the options.
    var recipe: UInt64
    /// Which build of the tool made the texts; empty where it is not known.
    var build: String
    /// The file as it was.
    var identity: FileIdentity
    /// Its length in seconds.
    var seconds: Double
    /// How it ended.
    var result: Result
    /// What a line of an earlier version tells instead of hashes; nil for those of this one.
    var earlier: EarlierForm?
  }

  /// How a file ended.
  enum Result: Equatable, Sendable {
    /// Its transcripts are written, one in each format.
    case done([Output])
    /// There is none, for a cause of this kind, in these words; where it was given up, after so many
    /// seconds.
    case failed(cause: String, message: String, timeout: Double?)
  }

  /// A transcript in the output folder.
  struct Output: Equatable, Sendable {
    /// Its path there.
    var path: String
    /// The hash of what was written; nil where a changed one was kept instead.
    var hash: UInt64?
  }

  /// What the lines of version 0.1.0 have: the first transcript alone, and no hash of it.
  struct EarlierForm: Equatable, Sendable {
    /// When the line was written, in microseconds since 1970.
    var time: Int
    /// How many bytes the transcripts have in all formats.
    var byteCount: Int
  }
}

extension BatchJournal.Record {
  /// Its line, the line end included; what an earlier version told is told as it did.
  ///
  /// - Parameter time: what puts it in order with the records of other parts.
  func line(time: Int) -> String {
    var columns = [
      "\(earlier?.time ?? time)", path.escapedForTable, String(recipe, radix: 16),
      "\(identity.size)",
      "\(identity.modified)", identity.hash.map { String($0, radix: 16) } ?? "-", "\(seconds)",
    ]
    let origin = [
      source.escapedForTable, identity.changed.map { "\($0)" } ?? "-", build.escapedForTable,
    ]
    switch result {
    case .done(let outputs) where earlier != nil:
      columns += ["done"] + outputs.prefix(1).map(\.path.escapedForTable)
      columns += ["\(earlier?.byteCount ?? 0)"]
    case .failed(let cause, let message, _) where earlier != nil:
      columns += ["failed", cause.escapedForTable, message.escapedForTable]
    case .done(let outputs):
      columns += ["done"] + origin
      for output in outputs {
        columns += [output.path.escapedForTable, output.hash.map { String($0, radix: 16) } ?? "-"]
      }
    case .failed(let cause, let message, let timeout):
      columns += ["failed"] + origin
      columns += [
        cause.escapedForTable, message.escapedForTable, timeout.map { "\($0)" } ?? "-",
      ]
    }
    return (columns + [Self.checksum(columns)]).joined(separator: "\t") + "\n"
  }

  /// The record that a line tells, and its time; nil for a line that is damaged.
  static func parse(_ line: String) -> (time: Int, Self)? {
    // By bytes, which takes a fraction of the time that characters do.
    let columns = line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    guard columns.count >= 11, checksum(columns.dropLast()) == columns[columns.count - 1],
      let time = Int(columns[0]), let path = columns[1].unescapedFromTable,
      let recipe = UInt64(columns[2], radix: 16), let size = Int(columns[3]),
      let modified = Int(columns[4]), let seconds = Double(columns[6])
    else { return nil }
    let identity = FileIdentity(
      size: size, modified: modified, changed: nil, hash: UInt64(columns[5], radix: 16))
    var record = Self(
      path: path, source: "", recipe: recipe, build: "", identity: identity, seconds: seconds,
      result: .done([]))
    // Lines of version 0.1.0 have eleven columns, and those of no other.
    let isRead =
      columns.count == 11
      ? record.readEarlierForm(columns[7...9].map(\.self), time: time)
      : record.readForm(columns[7..<(columns.count - 1)].map(\.self))
    return isRead ? (time, record) : nil
  }

  /// Reads what follows the length in a line; false where it is damaged.
  private mutating func readForm(_ columns: [String]) -> Bool {
    guard columns.count >= 6, let source = columns[1].unescapedFromTable,
      let build = columns[3].unescapedFromTable
    else { return false }
    (self.source, self.build) = (source, build)
    identity.changed = Int(columns[2])
    let rest = columns[4...].map(\.unescapedFromTable)
    if columns[0] == "failed", rest.count == 3, let cause = rest[0], let message = rest[1] {
      result = .failed(cause: cause, message: message, timeout: rest[2].flatMap { Double($0) })
      return true
    }
    guard columns[0] == "done", rest.count % 2 == 0 else { return false }
    let outputs = stride(from: 0, to: rest.count, by: 2).compactMap { index in
      rest[index].map { path in
        BatchJournal.Output(path: path, hash: rest[index + 1].flatMap { UInt64($0, radix: 16) })
      }
    }
    result = .done(outputs)
    return outputs.count == rest.count / 2
  }

  /// Reads what follows the length in a line of version 0.1.0; false where it is damaged.
  private mutating func readEarlierForm(_ columns: [String], time: Int) -> Bool {
    guard let first = columns[1].unescapedFromTable else { return false }
    if columns[0] == "done", let byteCount = Int(columns[2]) {
      result = .done([BatchJournal.Output(path: first, hash: nil)])
      earlier = BatchJournal.EarlierForm(time: time, byteCount: byteCount)
    } else if columns[0] == "failed", let message = columns[2].unescapedFromTable {
      // The message alone tells after which time a file was given up.
      let seconds =
        first != "took too long"
        ? nil : message.split(separator: "given up after ").last?.split(separator: " ").first
      result = .failed(cause: first, message: message, timeout: seconds.flatMap { Double($0) })
      earlier = BatchJournal.EarlierForm(time: time, byteCount: 0)
    } else {
      return false
    }
    return true
  }

  private static func checksum(_ columns: some Collection<String>) -> String {
    var hash = ContentHash()
    for column in columns { hash.add(column) }
    return String(hash.value, radix: 16)
  }
}
