package import StapesFiles
internal import StapesModel
package import StapesTraining

/// A folder for what is written about a training.
package struct ReportFolder {
  /// The folder.
  let path: String

  /// Takes a folder, and makes it when it is not there; whether it can be written to shows now, not
  /// after hours.
  ///
  /// - Throws: `FileError`.
  package init(path: String) throws(FileError) {
    self.path = path
    try FileSystem.makeFolder(path)
    try OutputGuard.probe(folder: path)
  }

  /// The path of a file in the folder.
  func path(of name: String) -> String {
    path.appendingPath(name)
  }

  /// Replaces a file of the folder.
  ///
  /// - Throws: `FileError`; the file is then as before.
  func write(_ text: String, to name: String) throws(FileError) {
    try FileSystem.write(text, to: path(of: name), role: "report")
  }

  /// Appends to a file of the folder, which is made when it is not there.
  ///
  /// - Throws: `FileError`.
  func append(_ bytes: some Sequence<UInt8>, to name: String) throws(FileError) {
    try FileSystem.append(Array(bytes), to: path(of: name))
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

  package func write(_ event: TrainingEvent, of facts: RunFacts) throws(FileError) {
    switch event {
    case .prepared(let summary):
      try folder.write(((try? summary.options.json) ?? "{}") + "\n", to: Self.optionsName)
    case .epoch(let epoch):
      if let model = epoch.improvedModel { try writeCard(of: model, facts) }
      try writePage(facts)
    case .finished(let outcome):
      try writeCard(of: outcome.model, facts)
      try writePage(facts)
    case .reading, .searching, .step, .passedOver, .notice: break
    }
  }

  private func writeCard(of model: SpeechModel, _ facts: RunFacts) throws(FileError) {
    try folder.write(model.card(name: facts.model.fileName), to: Self.cardName)
  }

  private func writePage(_ facts: RunFacts) throws(FileError) {
    try folder.write(TrainingPage(facts: facts).html, to: Self.pageName)
  }
}
