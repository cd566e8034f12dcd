internal import FoundationEssentials
internal import StapesFiles
public import StapesCorpus
internal import StapesModel
public import StapesRecognition
internal import StapesText

/// A table of clips whose texts were audited, or that are to be labelled, as a person goes through
/// it: in the column `verdict` stands what becomes of each.
///
/// Its columns are `verdict`, `doubt`, `suspect`, `text`, `heard`, `path`, `offset`, `duration` and
/// `speaker`. A verdict is empty or `keep`, `drop`, `heard` for the text that the model recognised,
/// or a new text; after `=`, any text, even one of these words.
public struct AuditTable: Sendable {
  private static let header = [
    "verdict", "doubt", "suspect", "text", "heard", "path", "offset", "duration", "speaker",
  ]

  /// What the verdicts come to.
  public struct Outcome: Sendable, Equatable {
    /// The clips that are left, with their texts.
    public var clips: [LabelledClip] = []
    /// How many texts were changed.
    public var changedCount = 0
    /// How many clips were dropped.
    public var droppedCount = 0
  }

  /// Writes a table of all clips, the most doubtful first, without a verdict.
  ///
  /// - Throws: `RecognitionError.file`; an existing file is then as before.
  public static func write(_ audit: LabelAudit, to path: String) throws(RecognitionError) {
    try write(
      audit.entries.map { ($0.clip, $0.heard, $0.doubt, $0.isSuspect) }, to: path)
  }

  /// Writes a table of clips to label, in their order, without a text or a verdict: a clip without
  /// verdict is dropped.
  ///
  /// - Throws: `RecognitionError.file`; an existing file is then as before.
  public static func write(_ selection: LabelSelection, to path: String) throws(RecognitionError) {
    try write(selection.entries.map { ($0.clip, $0.hypothesis, $0.doubt, false) }, to: path)
  }

  private static func write(
    _ rows: [(clip: LabelledClip, hypothesis: String, doubt: Double, isSuspect: Bool)],
    to path: String
  ) throws(RecognitionError) {
    let lines = rows.map { row in
      [
        "", row.doubt.isFinite ? "\((row.doubt * 1000).rounded() / 1000)" : "inf",
        row.isSuspect ? "yes" : "", row.clip.text, row.hypothesis, row.clip.path,
        "\(row.clip.offset)", "\(row.clip.duration)", row.clip.speaker ?? "",
      ]
    }
    let table = ([header] + lines).map { fields in
      fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
    }
    try rethrowing(FileSystem.write(table.joined(), to: path), as: RecognitionError.file)
  }

  /// Reads a table and carries out its verdicts.
  ///
  /// - Throws: `RecognitionError.file`, and `.unreadableTable` with the line that is not of this form.
  public static func outcome(of path: String) throws(RecognitionError) -> Outcome {
    let data = try rethrowing(FileSystem.read(path, role: "table"), as: RecognitionError.file)
    var outcome = Outcome()
    let lines = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
        let field = unquoted($0)
        return field.unescapedFromTable ?? field  // a verdict by hand may hold a bare backslash
      }
      if index == 0, fields == header { continue }
      guard index > 0, fields.count == header.count, let offset = Double(fields[6]),
        let duration = Double(fields[7]), duration > 0, offset >= 0, !fields[5].isEmpty
      else {
        let reason = "line \(index + 1) is not one that `stapes audit` wrote"
        throw .unreadableTable(path: path, reason: reason)
      }
      outcome.add(fields, offset: offset, duration: duration)
    }
    return outcome
  }

  /// Writes clips as a manifest of JSON lines, their files by absolute paths.
  ///
  /// - Throws: `RecognitionError.file`; an existing file is then as before.
  public static func writeManifest(
    of clips: [LabelledClip], to path: String
  ) throws(RecognitionError) {
    let lines = clips.map { clip in
      let file = URL(filePath: clip.path).absoluteURL.path(percentEncoded: false)
      return canonicalJSON(
        ManifestLine(
          path: file, text: clip.text, offset: clip.offset, duration: clip.duration,
          speaker: clip.speaker)) + "\n"
    }
    try rethrowing(FileSystem.write(lines.joined(), to: path), as: RecognitionError.file)
  }

  /// A line of the manifest, in the keys that others use too.
  private struct ManifestLine: Encodable {
    let path: String
    let text: String
    let offset: Double
    let duration: Double
    let speaker: String?

    enum CodingKeys: String, CodingKey {
      case path = "audio_filepath"
      case text, offset, duration, speaker
    }
  }

  /// A field without the quotes that spreadsheets put around one with quotes in it.
  private static func unquoted(_ field: Substring) -> String {
    guard field.count > 1, field.hasPrefix("\""), field.hasSuffix("\"") else {
      return String(field)
    }
    return String(field.dropFirst().dropLast().replacing("\"\"", with: "\""))
  }
}

extension AuditTable.Outcome {
  /// Carries out the verdict of a line, whose fields are those of the table.
  fileprivate mutating func add(_ fields: [String], offset: Double, duration: Double) {
    let (verdict, own, heard, path) = (fields[0], fields[3], fields[4], fields[5])
    let text: String
    switch verdict {
    case "", "keep": text = own
    case "heard": text = heard
    case "drop": text = ""
    case _ where verdict.hasPrefix("="): text = String(verdict.dropFirst())
    default: text = verdict
    }
    guard !text.isEmpty else {
      droppedCount += 1
      return
    }
    changedCount += text == own ? 0 : 1
    clips.append(
      LabelledClip(
        path: path, text: text, speaker: fields[8].isEmpty ? nil : fields[8], offset: offset,
        duration: duration, identifier: path))
  }
}
