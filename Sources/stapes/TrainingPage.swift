import FoundationEssentials
import Stapes

/// How a training went, as one page of HTML that needs no other file.
struct TrainingPage {
  /// The model file.
  let model: String
  /// The page's file.
  let path: String
  /// What is trained on, and how, a sentence a line.
  private var facts: [String] = []
  private var options = ""
  private var history: [EpochFigures] = []
  private var samples: [ValidationFigures.Sample] = []
  private var result = "The training is under way."

  /// Makes a page without content.
  init(model: String, path: String) {
    self.model = model
    self.path = path
  }

  /// Takes in what is trained.
  mutating func add(_ lines: [String], options: TrainingOptions) {
    facts = lines
    self.options = (try? options.json) ?? ""
  }

  /// Takes in an epoch, and writes the page.
  mutating func add(_ epoch: TrainingEpoch) throws(PageError) {
    history = epoch.history
    samples = epoch.validation.samples
    try write()
  }

  /// Takes in the end in a sentence, and writes the page.
  mutating func end(_ sentence: String) throws(PageError) {
    result = sentence
    try write()
  }

  private func write() throws(PageError) {
    do throws(FileFailure) {
      try WholeFile.write(Data(html.utf8), to: path)
    } catch {
      throw PageError(path: path, reason: error.reason)
    }
  }

  private var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Training of \(model.escapedAsHTML)</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <h1>Training of \(model.escapedAsHTML)</h1>
    <p><strong>\(result.escapedAsHTML)</strong></p>
    \(facts.map { "<p>\($0.escapedAsHTML)</p>" }.joined(separator: "\n"))
    \(charts.map(\.svg).joined(separator: "\n"))
    <h2>Validation clips after the last epoch</h2>
    <table>
    <tr><th>said</th><th>read</th></tr>
    \(samples.map(row).joined(separator: "\n"))
    </table>
    <h2>Epochs</h2>
    <table>
    <tr><th>epoch</th><th>loss</th><th>validation loss</th><th>CER %</th><th>WER %</th></tr>
    \(history.map(row).joined(separator: "\n"))
    </table>
    <h2>Options</h2>
    <pre>\(options.split(separator: "\n").map { String($0).escapedAsHTML }.joined(separator: "\n"))</pre>
    </body>
    </html>

    """
  }

  private var charts: [LineChart] {
    func chart(_ title: String, _ lines: [(String, KeyPath<EpochFigures, Double>, Double)])
      -> LineChart
    {
      LineChart(
        title: title, epochs: history.map(\.epoch),
        lines: zip(["a", "b"], lines).map { style, line in
          LineChart.Line(
            name: line.0, style: style, values: history.map { $0[keyPath: line.1] * line.2 })
        })
    }
    return [
      chart(
        "Loss, nats a character", [("training", \.loss, 1), ("validation", \.validationLoss, 1)]),
      chart(
        "Error rate in validation, %",
        [("characters", \.characterErrorRate, 100), ("words", \.wordErrorRate, 100)]),
      chart("Learning rate", [("rate", \.learningRate, 1)]),
    ]
  }

  private func row(_ sample: ValidationFigures.Sample) -> String {
    """
    <tr><td>\(sample.reference.escapedAsHTML)</td><td>\(sample.hypothesis.escapedAsHTML)</td></tr>
    """
  }

  private func row(_ figures: EpochFigures) -> String {
    let cells = [
      "\(figures.epoch)", figures.loss.formatted(decimals: 3),
      figures.validationLoss.formatted(decimals: 3),
      (figures.characterErrorRate * 100).formatted(decimals: 2),
      (figures.wordErrorRate * 100).formatted(decimals: 2),
    ]
    return "<tr>\(cells.map { "<td>\($0)</td>" }.joined())</tr>"
  }

  private static let style = """
    :root { color-scheme: light dark }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
    svg { width: 100%; margin: 1rem 0 }
    text { font-size: 12px; fill: currentColor }
    .title { font-weight: bold; font-size: 13px }
    .value { text-anchor: end; dominant-baseline: middle }
    .epoch { text-anchor: middle }
    .grid { stroke: currentColor; opacity: .15 }
    .a, .b { fill: none; stroke-width: 2 }
    .a { stroke: #2a6fdb }
    .b { stroke: #d9622b }
    .a.dot { fill: #2a6fdb }
    .b.dot { fill: #d9622b }
    table { border-collapse: collapse }
    td, th { text-align: left; padding: 0 1.5rem 0 0; font-variant-numeric: tabular-nums }
    pre { overflow-x: auto }
    """
}

/// Why a page could not be written.
struct PageError: Error, CustomStringConvertible {
  /// The file.
  let path: String
  /// The system's reason.
  let reason: String

  var description: String {
    "\(path): the report cannot be written: \(reason); choose another place for it by --report"
  }
}
