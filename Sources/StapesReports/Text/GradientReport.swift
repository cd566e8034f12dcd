internal import Glibc
package import StapesEvaluation
internal import StapesText

/// What was measured of one model or network.
package struct MeasuredReach {
  /// The model's file, or the network's words.
  let name: String
  let reach: GradientReach

  package init(name: String, reach: GradientReach) {
    (self.name, self.reach) = (name, reach)
  }

  /// The figures for people: a table for each layer.
  package var text: String {
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
package struct GradientChart {
  let results: [MeasuredReach]

  package init(results: [MeasuredReach]) { self.results = results }

  package var picture: LineChart {
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
package struct NamedReach: Encodable {
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

  package init(_ measured: MeasuredReach) {
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
