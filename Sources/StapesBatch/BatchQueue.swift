internal import StapesAudio
internal import StapesFiles
internal import StapesRecognition

/// Hands out what is left of a batch, some files at a time where other processes take part or files
/// come from servers.
struct BatchQueue {
  /// The files that other processes had in hand when it was their turn.
  private(set) var contested: [BatchRun.Item] = []
  /// Failures of files that others have done or that something is in the way of.
  private(set) var failures: [BatchRun.Failure] = []
  /// The claims of this process; nil where no others take part.
  let claims: Claims?

  private var waiting: ArraySlice<BatchRun.Item>
  private var outputs: BatchOutputs
  private let options: BatchOptions
  private let threadCount: Int

  /// Makes a queue of what a batch has left.
  ///
  /// - Throws: `RecognitionError.file`.
  init(_ batch: BatchRun, threadCount: Int) throws(RecognitionError) {
    (options, outputs, self.threadCount) = (batch.options, batch.outputs, threadCount)
    var claims: Claims?
    if let patience = options.claimPatience {
      let folder = BatchJournal.claimFolder(in: batch.outputFolder)
      claims = try rethrowing(
        Claims(in: folder, shard: options.shard, patience: patience), as: RecognitionError.file)
      claims?.beginHeartbeat()
    }
    self.claims = claims
    waiting = []
    fill(batch.items)
  }

  /// Begins again with files that were contested.
  mutating func retry() {
    let items = contested
    contested = []
    fill(items)
  }

  /// Takes files here before those on servers; where several processes take part the longest first,
  /// so that none begins with a long one at the end.
  private mutating func fill(_ items: [BatchRun.Item]) {
    let (remote, local) = (items.filter { $0.address != nil }, items.filter { $0.address == nil })
    waiting =
      ((claims == nil ? local : local.sorted { $0.seconds > $1.seconds }) + remote)[...]
  }

  /// The next files, which are claimed; none at the end.
  ///
  /// - Throws: `RecognitionError.file`.
  mutating func next() throws(RecognitionError) -> [BatchRun.Item] {
    while !waiting.isEmpty {
      let window = waiting.prefix(windowCount)
      waiting = waiting.dropFirst(window.count)
      let items = try claimed(Array(window))
      if !items.isEmpty { return items }
    }
    return []
  }

  /// How many files come next: all that are here where nobody else takes part, otherwise as many as
  /// keep all threads busy for a while.
  private var windowCount: Int {
    guard claims != nil || waiting.first?.address != nil else {
      return waiting.prefix { $0.address == nil }.count
    }
    let mostSeconds = 300 * Double(threadCount)
    var (count, seconds) = (0, 0.0)
    for item in waiting.prefix(max(16, 8 * threadCount)) where count == 0 || seconds < mostSeconds {
      (count, seconds) = (count + 1, seconds + item.seconds)
    }
    return count
  }

  /// Claims files, and looks again at those that it got: another process may have done them before.
  private mutating func claimed(
    _ items: [BatchRun.Item]
  ) throws(RecognitionError) -> [BatchRun.Item] {
    guard let claims else { return items }
    var taken: [BatchRun.Item] = []
    for item in items {
      if try rethrowing(claims.take(item.path.byteName), as: RecognitionError.file) {
        taken.append(item)
      } else {
        contested.append(item)
      }
    }
    guard !taken.isEmpty else { return [] }
    outputs.readFurther()
    var survey = BatchSurvey(options: options, outputs: outputs)
    for item in taken {
      let count = survey.items.count
      let file = SoundTree.File(name: item.path, path: item.file, address: item.address)
      try survey.look(at: file, outputPaths: item.outputPaths)
      if survey.items.count == count { claims.release(item.path.byteName) }
    }
    failures += survey.failures
    return survey.items
  }
}

extension BatchRun {
  /// Fetches those of some files that are on servers; the others are there.
  func fetched(_ items: [Item]) async -> [Item] {
    let remote = items.indices.filter { items[$0].address != nil }
    guard !remote.isEmpty else { return items }
    var items = items
    let jobs = remote.compactMap { index in
      items[index].address.map {
        Download.Job(address: $0, path: "\(unfinishedFolder)/fetched-\($0.id)")
      }
    }
    var download = options.download
    if let timeout = options.audio.timeout { download.mostSeconds = timeout }
    for ((index, job), error) in zip(zip(remote, jobs), await download.run(jobs)) {
      if let error { items[index].refusal = .audio(error) }
      items[index].arrive(at: job.path, options.audio)
    }
    return items
  }
}

extension BatchRun.Item {
  /// Notes where the copy of a file on a server is.
  fileprivate mutating func arrive(at path: String, _ audio: AudioOptions) {
    file = path
    self = lookedAtAgain(audio)
  }

  /// A text about the file by the name of what a copy is of.
  func named(_ text: String) -> String {
    address == nil ? text : text.replacing(file, with: source)
  }
}
