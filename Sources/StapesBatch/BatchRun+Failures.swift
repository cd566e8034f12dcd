internal import FoundationEssentials
internal import StapesFiles
internal import StapesRecognition
internal import StapesText

extension BatchRun {
  /// The columns of the list of failures, by which it is told from anyone's file of that name.
  private static let failureListHeader = "path\tcause\terror\n"

  /// The list of failures in a folder, where there is one that no batch wrote.
  ///
  /// - Throws: `RecognitionError.file` where it cannot be replaced.
  static func foreignFailureList(
    in outputFolder: String, _ options: BatchOptions
  ) throws(RecognitionError) -> [String] {
    let path = outputFolder + "/" + failureListName
    guard let node = FileNode(at: path), !isFailureList(node, at: path) else { return [] }
    guard options.overwrites else { return [path] }
    try rethrowing(OutputGuard.check(node, at: path, inputs: []), as: RecognitionError.file)
    return []
  }

  private static func isFailureList(_ node: FileNode, at path: String) -> Bool {
    guard node.kind == .file else { return false }
    let header = Array(failureListHeader.utf8)
    return node.size == 0 || (try? OpenFile(reading: path).read(header.count)) == header
  }

  /// What may not be read.
  var folderFailures: [Failure] {
    unreadable.map { Failure(path: $0.path, $0.error) }
  }

  /// Lists what failed, in all parts of the batch and in other batches into the same folder.
  func writeFailureList() throws(RecognitionError) {
    // Parts that end at the same time take turns, so that the last one knows of all.
    let turn = try rethrowing(
      AppendedFile(path: BatchJournal.folder(in: outputFolder) + "/turn", waits: true),
      as: RecognitionError.file)
    var journal = outputs.journal
    journal.readFurther(in: outputFolder)
    var records = journal.records
    var failures = folderFailures
    for name in names {
      guard let record = records.removeValue(forKey: name.byteName),
        record.recipe == options.recipe,
        let failure = Failure(record)
      else { continue }
      failures.append(failure)
    }
    for record in records.values {
      guard let failure = Failure(record),
        FileNode(at: record.source) != nil || Address(record.source) != nil
      else { continue }
      failures.append(failure)
    }
    failures.sort { $0.path.byteName < $1.path.byteName }
    try Self.writeFailureList(
      failures, to: outputFolder, writingIn: unfinishedFolder, overwrites: options.overwrites)
    turn.flush()
  }

  /// Writes the list of failures, or removes it where there are none.
  ///
  /// - Throws: `RecognitionError.file`, also where a file has that name which no batch wrote.
  static func writeFailureList(
    _ failures: [Failure], to outputFolder: String, writingIn folder: String,
    overwrites: Bool = false
  ) throws(RecognitionError) {
    let path = outputFolder + "/" + failureListName
    let isOwn = FileNode(at: path).map { isFailureList($0, at: path) } ?? true
    guard !failures.isEmpty else {
      if isOwn { FileSystem.remove(path) }
      return
    }
    guard isOwn || overwrites else { throw .file(.occupied([path])) }
    let lines = failures.map { failure in
      [failure.path, failure.cause, failure.message].map(\.escapedForTable)
        .joined(separator: "\t") + "\n"
    }
    try rethrowing(
      FinishedText.write(
        failureListHeader + lines.joined(), to: path, writingIn: folder), as: RecognitionError.file)
  }
}

extension BatchRun.Failure {
  /// A failure for an error.
  init(path: String, _ error: RecognitionError) {
    self.init(path: path, cause: error.cause, message: error.description)
  }

  /// The failure that a record tells; nil where it tells of none.
  init?(_ record: BatchJournal.Record) {
    guard case .failed(let cause, let message, _) = record.result else { return nil }
    self.init(path: record.path, cause: cause, message: message)
  }
}
