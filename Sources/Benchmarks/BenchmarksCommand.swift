internal import ArgumentParser
internal import Foundation
internal import StapesKernels

/// Measures the project, side by side with what a user would pick instead.
@main
struct BenchmarksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scripts/bench",
    abstract: "Measures Stapes, side by side with its peers where they are installed.",
    discussion: """
      STAPES_PEERS names the folder of the peers' command, \
      `peers WORK --threads N --case CASE`; without it the project's figures stand alone. \
      For gru-train, elman-train and conv-train the peer is PyTorch, run by \
      scripts/reference/peers. \
      STAPES_DATA names the folder of speech data for `batch` and `training`, which without it \
      use the clips that come with the project, and for `recipe`, which needs it.

      Works: \(works.joined(separator: ", ")).
      """)

  private static let works = Benchmark.all.map(\.work).removingRepeats()

  @Argument(help: ArgumentHelp("What to measure; without it everything.", valueName: "work"))
  var works: [String] = []

  @Option(name: .customLong("case"), help: "The one case to measure.")
  var caseName: String?

  @Option(help: "The number of threads; lstm-stream, ctc, mfcc and decode run with one.")
  var threads = 2

  @Option(help: "How often the project and the peers take turns; medians of these are printed.")
  var rounds = 3

  @Option(help: "For how long each work of the project is repeated in a turn.")
  var seconds = 4.0

  @Flag(help: "Print a JSON object a line to standard output, and the table to standard error.")
  var json = false

  @Flag(help: "Leave out all that the peers do too.")
  var own = false

  @Flag(help: .hidden)
  var measure = false

  @Flag(help: .hidden)
  var spin = false

  func validate() throws {
    if let unknown = works.first(where: { !Self.works.contains($0) }) {
      throw ValidationError(
        "there is no work \(unknown); there are \(Self.works.joined(separator: ", "))")
    }
    guard !selected.isEmpty || spin else {
      throw ValidationError("no case of that name; the table of all works shows them")
    }
    guard threads >= 1, rounds >= 1, seconds > 0 else {
      throw ValidationError("--threads, --rounds and --seconds are to be above 0")
    }
  }

  func run() async throws {
    if spin { return BusyCore.spin() }
    if measure { return try await printMeasurements() }
    try compare()
  }

  private var selected: [Benchmark] {
    Benchmark.all.filter { benchmark in
      (works.isEmpty || works.contains(benchmark.work))
        && (caseName == nil || caseName == benchmark.name) && (!own || benchmark.isOwn)
    }
  }

  /// Measures in this process, for the one that compares.
  private func printMeasurements() async throws {
    keepFreedMemory()
    for benchmark in selected {
      let settings = Benchmark.Settings(threadCount: threads, seconds: seconds)
      for figure in try await benchmark.measure(settings) { print(try jsonLine(figure)) }
    }
  }

  private func compare() throws {
    let peersFolder = ProcessInfo.processInfo.environment["STAPES_PEERS"]
    if peersFolder == nil { say("STAPES_PEERS is not set: the project's figures alone") }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let turns = Rounds(
      count: rounds, threadCount: threads, seconds: seconds, peersFolder: peersFolder,
      workFolder: folder.path)
    let show = json ? say : { print($0) }
    show(ResultLine.tableHead)
    for group in selected.grouped() {
      for line in try turns.results(of: group) {
        show(line.tableRow)
        if json { print(try jsonLine(line)) }
      }
      fflush(nil)
    }
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

extension [Benchmark] {
  /// The benchmarks that share a work and a case, together.
  fileprivate func grouped() -> [[Benchmark]] {
    map { [$0.work, $0.name] }.removingRepeats().map { key in
      filter { [$0.work, $0.name] == key }
    }
  }
}

extension Array where Element: Hashable {
  /// The elements in order, each only where it stands first.
  fileprivate func removingRepeats() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
