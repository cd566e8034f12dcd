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

  /// What is trained, and how good it is; lies beside the model.
  struct Facts: Codable, Equatable {
    let name, origin: String
    let clipCount, heldOutCount: Int
    /// The error rates on the clips that were held out, of the model that it began with and the new.
    var before, after: ErrorRates?
  }

  private let folder: LabelFolder
  private let service: SpeechService
  /// The program that trains.
  private let program: String
  package private(set) var state = State.idle
  private var facts: Facts?
  private var problem: String?
  private var process: ChildProcess?
  private var isCancelled = false
  /// The lines of the training's log.
  private var events = ""

  /// One clip of so many is held out, whichever are labelled.
  private static let heldOutShare: UInt32 = 6
  /// So many clips are wanted at least.
  private static let fewestClips = 12

  /// Makes it, and offers the models that were learnt before.
  package init(folder: LabelFolder, service: SpeechService, program: String) async {
    (self.folder, self.service, self.program) = (folder, service, program)
    for file in (try? FileSystem.names(inFolder: folder.path)) ?? []
    where file.pathExtension == "safetensors" {
      let name = file.withoutPathExtension
      guard let facts = facts(of: name), !service.models.names.contains(name) else { continue }
      await service.models.add(name, file: keptPath(of: name), from: facts.origin)
    }
    for name in (try? FileSystem.names(inFolder: runFolder)) ?? [] {
      guard let facts = facts(of: name), facts.after != nil, !isKept(name),
        FileNode(at: modelPath(of: name)) != nil
      else { continue }
      (state, self.facts) = (.done, facts)
      events = Self.events(inFolder: run(name))
      await service.models.add(name, file: modelPath(of: name), from: facts.origin)
    }
  }

  /// Whether there is a program that trains.
  package nonisolated var canTrain: Bool { ChildProcess.path(of: program) != nil }

  // Where things lie.
  private nonisolated var runFolder: String { folder.path.appendingPath(".stapes-models") }
  private nonisolated func run(_ name: String) -> String { runFolder.appendingPath(name) }
  private nonisolated func modelPath(of name: String) -> String {
    run(name).appendingPath("model.safetensors")
  }
  private nonisolated func keptPath(of name: String) -> String {
    folder.path.appendingPath(name + ".safetensors")
  }
  private nonisolated func isKept(_ name: String) -> Bool {
    !FileNode.isNothing(at: keptPath(of: name))
  }
  private nonisolated func facts(of name: String) -> Facts? {
    (try? FileSystem.read(run(name).appendingPath("facts.json"))).flatMap {
      try? JSONDecoder().decode(Facts.self, from: $0)
    }
  }

  /// The whole, as JSON.
  package func report() async -> String {
    struct Report: Encodable {
      let state: State
      let facts: Facts?
      let problem: String?
      let labelled, fewest: Int
      let canTrain: Bool
    }
    let report = Report(
      state: state, facts: facts, problem: problem, labelled: await folder.labelled().count,
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
    state = .training
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
    let name = unusedName()
    (problem, events, isCancelled) = (nil, "", false)
    let facts = Facts(
      name: name, origin: origin, clipCount: clips.count - heldOut.count,
      heldOutCount: heldOut.count)
    self.facts = facts
    let list = run(name).appendingPath("train.jsonl")
    try APIError.wrapping { () throws(FileError) in
      try FileSystem.makeFolder(run(name))
      FileSystem.removeFiles(inFolder: run(name))
      try write(heldOut, to: "held-out.jsonl", of: name)
      try write(clips.filter { !heldOut.contains($0) }, to: "train.jsonl", of: name)
      try save(facts)
    }
    var arguments = [
      "-n", "10", program, "train", list, "--allow-outside", "--from",
      service.models.toolName(of: origin), "--output", modelPath(of: name), "--report", run(name),
      "--epochs", "\(epochCount)", "--threads", "\(service.options.jobs)",
    ]
    if let replay = service.options.replayed { arguments += ["--replay", replay] }
    if !service.options.usesFFmpeg { arguments.append("--no-ffmpeg") }
    let words = ChildProcess.Stream.file(run(name).appendingPath("messages.txt"))
    process = ChildProcess.path(of: "nice").flatMap {
      ChildProcess($0, arguments, output: words, errors: words)
    }
    if process == nil { throw APIError(409, "the training cannot be started; try again") }
  }

  private func unusedName() -> String {
    let kept = folder.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let stem = String(kept).split(separator: "-").joined(separator: "-")
    var number = 1
    while true {
      let name = "\(stem.isEmpty ? "model" : stem)-\(number)"
      let isFree = !isKept(name) && FileNode.isNothing(at: modelPath(of: name))
      if isFree, !service.models.names.contains(name) { return name }
      number += 1
    }
  }

  /// Which clips are held out depends on their names alone, so that they stay out of every training.
  private static func hash(_ name: String) -> UInt32 {
    name.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 } >> 8
  }

  private func write(
    _ clips: [LabelFolder.Labelled], to file: String, of name: String
  ) throws(FileError) {
    struct Line: Encodable {
      let audio_filepath, text: String
    }
    let lines = clips.map { jsonLine(Line(audio_filepath: "../../\($0.name)", text: $0.text)) }
    try FileSystem.write(lines.joined(), to: run(name).appendingPath(file))
  }

  private func save(_ facts: Facts) throws(FileError) {
    try FileSystem.write(jsonLine(facts), to: run(facts.name).appendingPath("facts.json"))
  }

  private static func events(inFolder run: String) -> String {
    guard let log = try? FileSystem.read(run.appendingPath("log.jsonl")) else { return "" }
    // A line that is being written is not whole.
    guard let end = log.lastIndex(of: UInt8(ascii: "\n")) else { return "" }
    return String(decoding: log[..<end], as: UTF8.self)
      .split(separator: "\n").joined(separator: ",")
  }

  private func follow() async {
    guard let name = facts?.name else { return }
    while let process, process.status == nil {
      events = Self.events(inFolder: run(name))
      try? await Task.sleep(for: .milliseconds(200))
    }
    let status = process?.status
    process = nil
    events = Self.events(inFolder: run(name))
    guard !isCancelled else { return forget() }
    guard status == 0 else { return fail(lastMessage(of: name)) }
    state = .measuring
    do {
      try await measure(name)
      state = .done
    } catch {
      fail(APIError(error).message)
    }
  }

  private func lastMessage(of name: String) -> String {
    let text = (try? FileSystem.read(run(name).appendingPath("messages.txt"))) ?? Data()
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    return lines.last.map { String($0.trimmingPrefix("stapes: ")) } ?? "the training was ended"
  }

  private func fail(_ message: String) {
    (state, problem) = (isCancelled ? .idle : .failed, isCancelled ? nil : message)
  }

  /// Measures both models on the clips that were held out, as they are offered to others.
  private func measure(_ name: String) async throws {
    guard var facts else { return }
    let models = service.models
    var model = try rethrowing(
      SpeechModel(contentsOf: modelPath(of: name)), as: RecognitionError.model)
    // The same language model counts as it did.
    if model.languageWeights == nil {
      model.languageWeights = try await models.model(facts.origin).languageWeights
      try model.write(to: modelPath(of: name))
    }
    await models.add(name, file: modelPath(of: name), from: facts.origin)
    let clips = try Corpus(
      readingFrom: [run(name).appendingPath("held-out.jsonl")], allowsOutside: true,
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
    try save(facts)
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
      let bytes = Array(try FileSystem.read(modelPath(of: name), role: "model"))
      try FileSystem.write(bytes, to: keptPath(of: name), role: "model", replaces: false)
    }
    await service.models.add(name, file: keptPath(of: name), from: facts?.origin)
    FileSystem.remove(modelPath(of: name))
    (state, facts, events) = (.idle, nil, "")
    return keptPath(of: name).fileName
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
    if let name = facts?.name { FileSystem.removeFiles(inFolder: run(name)) }
    (state, facts, problem, events) = (.idle, nil, nil, "")
  }
}

/// Ends a training with the server.
struct LearningService: Service {
  let learning: Learning

  func run() async throws {
    try? await gracefulShutdown()
    try? await learning.cancel()
  }
}
