internal import FoundationEssentials
public import StapesEvaluation
internal import StapesText

extension SpottingEvaluation {
  /// The figures for people: a row for each phrase, and the curve.
  public var text: String {
    let wanted = falseAlarmsPerHour.rounded(to: 2)
    var lines = [
      "\(phrases.count) phrases, said \(phrases.reduce(0) { $0 + $1.saidCount }) times in "
        + "\(hours.formatted(decimals: 2)) hours",
      "",
      "thresholds for \(wanted) false alarms an hour chosen on one half, and confirmed on the other:",
      ["phrase", "threshold", "misses (95 %)", "false alarms an hour (95 %)"].joined(
        separator: "\t"),
    ]
    lines += phrases.map { phrase in
      [
        phrase.text, phrase.threshold.formatted(decimals: 3), phrase.confirmed.missText,
        phrase.confirmed.falseAlarmText,
      ].joined(separator: "\t")
    }
    lines += ["mean\t\t\(percent(mean { $0.confirmed.missRate }))", ""]
    lines.append("misses on all of it, by false alarms an hour of each phrase:")
    lines.append(
      (["phrase"] + Self.falseAlarmRates.map { $0.rounded(to: 1) }).joined(separator: "\t"))
    lines += phrases.map { phrase in
      ([phrase.text] + phrase.curve.map { percent($0.missRate) }).joined(separator: "\t")
    }
    lines.append((["mean"] + meanCurve.map(percent)).joined(separator: "\t"))
    if let delays = delayQuantiles {
      lines += [
        "",
        "found after the end of the phrase: \(milliseconds(delays.median)) (median), "
          + "\(milliseconds(delays.high)) (95 %)",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as JSON.
  public var json: String {
    jsonLine(
      Report(
        hours: hours, falseAlarmsPerHour: falseAlarmsPerHour,
        phrases: phrases.map { phrase in
          Report.Phrase(
            phrase: phrase.text, threshold: phrase.threshold, said: phrase.saidCount,
            misses: phrase.confirmed.missRate,
            falseAlarmsPerHour: phrase.confirmed.falseAlarmRate,
            curve: zip(Self.falseAlarmRates, phrase.curve).map {
              Report.Point(falseAlarmsPerHour: $0, misses: $1.missRate)
            })
        },
        delay: delayQuantiles.map { [$0.median, $0.high] }))
  }

  /// Misses against false alarms an hour (the detection error trade-off) as an SVG picture: a line for
  /// each phrase, and the interval of the mean.
  public var chart: String {
    var lines = zip(phrases, LineChart.colors).map { phrase, color in
      LineChart.Line(
        name: phrase.text, style: color, values: phrase.curve.map { 100 * $0.missRate })
    }
    let bounds = Self.falseAlarmRates.indices.map { index in
      phrases.reduce(DetectionCounts()) { $0.adding($1.curve[index]) }.missInterval
    }
    lines.append(
      LineChart.Line(
        name: "all phrases, upper 95 %", style: "h second",
        values: bounds.map { 100 * $0.upperBound }))
    lines.append(
      LineChart.Line(
        name: "all phrases, lower 95 %", style: "h second",
        values: bounds.map { 100 * $0.lowerBound }))
    return LineChart(
      title: "Misses in % by false alarms an hour of each phrase",
      epochs: Self.falseAlarmRates.map { $0.rounded(to: 1) }, lines: lines
    ).file
  }

  private struct Report: Encodable {
    let hours: Double
    let falseAlarmsPerHour: Double
    let phrases: [Phrase]
    let delay: [Double]?

    struct Phrase: Encodable {
      let phrase: String
      let threshold: Double
      let said: Int
      let misses: Double
      let falseAlarmsPerHour: Double
      let curve: [Point]
    }

    struct Point: Encodable {
      let falseAlarmsPerHour: Double
      let misses: Double
    }
  }

  private func mean(_ value: (Phrase) -> Double) -> Double {
    phrases.reduce(0) { $0 + value($1) } / Double(max(phrases.count, 1))
  }

  private var meanCurve: [Double] {
    Self.falseAlarmRates.indices.map { index in mean { $0.curve[index].missRate } }
  }

  /// The median and the 95th percentile of all delays; nil where nothing was found.
  private var delayQuantiles: (median: Double, high: Double)? {
    let all = phrases.flatMap(\.delays).sorted()
    guard !all.isEmpty else { return nil }
    return (all.quantile(0.5), all.quantile(0.95))
  }
}

extension SpottingEvaluation.Phrase {
  fileprivate var saidCount: Int { chosen.saidCount + confirmed.saidCount }
}

extension DetectionCounts {
  fileprivate var missText: String {
    "\(percent(missRate)) (\(percent(missInterval.lowerBound)) to "
      + "\(percent(missInterval.upperBound))) of \(saidCount)"
  }

  fileprivate var falseAlarmText: String {
    let bounds = falseAlarmInterval
    return
      "\(falseAlarmRate.formatted(decimals: 2)) (\(bounds.lowerBound.formatted(decimals: 2)) to "
      + "\(bounds.upperBound.formatted(decimals: 2))): \(falseAlarmCount) in "
      + "\(hours.formatted(decimals: 2)) hours"
  }
}

private func percent(_ share: Double) -> String { "\((100 * share).formatted(decimals: 1)) %" }

private func milliseconds(_ seconds: Double) -> String {
  "\((1000 * seconds).formatted(decimals: 0)) ms"
}
