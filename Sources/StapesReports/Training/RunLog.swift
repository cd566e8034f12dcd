internal import FoundationEssentials
internal import StapesCorpus
package import StapesFiles
internal import StapesModel
internal import StapesScoring
internal import StapesText
package import StapesTraining

/// `log.jsonl` of a run folder: what a training tells, one JSON object a line.
///
/// Each has its `event` (`start`, `epoch`, `notice`, `passedOver`, `end` or `failure`) and its
/// `time`.
package struct RunLog: RunWriter {
  package static let name = "log.jsonl"
  private let folder: ReportFolder
  private let isResumed: Bool
  private var isBegun = false

  /// Makes a log that begins anew, or goes on with the one that is there, once there is something
  /// to write.
  package init(folder: ReportFolder, isResumed: Bool) {
    self.folder = folder
    self.isResumed = isResumed
  }

  /// Leaves of the lines that are there those that are whole, or none.
  private func begin() throws(FileError) {
    var lines = ""
    if isResumed, let data = try? FileSystem.read(folder.path(of: Self.name)) {
      let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? data.startIndex
      lines = String(decoding: data[..<end], as: UTF8.self)
    }
    try folder.write(lines, to: Self.name)
  }

  package mutating func write(_ event: TrainingEvent, of facts: RunFacts) throws(FileError) {
    switch event {
    case .reading, .searching, .step: break
    case .prepared(let summary): try add("start", Start(summary, model: facts.model))
    case .passedOver(let clips): try add("passedOver", ["clips": clips])
    case .notice(let notice):
      try add("notice", Notice(text: notice.description, isWarning: notice.isWarning))
    case .epoch(let epoch):
      guard let figures = epoch.history.last else { return }
      try add("epoch", figures)
    case .finished(let outcome): try add("end", End(outcome))
    }
  }

  package mutating func write(_ failure: any Error) throws(FileError) {
    // One that did not begin leaves the log of the one before.
    guard isBegun else { return }
    try add("failure", ["text": "\(failure)"])
  }

  private mutating func add(_ event: String, _ content: some Encodable) throws(FileError) {
    if !isBegun { try begin() }
    isBegun = true
    let time = Date.now.formatted(.iso8601)
    try folder.append(
      jsonLine(Line(event: event, time: time, content: content)).utf8, to: Self.name)
  }
}

/// A line: the members of its content, and two that all lines have.
private struct Line<Content: Encodable>: Encodable {
  let event: String
  let time: String
  let content: Content

  private enum Key: CodingKey { case event, time }

  func encode(to encoder: any Encoder) throws {
    try content.encode(to: encoder)
    var members = encoder.container(keyedBy: Key.self)
    try members.encode(event, forKey: .event)
    try members.encode(time, forKey: .time)
  }
}

private struct Start: Encodable {
  let model: String
  let toolVersion = Provenance.currentToolVersion
  let task: TrainingOptions.Task
  let architecture: String
  let weightCount: Int
  let epochCount: Int
  let clipCount: Int
  let hours: Double
  let validationClipCount: Int
  let validationHours: Double
  let leftOut: [String]
  let findings: [String]

  init(_ summary: TrainingSummary, model: String) {
    self.model = model
    task = summary.options.task
    architecture = summary.architecture
    weightCount = summary.parameterCount
    epochCount = summary.options.epochCount
    (clipCount, hours) = (summary.clipCount, summary.hours)
    (validationClipCount, validationHours) = (summary.validationClipCount, summary.validationHours)
    leftOut = summary.unused.map { "\($0)" }
    findings = summary.findings.map(\.summary)
  }
}

private struct Notice: Encodable {
  let text: String
  let isWarning: Bool
}

private struct End: Encodable {
  let epoch: Int
  let wasStopped: Bool
  let rates: ErrorRates

  init(_ outcome: TrainingOutcome) {
    epoch = outcome.epoch
    wasStopped = outcome.wasStopped
    rates = outcome.validation.rates
  }
}
