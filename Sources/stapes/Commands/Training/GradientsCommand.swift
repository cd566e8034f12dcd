import ArgumentParser
import FoundationEssentials
import Glibc
import Stapes

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

/// What was measured of one model or network.
struct MeasuredReach {
  /// The model's file, or the network's words.
  let name: String
  let reach: GradientReach

  /// The figures for people: a table for each layer.
  fileprivate var text: String {
    var lines = [name]
    if reach.layers.isEmpty {
      lines.append("  no recurrent layer, so no gradient reaches back in time")
    }
    for layer in reach.layers {
      lines.append("  layer \(layer.position), \(layer.name): \(verdict(on: layer))")
      lines.append("       k    quartile      median    quartile")
      lines += layer.distances.filter { Self.isShown($0.outputs) }.map { distance in
        let values = [distance.lowerQuartile, distance.median, distance.upperQuartile]
        return "  " + "\(distance.outputs)".leftPadded(to: 6)
          + values.map { $0.scientific.leftPadded(to: 12) }.joined()
      }
    }
    return (lines + [clipping]).joined(separator: "\n") + "\n"
  }

  private func verdict(on layer: GradientReach.Layer) -> String {
    let factor =
      layer.factorPerOutput.map { "; factor \($0.formatted(decimals: 3)) for each step" } ?? ""
    guard let last = layer.distances.last else { return "there is no gradient" }
    guard let reach = layer.reach() else {
      return "\(last.median.scientific) after \(last.outputs) outputs" + factor
    }
    let seconds = (Double(reach) * self.reach.secondsPerOutput).formatted(decimals: 2)
    return "below 1/100 after \(reach) outputs (\(seconds) s)" + factor
  }

  /// What shortening does to the gradient of all weights.
  private var clipping: String {
    let (norms, limit) = (reach.weightGradientNorms, reach.gradientNormLimit)
    let (median, largest) = (norms[norms.count / 2], norms[norms.count - 1])
    return """
        gradient of all weights, for each clip: median norm \(median.scientific), largest \
        \(largest.scientific); clipped to \(limit.formatted(decimals: 0)): median \
        \(min(median, limit).scientific), largest \(min(largest, limit).scientific) \
        (\(reach.shortenedCount) of \(counted(norms.count, "clip")))
      """
  }

  /// Whether a distance is in the table: 0, and 1, 2, 3, 5, 7 times a power of ten.
  private static func isShown(_ distance: Int) -> Bool {
    var digits = distance
    while digits >= 10, digits % 10 == 0 { digits /= 10 }
    return [0, 1, 2, 3, 5, 7].contains(digits)
  }
}

/// The picture of what was measured: a colour for each network, and a kind of line for each layer.
private struct GradientChart {
  let results: [MeasuredReach]

  var picture: LineChart {
    let breaks = ["", " second", " third", " fourth"]
    let longest = results.flatMap(\.reach.layers).map(\.distances.count).max() ?? 1
    return LineChart(
      title: "Gradient of the loss of output t by the state k outputs earlier (k = 0: 1)",
      epochs: Array(0..<max(longest, 2)),
      lines: results.enumerated().flatMap { index, result in
        result.reach.layers.enumerated().map { number, layer in
          LineChart.Line(
            name: result.reach.layers.count == 1
              ? result.name : "\(result.name), layer \(layer.position)",
            style: LineChart.colors[index % LineChart.colors.count] + breaks[number % breaks.count],
            values: layer.distances.map(\.median))
        }
      }, scale: .logarithmic(least: 1e-6))
  }
}

/// What was measured, as JSON has it.
private struct NamedReach: Encodable {
  struct Layer: Encodable {
    let name: String
    let position: Int
    let reach: Int?
    let factorPerOutput: Double?
    let distances: [GradientReach.Distance]
  }

  let name: String
  let secondsPerOutput: Double
  let layers: [Layer]
  /// Null where numbers end.
  let weightGradientNorms: [Double?]
  let gradientNormLimit: Double

  init(_ measured: MeasuredReach) {
    let reach = measured.reach
    name = measured.name
    secondsPerOutput = reach.secondsPerOutput
    layers = reach.layers.map {
      Layer(
        name: $0.name, position: $0.position, reach: $0.reach(),
        factorPerOutput: $0.factorPerOutput, distances: $0.distances)
    }
    weightGradientNorms = reach.weightGradientNorms.map { $0.isFinite ? $0 : nil }
    gradientNormLimit = reach.gradientNormLimit
  }
}

extension Double {
  /// The number with three digits, with an exponent where it is small or large.
  fileprivate var scientific: String {
    guard self != 0, isFinite else { return formatted(decimals: 0) }
    if abs(self) >= 0.001, abs(self) < 10_000 { return formatted(decimals: abs(self) < 1 ? 4 : 2) }
    var exponent = Int(log10(abs(self)).rounded(.down))
    if abs(self) / pow(10, Double(exponent)) >= 9.95 { exponent += 1 }
    return "\((self / pow(10, Double(exponent))).formatted(decimals: 1))e\(exponent)"
  }
}
