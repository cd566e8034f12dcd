internal import FoundationEssentials
internal import ServiceLifecycle
internal import Stapes
internal import StapesFiles
package import StapesLabelling
package import StapesProtocols
internal import StapesText

/// What is learnt from the labels of a folder: one training at a time, in a process of its own, and
/// the model that it made, until that is kept or dropped.
///
/// All that belongs to a training lies in `.stapes-models/NAME` of the folder; a model that is kept
/// becomes `NAME.safetensors` in the folder itself, and is offered by later servers too.
package actor Learning {
  /// How far it is.
  package enum State: String, Encodable, Sendable {
    case idle, training, measuring, done, failed
  }

  private let folder: LabelFolder
  private let files: LearningFiles
  private let service: SpeechService
  /// The program that trains.
  private let program: String
  package private(set) var state = State.idle
  private var facts: LearningFacts?
  private var problem: String?
  private var process: ChildProcess?
  private var isCancelled = false
  /// The lines of the training's log.
  private var events = ""

  /// How many clips are labelled, and when they are counted again.
  private var (labelled, nextCount) = (0, ContinuousClock.now)

  /// One clip of so many is held out, whichever are labelled.
  private static let heldOutShare: UInt32 = 6
  /// So many clips are wanted at least.
  private static let fewestClips = 12

  /// Makes it, and offers the models that were learnt before.
  package init(folder: LabelFolder, service: SpeechService, program: String) async {
    (self.folder, self.service, self.program) = (folder, service, program)
    files = LearningFiles(folder: folder)
    for file in (try? FileSystem.names(inFolder: folder.path)) ?? []
    where file.pathExtension == "safetensors" {
      let name = file.withoutPathExtension
      guard files.facts(of: name) != nil, !service.models.names.contains(name) else { continue }
      await service.models.add(name, file: files.keptPath(of: name))
    }
    for name in (try? FileSystem.names(inFolder: files.runFolder)) ?? [] {
      guard let facts = files.facts(of: name), facts.after != nil, !files.isKept(name),
        FileNode(at: files.modelPath(of: name)) != nil
      else { continue }
      (state, self.facts) = (.done, facts)
      events = files.events(of: name)
      await service.models.add(name, file: files.modelPath(of: name))
    }
  }

  /// Whether there is a program that trains.
  package nonisolated var canTrain: Bool { ChildProcess.path(of: program) != nil }

  /// The whole, as JSON.
  package func report() async -> String {
    struct Report: Encodable {
      let state: State
      let facts: LearningFacts?
      let problem: String?
      let labelled, fewest: Int
      let canTrain: Bool
    }
    if state == .idle || state == .failed, ContinuousClock.now > nextCount {
      // Every label is read for this.
      nextCount = .now + .seconds(1)
      labelled = await folder.labelled().count
    }
    let report = Report(
      state: state, facts: facts, problem: problem, labelled: labelled,
      fewest: Self.fewestClips, canTrain: canTrain)
    return "{\"report\":\(canonicalJSON(report)),\"events\":[\(events)]}"
  }

  /// Begins a training.
  ///
  /// - Parameters:
  ///   - asked: the model to begin with; nil for the usual one.
  ///   - epochCount: how many times each clip is gone through.
  /// - Throws: `APIError`.
  package func start(from asked: String?, epochCount: Int) async throws(APIError) {
    let origin = try service.modelName(asked)
    guard (1...1000).contains(epochCount) else {
      throw APIError(400, "there are \(epochCount) epochs; give 1 to 1000", field: "epochs")
    }
    guard state == .idle || state == .failed else {
      throw APIError(
        409, state == .done ? "keep or drop the last model first" : "a training is at work already")
    }
    guard canTrain else {
      throw APIError(409, "\(program.fileName) is not there; install it beside stapes-serve")
    }
    // Nobody else may begin while this one reads.
    (state, problem, events, isCancelled) = (.training, nil, "", false)
    do {
      try await begin(from: origin, epochCount: epochCount)
    } catch {
      state = .failed
      problem = error.message
      throw error
    }
    Task { await self.follow() }
  }

  private func begin(from origin: String, epochCount: Int) async throws(APIError) {
    try await folder.claim()
    let clips = await folder.labelled()
    let heldOut = clips.filter { Self.hash($0.name) % Self.heldOutShare == 0 }
    guard clips.count >= Self.fewestClips, !heldOut.isEmpty else {
      throw APIError(
        409, "\(clips.count) clips are labelled; label at least \(Self.fewestClips), or some more")
    }
    let name = files.unusedName(except: service.models.names)
    let facts = LearningFacts(
      name: name, origin: origin, clipCount: clips.count - heldOut.count,
      heldOutCount: heldOut.count)
    self.facts = facts
    let list = files.run(name).appendingPath("train.jsonl")
    try APIError.wrapping { () throws(FileError) in
      try FileSystem.makeFolder(files.run(name))
      FileSystem.removeFiles(inFolder: files.run(name))
      try files.write(heldOut, to: "held-out.jsonl", of: name)
      try files.write(clips.filter { !heldOut.contains($0) }, to: "train.jsonl", of: name)
      try files.save(facts)
    }
    var arguments = [
      "-n", "10", program, "train", list, "--allow-outside", "--from",
      service.models.toolName(of: origin), "--output", files.modelPath(of: name), "--report",
      files.run(name),
      "--epochs", "\(epochCount)", "--threads", "\(service.options.jobs)",
    ]
    if let replay = service.options.replayed { arguments += ["--replay", replay] }
    if !service.options.usesFFmpeg { arguments.append("--no-ffmpeg") }
    let words = ChildProcess.Stream.file(files.run(name).appendingPath("messages.txt"))
    process = ChildProcess.path(of: "nice").flatMap {
      ChildProcess($0, arguments, output: words, errors: words)
    }
    if process == nil { throw APIError(409, "the training cannot be started; try again") }
    if isCancelled { process?.kill() }
  }

  /// Which clips are held out depends on their names alone, so that they stay out of every training.
  private static func hash(_ name: String) -> UInt32 {
    name.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 } >> 8
  }

  private func follow() async {
    guard let name = facts?.name else { return }
    while let process, process.status == nil {
      events = files.events(of: name)
      try? await Task.sleep(for: .milliseconds(200))
    }
    let status = process?.status
    process = nil
    events = files.events(of: name)
    guard !isCancelled else { return forget() }
    guard status == 0 else { return fail(files.lastMessage(of: name)) }
    state = .measuring
    do {
      try await measure(name)
      state = .done
    } catch {
      fail(APIError(error).message)
    }
  }

  private func fail(_ message: String) {
    if isCancelled { return forget() }
    (state, problem) = (.failed, message)
  }

  /// Measures both models on the clips that were held out, as they are offered to others.
  private func measure(_ name: String) async throws {
    guard var facts else { return }
    let models = service.models
    await models.add(name, file: files.modelPath(of: name))
    let clips = try Corpus(
      readingFrom: [files.run(name).appendingPath("held-out.jsonl")], allowsOutside: true,
      audio: service.audio)
    let jobs = service.options.jobs
    func rates(_ name: String) async throws -> ErrorRates {
      try await Evaluation(of: await models.recognizer(name), on: clips, threadCount: jobs).rates
    }
    facts.before = try await rates(facts.origin)
    facts.after = try await rates(name)
    guard !isCancelled else {
      await models.remove(name)
      return forget()
    }
    self.facts = facts
    try files.save(facts)
  }

  /// Ends a training; what it made is removed.
  package func cancel() throws(APIError) {
    guard state == .training || state == .measuring else {
      throw APIError(409, "no training is at work")
    }
    isCancelled = true
    process?.kill()
  }

  /// Keeps the model: it becomes a file of the folder.
  ///
  /// - Returns: the name of the file.
  package func keep() async throws(APIError) -> String {
    let name = try doneName()
    try APIError.wrapping { () throws(FileError) in
      let bytes = Array(try FileSystem.read(files.modelPath(of: name), role: "model"))
      try FileSystem.write(bytes, to: files.keptPath(of: name), role: "model", replaces: false)
    }
    await service.models.add(name, file: files.keptPath(of: name))
    FileSystem.remove(files.modelPath(of: name))
    (state, facts, events) = (.idle, nil, "")
    return files.keptPath(of: name).fileName
  }

  /// Drops the model.
  package func drop() async throws(APIError) {
    await service.models.remove(try doneName())
    forget()
  }

  private func doneName() throws(APIError) -> String {
    guard state == .done, let name = facts?.name else {
      throw APIError(409, "there is no new model; the page shows what there is")
    }
    return name
  }

  private func forget() {
    if let name = facts?.name { FileSystem.removeFiles(inFolder: files.run(name)) }
    (state, facts, problem, events) = (.idle, nil, nil, "")
  }
}
