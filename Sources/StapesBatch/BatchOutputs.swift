internal import StapesFiles
internal import StapesRecognition
internal import StapesText
internal import StapesTranscript

/// What stands at the place of a transcript.
enum OutputState: Equatable, Sendable {
  /// Nothing.
  case free
  /// What a batch wrote, unchanged, with the hash of its content.
  case written(FileNode, hash: UInt64)
  /// What version 0.1.0 wrote, unchanged as far as its journal tells, with the hash of its content.
  case earlier(FileNode, hash: UInt64)
  /// What a batch wrote and somebody has changed since.
  case changed
  /// What no batch wrote, or what one wrote for another file that is still there.
  case foreign
  /// Perhaps what a batch wrote, since lines of the journal may be lost: it stays, and is the batch's
  /// own where it is the very text that would be written.
  case doubtful
  /// Whatever it may be: it is to be replaced.
  case any

  /// Whether it may be replaced.
  var isReplaced: Bool {
    switch self {
    case .written, .earlier, .any: true
    case .free, .changed, .foreign, .doubtful: false
    }
  }

  /// The hash of what a batch wrote; nil for everything else.
  var hash: UInt64? {
    switch self {
    case .written(_, let hash), .earlier(_, let hash): hash
    default: nil
    }
  }
}

/// The output folder of a batch, as far as the journal knows it.
struct BatchOutputs: Sendable {
  /// The folder.
  let folder: String

  /// What is known of earlier runs, and of others that are under way.
  private(set) var journal: BatchJournal
  private let options: BatchOptions
  private let tree: SoundTree
  private let names: Set<ByteName>
  /// The transcripts that the files of this batch have.
  private let current: Set<ByteName>

  init(
    folder: String, journal: BatchJournal, options: BatchOptions, tree: SoundTree,
    paths: [[String]]
  ) {
    (self.folder, self.journal, self.options, self.tree) = (folder, journal, options, tree)
    names = Set(tree.files.map(\.name.byteName))
    current = Set(paths.joined().map(\.byteName))
  }

  /// Reads what other processes have written to their journals since.
  mutating func readFurther() { journal.readFurther(in: folder) }

  /// The absolute path of a file, or its address.
  func source(of file: SoundTree.File) -> String { tree.source(of: file.name) }

  /// What stands at the places of a file's transcripts.
  ///
  /// - Parameters:
  ///   - paths: the places, relative to the folder.
  ///   - file: the file.
  ///   - record: what the journal tells of the file.
  /// - Throws: `RecognitionError.file` for what cannot be replaced.
  func states(
    of paths: [String], for file: SoundTree.File, _ record: BatchJournal.Record?
  ) throws(RecognitionError) -> [OutputState] {
    var states: [OutputState] = []
    for path in paths {
      let full = folder + "/" + path
      guard let node = FileNode(at: full) else {
        states.append(.free)
        continue
      }
      var state = state(of: path, node, for: file)
      if state == .foreign, let record, let form = record.earlier,
        case .done(let outputs) = record.result, let first = outputs.first?.path,
        paths.contains(first)
      {
        state = earlierState(of: paths, path, node, form)
      }
      if options.overwrites, state == .changed || state == .foreign {
        try rethrowing(
          OutputGuard.check(node, at: full, inputs: tree.files.map(\.path)),
          as: RecognitionError.file)
        state = .any
      }
      if state == .foreign, journal.isIncomplete, node.kind == .file { state = .doubtful }
      states.append(state)
    }
    return states
  }

  private func state(
    of path: String, _ node: FileNode, for file: SoundTree.File
  ) -> OutputState {
    guard let written = journal.writtenOutputs[path.byteName], !isAnothers(written, than: file)
    else {
      return .foreign
    }
    guard node.kind == .file, let hash = FileIdentity.hash(ofFileAt: folder + "/" + path) else {
      return .changed
    }
    // A file that a power failure left empty is none that somebody has written.
    return written.hashes.contains(hash) || node.size == 0 ? .written(node, hash: hash) : .changed
  }

  /// Whether a transcript was written for another file than this, which is still there.
  private func isAnothers(_ written: BatchJournal.Written, than file: SoundTree.File) -> Bool {
    written.sources.contains { name, source in
      guard name == file.name.byteName || !names.contains(name),
        source != tree.source(of: file.name)
      else { return false }
      // Whether a file on a server is still there is not asked.
      if Address(source) != nil { return true }
      guard let node = FileNode(at: source, followsLinks: true) else { return false }
      return FileNode(at: file.path, followsLinks: true)?.isSameFile(as: node) != true
    }
  }

  /// What stands at the place of a transcript of which version 0.1.0 tells: its own, where all of a
  /// file's transcripts are as long together as they were and none has been changed since.
  private func earlierState(
    of paths: [String], _ path: String, _ node: FileNode, _ form: BatchJournal.EarlierForm
  ) -> OutputState {
    guard node.kind == .file, let hash = FileIdentity.hash(ofFileAt: folder + "/" + path) else {
      return .changed
    }
    if node.size == 0 { return .written(node, hash: hash) }
    let nodes = paths.compactMap { FileNode(at: folder + "/" + $0) }
    let isOwn =
      nodes.allSatisfy { $0.kind == .file && $0.modified <= form.time }
      && nodes.reduce(0) { $0 + $1.size } == form.byteCount
    return isOwn ? .earlier(node, hash: hash) : .changed
  }
}

extension BatchOutputs {
  /// Transcripts that a batch wrote, of files that are no longer there or have them elsewhere now,
  /// sorted.
  var staleOutputs: [String] {
    journal.writtenOutputs.filter { path, written in
      !current.contains(path)
        && written.sources.allSatisfy { isStale(path.string, $0.key, $0.value) }
        && FileNode(at: folder + "/" + path.string) != nil
    }
    .keys.sorted().map(\.string)
  }

  private func isStale(_ path: String, _ name: ByteName, _ source: String) -> Bool {
    guard options.shard.contains(name.string) else { return false }
    // What stands in another format was written by another command, which may be given again.
    if names.contains(name) { return options.formats.contains { path.hasSuffix($0.ending) } }
    return Address(source) == nil && source.hasPrefix(tree.source(of: ""))
      && FileNode.isNothing(at: source)
  }

  /// Removes a transcript, where it is as a batch wrote it.
  ///
  /// - Returns: whether it is gone.
  func remove(_ path: String) -> Bool {
    let full = folder + "/" + path
    guard FileNode(at: full)?.kind == .file, let hash = FileIdentity.hash(ofFileAt: full),
      journal.writtenOutputs[path.byteName]?.hashes.contains(hash) == true
    else { return false }
    return FileSystem.remove(full)
  }
}

extension TranscriptFormat {
  /// The ending of a file in this format, with the dot.
  fileprivate var ending: String { "." + fileExtension }
}
