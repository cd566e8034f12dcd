import ArgumentParser
import FoundationEssentials
import Glibc
import Stapes
import StapesConsole

/// `stapes gradients`: how far back in time the gradient of a loss reaches.
struct GradientsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Measures how far back in time gradients reach in recurrent layers.",
    discussion: """
      In some clips of DATA, at some outputs t, the gradient of the loss of that output alone (its \
      row of the gradient of the CTC loss by the logits) is propagated backward through the \
      network. Prints its norm with respect to the state of each recurrent layer k outputs \
      earlier, relative to the norm at k = 0: the median and the quartiles over all t. The state \
      is the layer's output, in an LSTM with its cells, of the forward direction. A median below \
      1/100 means that the gradient has vanished; a growing one that it explodes. The last line \
      reports how far gradient clipping would scale down the gradient of all weights.

      --network measures freshly initialised weights, --model those of a file.

      Examples:
        stapes gradients clips --model my.safetensors --output reach.svg
        stapes gradients clips --network "64 elman tanh" --network "64 lstm" --output reach.svg
        stapes gradients clips --network "64 elman relu, init he" --distance 50 --format json
      """)

  @Argument(
    help: ArgumentHelp("Folders of labelled clips, or manifests.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Model file; repeat for several models.", valueName: "file"),
    completion: .file())
  var model: [String] = []

  @Option(
    help: ArgumentHelp(
      "Network, in the notation of `stapes train --network`; repeat for several networks.",
      valueName: "layers"))
  var network: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("SVG chart of the medians to write.", valueName: "file"), completion: .file()
  )
  var output: String?

  @Option(help: "Output format.")
  var format = ReportFormat.txt

  @Option(help: "Number of clips to measure, 1 to 100000.")
  var clips = GradientMeasurement().clipCount

  @Option(help: "Number of outputs t in each clip, 1 to 1000.")
  var places = GradientMeasurement().placeCount

  @Option(help: "Largest k, 1 to 10000 outputs.")
  var distance = GradientMeasurement().longestDistance

  @Option(help: "Random seed of the initial weights and of the choice of clips and outputs.")
  var seed: UInt64 = GradientMeasurement().seed

  @OptionGroup var replacing: OverwriteOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var logging: LoggingOptions

  func validate() throws {
    guard !model.isEmpty || !network.isEmpty else {
      throw ValidationError("give a --model, or a --network such as \"64 lstm\"")
    }
  }

  func run() async throws {
    try replacing.check([output])
    var measurement = GradientMeasurement()
    (measurement.clipCount, measurement.placeCount) = (clips, places)
    (measurement.longestDistance, measurement.seed) = (distance, seed)
    try measurement.validate()
    let architectures = try network.map { try RecipeOptions.architecture($0) }
    var models = try model.map { ($0.fileName, try SpeechModel(contentsOf: $0)) }
    let corpus = try Corpus(readingFrom: data, audio: decoding.audio)
    for (name, architecture) in zip(network, architectures) {
      models.append((name, try measurement.freshModel(of: architecture, for: corpus)))
    }
    let results = try await measured(models, measurement, corpus)
    let chart = GradientChart(results: results)
    try Console.write(
      format == .json
        ? jsonLine(results.map(NamedReach.init)) : results.map(\.text).joined(separator: "\n"))
    if let output { try FileSystem.write(chart.picture.file, to: output) }
  }

  private func measured(
    _ models: [(name: String, model: SpeechModel)], _ measurement: GradientMeasurement,
    _ corpus: Corpus
  ) async throws -> [MeasuredReach] {
    var progress = logging.progress
    defer { progress.clear() }
    var results: [MeasuredReach] = []
    for (name, model) in models {
      progress.show("measuring \(results.count + 1) of \(models.count): \(name)")
      do {
        let reach = try await stoppable(logger: logging.logger) {
          try await measurement.reach(
            of: model, on: corpus, threadCount: ProcessInfo.processInfo.activeProcessorCount)
        }
        results.append(MeasuredReach(name: name, reach: reach))
      } catch is CancellationError {
        throw ExitCode(130)
      }
    }
    return results
  }
}
