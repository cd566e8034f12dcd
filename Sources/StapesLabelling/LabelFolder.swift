internal import StapesAudio
package import StapesFiles
package import StapesProtocols
internal import StapesText

/// A folder of clips that are labelled in the page: `clip.txt` beside `clip.wav`.
///
/// Clips have numbers, which are all that a client can name; texts go beside the clips that were
/// found in the folder when it was opened, and nowhere else.
package actor LabelFolder {
  /// How the folder is called.
  package nonisolated let name: String
  /// Where it is.
  package nonisolated let path: String
  var clips: [Clip] = []
  var journal: LabelJournal
  /// The place of some recognised clips in the order of labelling, and how many were recognised then.
  ///
  /// It stays good while clips are labelled, since it counts on that.
  var order: (places: [Int: Int], recognizedCount: Int) = ([:], 0)

  struct Clip {
    /// Its path below the folder.
    let name: String
    let path: String
    let labelPath: String
    var seconds: Double?
    var result: LabelHypothesis.Result?
    /// Whether it was made by a server, which undid that.
    var isGone = false

    var hasLabel: Bool { (FileNode(at: labelPath)?.size ?? 0) > 0 }
  }

  /// Opens a folder.
  ///
  /// - Throws: `FileError`, where it or its journal cannot be read.
  package init(path: String) throws(FileError) {
    name = path.absoluteParts.last ?? "/"
    self.path = path
    journal = try LabelJournal(inFolder: path)
    let root = path.resolvingLinks
    var isWithin: [String: Bool] = [:]
    let names = try FileTree(path: path).files.filter { name in
      guard audioEndings.contains(name.pathExtension.lowercased()) else { return false }
      // A link may lead to a folder elsewhere, where nothing is to be written.
      let folder = path.appendingPath(name).folderPath
      let inside =
        isWithin[folder]
        ?? (folder.resolvingLinks + "/").hasPrefix(root.hasSuffix("/") ? root : root + "/")
      isWithin[folder] = inside
      return inside
    }
    let stems = Dictionary(names.map { ($0.withoutPathExtension.byteName, 1) }, uniquingKeysWith: +)
    clips = names.map { name in
      let path = path.appendingPath(name)
      // As the corpora have it that training reads: a.txt or a.wav.txt.
      let isLong =
        stems[name.withoutPathExtension.byteName] != 1 || FileNode(at: path + ".txt") != nil
      return Clip(
        name: name, path: path, labelPath: (isLong ? path : path.withoutPathExtension) + ".txt")
    }
  }

  /// The state of a clip.
  package enum State: String, Encodable, Sendable { case open, labelled, rejected, split }

  private func state(of clip: Clip, last: LabelJournal.Record.Action?) -> State {
    switch last {
    case .reject: .rejected
    case .split: .split
    default: clip.hasLabel ? .labelled : .open
    }
  }

  /// The folder as a list, what helps most first: clips without label in the order of
  /// `LabellingOrder`.
  ///
  /// - Parameters:
  ///   - start: how many clips at the head of the list are passed over.
  ///   - limit: how many clips are listed.
  ///   - changed: the clip that was changed last, for which this is the answer.
  package func listing(from start: Int = 0, limit: Int = 200, changed: Int? = nil) -> LabelListing {
    let last = journal.last
    var listing = LabelListing(folder: name, canUndo: !journal.records.isEmpty, changed: changed)
    var entries = clips.indices.filter { !clips[$0].isGone }.map { id in
      let clip = clips[id]
      return LabelListing.Entry(
        id: id, name: clip.name, seconds: clip.seconds,
        state: state(of: clip, last: last[clip.name.byteName]), doubt: clip.result?.doubt)
    }
    for entry in entries { listing.count(entry) }
    entries.removeAll { $0.state == .split }
    let start = min(max(start, 0), entries.count)
    orderClips(entries, count: start + min(limit, entries.count))
    entries.sort { rank($0) < rank($1) }
    listing.clips = Array(entries.dropFirst(start).prefix(limit))
    return listing
  }

  /// A clip with its label, and what was recognised in it.
  ///
  /// - Throws: `APIError`, where there is none of this number, or its label cannot be shown.
  package func details(of id: Int) throws(APIError) -> LabelDetails {
    let clip = try clip(id)
    let label = try label(of: clip)
    return LabelDetails(
      id: id, name: clip.name, seconds: clip.seconds,
      state: state(of: clip, last: journal.last[clip.name.byteName]), label: label,
      hypothesis: clip.result?.hypothesis, problem: clip.result?.problem)
  }

  /// Saves the label of a clip.
  ///
  /// - Parameters:
  ///   - text: what is said in it.
  ///   - id: its number.
  ///   - shown: the content of its file of text as the user saw it; nil for no file.
  /// - Throws: `APIError`: 409 where that is another by now, which stays as it is.
  package func save(_ text: String, for id: Int, shown: String?) throws(APIError) {
    let clip = try clip(id)
    let text = try Self.tidied(text)
    let current = try label(of: clip)
    guard current.map({ Array($0.utf8) }) == shown.map({ Array($0.utf8) }) else {
      throw APIError(
        409, "\(clip.name): the label has changed since it was shown; look at it, and save again",
        code: "changed")
    }
    let new = text + "\n"
    try APIError.wrapping {
      () throws(FileError) in
      try journal.append(.init(action: .save, clip: clip.name, old: current, new: new))
    }
    do throws(FileError) {
      try FileSystem.write(new, to: clip.labelPath, role: "label", replaces: current != nil)
    } catch {
      try? journal.append(.init(action: .undo, clip: clip.name))
      throw APIError(error, of: clip.name)
    }
  }

  /// Sets a clip aside; its label, where it has one, stays.
  package func reject(_ id: Int) throws(APIError) {
    let clip = try clip(id)
    try APIError.wrapping {
      () throws(FileError) in try journal.append(.init(action: .reject, clip: clip.name))
    }
  }

  /// Undoes what was done last, by whichever server.
  ///
  /// - Returns: the clip.
  /// - Throws: `APIError`: 409 where there is nothing, or the label was changed elsewhere since.
  package func undo() throws(APIError) -> Int {
    if !journal.records.isEmpty {
      // Another server may have done more.
      try APIError.wrapping { () throws(FileError) in try journal.open() }
    }
    guard let last = journal.records.last else { throw APIError(409, "there is nothing to undo") }
    guard let id = clips.firstIndex(where: { $0.name.byteName == last.clip.byteName }) else {
      throw APIError(409, "\(last.clip): the clip is gone, so that it is not undone")
    }
    if last.action == .split {
      try undoSplit(of: id, last)
      return id
    }
    let clip = clips[id]
    let current = last.action == .save ? try label(of: clip) : nil
    guard last.action == .reject || current == last.new || current == last.old else {
      throw APIError(
        409, "\(clip.name): the label was changed elsewhere since; it is left as it is",
        code: "changed")
    }
    do throws(FileError) {
      if last.action == .save, current != last.old { try restore(last.old, of: clip) }
      try journal.append(.init(action: .undo, clip: clip.name, old: last.new, new: last.old))
    } catch {
      throw APIError(error, of: clip.name)
    }
    return id
  }

  func restore(_ old: String?, of clip: Clip) throws(FileError) {
    if let old { return try FileSystem.write(old, to: clip.labelPath, role: "label") }
    guard FileSystem.remove(clip.labelPath) else {
      throw FileError(clip.labelPath, role: "label", .write, .forbidden)
    }
  }

  func clip(_ id: Int) throws(APIError) -> Clip {
    guard clips.indices.contains(id), !clips[id].isGone else {
      throw APIError(404, "there is no clip \(id); load the list again", code: "unknown_clip")
    }
    return clips[id]
  }

  /// What the file beside a clip holds; nil where there is none.
  func label(of clip: Clip) throws(APIError) -> String? {
    if FileNode.isNothing(at: clip.labelPath) { return nil }
    do throws(FileError) {
      if FileNode(at: clip.labelPath)?.kind == .link {
        throw FileError(clip.labelPath, role: "label", .read, .link)
      }
      let bytes = Array(try FileSystem.read(clip.labelPath, role: "label"))
      if let text = String(validating: bytes, as: UTF8.self) { return text }
    } catch {
      throw APIError(error, of: clip.name)
    }
    throw APIError(409, "\(clip.name): its label is not in UTF-8; convert the file first")
  }

  /// A text in one line, its words separated by single spaces.
  static func tidied(_ text: String) throws(APIError) -> String {
    let scalars = text.unicodeScalars.map { scalar -> Character in
      scalar.properties.generalCategory == .control ? " " : Character(scalar)
    }
    let words = String(scalars).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !words.isEmpty else {
      throw APIError(
        400, "the text is empty; write what is said, or reject the clip", field: "text")
    }
    guard words.utf8.count <= 20_000 else {
      throw APIError(400, "the text is longer than a clip can be", field: "text")
    }
    return words
  }
}

