internal import FoundationEssentials
package import StapesModel
package import StapesTraining
internal import StapesTranscript
internal import SystemPackage

/// A folder for what is written about a training.
package struct ReportFolder {
  /// The folder.
  let path: String

  /// Takes a folder, and makes it when it is not there; whether it can be written to shows now, not
  /// after hours.
  ///
  /// - Throws: `ReportError`.
  package init(path: String) throws(ReportError) {
    self.path = path
    var isFolder = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isFolder || !exists else {
      throw ReportError(path: path, reason: "it is a file, not a folder")
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try probe(folder: path)
    } catch {
      let failure = error as? FileFailure ?? FileFailure(path: path, error: error)
      throw ReportError(path: path, reason: failure.reason)
    }
  }

  /// The path of a file in the folder.
  func path(of name: String) -> String {
    URL(filePath: path).appending(path: name).path(percentEncoded: false)
  }

  /// Replaces a file of the folder.
  ///
  /// - Throws: `ReportError`; the file is then as before.
  func write(_ text: String, to name: String) throws(ReportError) {
    do throws(FileFailure) {
      try WholeFile.write(Data(text.utf8), to: path(of: name))
    } catch {
      throw ReportError(path: error.path, reason: error.reason)
    }
  }

  /// Appends to a file of the folder, which is made when it is not there.
  ///
  /// - Throws: `ReportError`.
  func append(_ bytes: some Sequence<UInt8>, to name: String) throws(ReportError) {
    let path = path(of: name)
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .append],
        permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      throw ReportError(path: path, reason: "\(error)")
    }
  }
}

/// What a run folder has of a training besides its log, each file replaced as a whole: its options,
/// the card of its best model, and a page.
package struct RunPages: RunWriter {
  package static let (optionsName, cardName, pageName) = ("options.json", "card.md", "report.html")

  /// The run folder.
  private let folder: ReportFolder

  /// Writes into a folder.
  package init(folder: ReportFolder) { self.folder = folder }

  package func write(_ event: TrainingEvent, of facts: RunFacts) throws(ReportError) {
    switch event {
    case .prepared(let summary):
      try folder.write(((try? summary.options.json) ?? "{}") + "\n", to: Self.optionsName)
    case .epoch(let epoch):
      if let model = epoch.improvedModel { try writeCard(of: model, facts) }
      try writePage(facts)
    case .finished(let outcome):
      try writeCard(of: outcome.model, facts)
      try writePage(facts)
    case .reading, .step, .passedOver, .notice: break
    }
  }

  private func writeCard(of model: SpeechModel, _ facts: RunFacts) throws(ReportError) {
    try folder.write(model.card(name: facts.model.fileName), to: Self.cardName)
  }

  private func writePage(_ facts: RunFacts) throws(ReportError) {
    try folder.write(TrainingPage(facts: facts).html, to: Self.pageName)
  }
}

/// Makes sure that files can be written into a folder, by one that is there for a moment.
package func probe(folder: String) throws(FileFailure) {
  let probe = URL(filePath: folder).appending(path: ".stapes-\(UUID().uuidString)")
  let path = probe.path(percentEncoded: false)
  try WholeFile.write(Data(), to: path)
  try? FileManager.default.removeItem(atPath: path)
}
