internal import StapesFiles
internal import StapesModel
internal import StapesText
internal import StapesTraining
internal import StapesTranscript

/// How a training went, as one page of HTML that needs no other file.
struct TrainingPage {
  /// What it tells of.
  let facts: RunFacts

  /// The page.
  var html: String {
    let title = "Training of \(facts.model.fileName)"
    let body = """
      <h1>\(title.escapedForMarkup)</h1>
      <p><strong>\((facts.result ?? "The training is running.").escapedForMarkup)</strong></p>
      \(paragraphs(facts.summary?.lines ?? []))
      \(charts.map(\.svg).joined(separator: "\n"))
      \(validation)
      <h2>Epochs</h2>
      \(epochs)
      \(facts.notices.isEmpty ? "" : "<h2>Notices</h2>\n" + paragraphs(facts.notices))
      <h2>Options</h2>
      <pre>\(options)</pre>
      """
    return HTMLPage(title: title, body: body).html
  }

  private func paragraphs(_ lines: [String]) -> String {
    lines.map { "<p>\($0.escapedForMarkup)</p>" }.joined(separator: "\n")
  }

  private var options: String {
    let json = (try? facts.summary?.options.json) ?? ""
    return json.split(separator: "\n").map { String($0).escapedForMarkup }.joined(separator: "\n")
  }

  private var validation: String {
    guard let best = facts.best else { return "" }
    let clips = ValidationClipList(task: facts.task)
    let confusions = ConfusionList(
      confusions: best.figures.confusions, classes: facts.summary?.outputs.labels)
    return """
      <h2>The worst validation clips, as the model of epoch \(best.epoch) reads them</h2>
      \(clips.html(best.figures.worst))
      <h2>Validation clips in the middle between worst and best</h2>
      \(clips.html(best.figures.middle))
      <h2>\(facts.task == .classify ? "Confusion of classes" : "Confusion of letters")</h2>
      \(confusions.html)
      """
  }
}

extension TrainingPage {
  private typealias Curve = (name: String, values: KeyPath<EpochFigures, Double>)

  private var charts: [LineChart] {
    let errors: [Curve] =
      facts.task == .classify
      ? [("clips", \.wordErrorRate)]
      : [("characters", \.characterErrorRate), ("words", \.wordErrorRate)]
    return [
      chart("Loss, nats per character", [("training", \.loss), ("validation", \.validationLoss)]),
      chart("Error rate in validation, %", errors, factor: 100),
      chart("Learning rate", [("rate", \.learningRate)]),
      chart(
        "Gradient norm before clipping",
        [("median step", \.gradientNorm), ("largest", \.largestGradientNorm)],
        scale: .logarithmic(least: 1e-9)),
      chart("Hours of sound per second", [("speed", \.hoursPerSecond)]),
    ]
  }

  private func chart(
    _ title: String, _ curves: [Curve], factor: Double = 1, scale: LineChart.Scale = .linear
  ) -> LineChart {
    let lines = zip(LineChart.colors, curves).map { style, curve in
      LineChart.Line(
        name: curve.name, style: style,
        values: facts.history.map { $0[keyPath: curve.values] * factor })
    }
    return LineChart(
      title: title, epochs: facts.history.map(\.epoch), lines: lines, scale: scale)
  }

  private var epochs: String {
    let isClassifying = facts.task == .classify
    let heads =
      ["epoch", "loss", "validation loss"] + (isClassifying ? ["wrong %"] : ["CER %", "WER %"])
      + ["gradient", "hours/s"]
    let rows = facts.history.map { figures in
      let errors =
        (isClassifying ? [] : [figures.characterErrorRate]) + [figures.wordErrorRate]
      return ["\(figures.epoch)"]
        + [figures.loss, figures.validationLoss].map { $0.formatted(decimals: 3) }
        + errors.map { ($0 * 100).formatted(decimals: 2) }
        + [figures.gradientNorm, figures.hoursPerSecond].map { $0.formatted(decimals: 3) }
    }
    return HTMLPage.table(heads: heads, rows: rows)
  }
}