// What recognition needs.
extension LabelFolder {
  /// A clip of a number, as a file.
  package func path(of id: Int) throws(APIError) -> String { try clip(id).path }

  /// Whether it is known what is recognised in a clip.
  package func isRecognized(_ id: Int) -> Bool {
    clips.indices.contains(id) && clips[id].result != nil
  }

  /// The numbers of all clips.
  package var numbers: Range<Int> { clips.indices }

  /// Whether a clip still wants a label, and it is not known what is recognised in it.
  package func isWaiting(_ id: Int) -> Bool {
    !isRecognized(id) && !clips[id].isGone
      && state(of: clips[id], last: journal.last[clips[id].name.byteName]) == .open
  }

  /// Notes how long a clip is.
  package func take(seconds: Double, for id: Int) { clips[id].seconds = seconds }

  /// Notes what was recognised in a clip.
  package func take(_ result: LabelHypothesis.Result, for id: Int) {
    clips[id].result = result
    if case .recognized(let hypothesis) = result { clips[id].seconds = hypothesis.seconds }
  }
}

extension APIError {
  /// Does something with files of the folder.
  package static func wrapping(_ body: () throws(FileError) -> Void) throws(APIError) {
    do throws(FileError) { try body() } catch { throw APIError(error, of: error.path.fileName) }
  }

  /// A file cannot be read or written, told by the name that the client knows.
  package init(_ error: FileError, of name: String) {
    switch error.cause {
    case .occupied:
      self.init(
        409, "\(name): the label has changed since it was shown; look at it, and save again",
        code: "changed")
    case .busy:
      self.init(409, "another server labels this folder now; end that one, or use its page")
    default:
      self.init(
        409,
        "\(name): the \(error.role) cannot be \(error.operation == .read ? "read" : "written"): \(error.reason)"
      )
    }
  }
}
