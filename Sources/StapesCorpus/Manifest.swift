/// A file that lists clips with their texts: a table with a header, or a JSON object a line.
///
/// Paths in it are relative to the folder that it lies in.
struct Manifest {
  let path: String

  /// What the file is, by its first line; nil for anything else.
  func layout() throws(CorpusError) -> CorpusLayout? {
    let line = try TextFile(firstLineOf: path).text.trimmed
    if line.hasPrefix("{") { return ManifestEntry(json: line)?.text == nil ? nil : .jsonLines }
    // The first line of a table may open a quote that only the next closes: no header does.
    let table = try? DelimitedTable(line, path: path)
    return table.flatMap { ManifestColumns(header: $0.header)?.layout }
  }

  /// The clips that the file lists; nil when it is not a manifest.
  func reading() throws(CorpusError) -> Reading? {
    guard let layout = try layout() else { return nil }
    var reading = Reading(layout: layout)
    let file = try reading.readText(at: path)
    let entries = layout == .jsonLines ? objects(in: file) : try rows(in: file)
    let clips = joined(folder, "clips")
    let soundFolder = layout == .commonVoice && isFolder(clips) ? clips : folder
    for (line, entry) in entries {
      guard let entry else {
        reading.leaveOut(path, .malformedLine(number: line))
        continue
      }
      let sound = joined(soundFolder, entry.sound)
      guard let text = entry.text else {
        reading.leaveOut(sound, .missingText)
        continue
      }
      reading.add(
        .init(
          identifier: entry.identifier, path: sound, text: text, speaker: entry.speaker,
          offset: entry.offset, duration: entry.duration, line: .init(path: path, number: line)))
    }
    return reading
  }

  /// The folder that paths are relative to.
  var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func objects(in file: TextFile) -> [(line: Int, entry: ManifestEntry?)] {
    file.lines.map { ($0.number, ManifestEntry(json: String($0.text))) }
  }

  private func rows(in file: TextFile) throws(CorpusError) -> [(line: Int, entry: ManifestEntry?)] {
    let table = try DelimitedTable(file.text, path: path)
    guard let columns = ManifestColumns(header: table.header) else { return [] }
    return table.rows.map { row in
      (row.line, row.fields.count == table.header.count ? columns.entry(in: row.fields) : nil)
    }
  }
}

extension Folder {
  /// The clips of the one manifest that lies directly in the folder; nil without any.
  ///
  /// Sound in the folder that the manifest does not list is left out, except for Common Voice,
  /// whose folder of clips serves several tables.
  ///
  /// - Throws: `CorpusError.severalManifests`.
  func manifestReading() throws(CorpusError) -> Reading? {
    var manifests: [String] = []
    for file in files where file.folder.isEmpty && manifestEndings.contains(file.ending) {
      // A table that cannot be read may have nothing to do with the clips.
      let layout = try? Manifest(path: pathOfFile(file.path)).layout()
      if layout != nil { manifests.append(file.path) }
    }
    guard let name = manifests.first else { return nil }
    guard manifests.count == 1 else { throw .severalManifests(path: path, names: manifests) }
    guard var reading = try Manifest(path: pathOfFile(name)).reading() else { return nil }
    guard reading.layout != .commonVoice else { return reading }
    var resolver = PathResolver()
    let listed = reading.drafts.map(\.path) + reading.leftOut.map(\.path)
    let known = Set(listed.map { resolver.realPath(ofFile: $0) })
    for file in audio where !known.contains(resolver.realPath(ofFile: pathOfFile(file.path))) {
      reading.leaveOut(pathOfFile(file.path), .missingText)
    }
    return reading
  }
}

private let manifestEndings: Set<String> = ["csv", "json", "jsonl", "ndjson", "tsv"]
