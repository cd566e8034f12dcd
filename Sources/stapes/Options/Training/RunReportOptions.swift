import ArgumentParser
import Stapes

/// What is written about a training besides its model.
struct RunReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Folder for log.jsonl, options.json, the model card card.md, and report.html: learning \
      curves, clips and confusions in one page.
      """, valueName: "folder"), completion: .directory)
  var report: String?

  @Option(
    help: ArgumentHelp("Folder for TensorBoard event files.", valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  /// Whether anything is to be written.
  var areGiven: Bool { report != nil || tensorboard != nil }

  /// The files that are replaced; those of TensorBoard have new names each time.
  var files: [String] {
    guard let report else { return [] }
    return [RunLog.name, RunPages.optionsName, RunPages.cardName, RunPages.pageName].map {
      "\(report)/\($0)"
    }
  }

  /// What writes it.
  func writers(isResumed: Bool) throws -> [any RunWriter] {
    var writers: [any RunWriter] = []
    if let report {
      let folder = try ReportFolder(path: report)
      writers += [RunLog(folder: folder, isResumed: isResumed), RunPages(folder: folder)]
    }
    if let tensorboard {
      writers.append(EventLog(folder: try ReportFolder(path: tensorboard)))
    }
    return writers
  }
}
