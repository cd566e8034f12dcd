internal import Glibc
internal import StapesKernels
internal import StapesRecognition
internal import StapesText
internal import StapesTranscript

/// The picture of an explanation: tracks over one axis of time, and their names beside them.
///
/// Two drawings of one height, so that the names stay where they are while the tracks are scrolled.
struct ExplanationFigure {
  private let explanation: Explanation
  /// The classes that are shown, blank first.
  private let classes: [Int]
  private let tracks: Tracks
  /// How wide a second is, in pixels: short clips fill a screen, long ones are scrolled.
  private let scale: Double
  private let width: Double

  /// A class that is never this probable, and not in the text, is left out.
  private static let leastProbability: Float = 0.05

  /// Where each track begins, from the top, in pixels.
  private struct Tracks {
    let wave = 30.0
    let energies = 120.0
    let energiesHeight = 120.0
    let posteriors = 262.0
    let rowHeight = 16.0
    let letters: Double
    let words: Double
    let height: Double

    init(classCount: Int) {
      letters = posteriors + rowHeight * Double(classCount) + 12
      words = letters + 30
      height = words + 50
    }
  }

  init(_ explanation: Explanation) {
    self.explanation = explanation
    classes = Self.shownClasses(of: explanation)
    tracks = Tracks(classCount: classes.count)
    let seconds = max(
      explanation.transcript.seconds,
      explanation.posteriors.start(of: explanation.posteriors.matrix.rowCount))
    scale = max(220, min(600, 1000 / max(seconds, 1)))
    // The last number of the axis needs room.
    width = seconds * scale + 30
  }

  private static func shownClasses(of explanation: Explanation) -> [Int] {
    let matrix = explanation.posteriors.matrix
    var isShown = [Bool](repeating: false, count: explanation.classNames.count)
    isShown[0] = true
    for letter in explanation.letters { isShown[letter.label] = true }
    for row in 0..<matrix.rowCount {
      for (label, value) in matrix.row(row).enumerated() where exp(value) >= leastProbability {
        isShown[label] = true
      }
    }
    return isShown.indices.filter { isShown[$0] }
  }

  /// The two drawings.
  var markup: String {
    """
    <div class="figure">
    <svg class="names" width="96" height="\(number(tracks.height))" aria-hidden="true">
    \(names)
    </svg>
    <div class="scroll">
    <svg width="\(number(width))" height="\(number(tracks.height))" role="img">
    <title>Sound, probabilities and text over time</title>
    \([axis, wave, energies, posteriors, bestPath, alignment, letters, words].joined(separator: "\n"))
    </svg>
    </div>
    </div>
    """
  }

  private var names: String {
    let rows = classes.enumerated().map { index, label in
      text(
        explanation.classNames[label], x: 88,
        y: tracks.posteriors + tracks.rowHeight * (Double(index) + 0.75), class: "class")
    }
    return
      ([
        text("seconds", x: 88, y: 16, class: "name"),
        text("sound", x: 88, y: tracks.wave + 42, class: "name"),
        text("mel bands", x: 88, y: tracks.energies + 64, class: "name"),
        text("letters", x: 88, y: tracks.letters + 16, class: "name"),
        text("words", x: 88, y: tracks.words + 16, class: "name"),
      ] + rows).joined(separator: "\n")
  }

  /// A line and a number each second, a line each tenth.
  private var axis: String {
    let count = Int(((width - 30) / scale * 10).rounded(.down))
    return (0...count).map { tenth in
      let x = Double(tenth) / 10 * scale
      let isWhole = tenth % 10 == 0
      let isLabelled = tenth % 5 == 0
      let line =
        "<path class=\"\(isWhole ? "second" : "tenth")\" "
        + "d=\"M\(number(x)),22V\(number(isWhole ? tracks.height : 28))\"/>"
      let label = (Double(tenth) / 10).formatted(decimals: 1)
      return isLabelled ? line + text(label, x: x + 3, y: 16, class: "tick") : line
    }.joined(separator: "\n")
  }

  /// The least and greatest samples of every other pixel.
  private var wave: String {
    let samples = explanation.samples
    let columns = Int(explanation.transcript.seconds * scale / 2)
    guard columns > 0, !samples.isEmpty else { return "" }
    let loudest = max(samples.reduce(0) { max($0, $1.magnitude) }, 1e-3)
    let middle = tracks.wave + 40
    let strokes = (0..<columns).compactMap { column -> String? in
      let range = samples.count * column / columns..<samples.count * (column + 1) / columns
      guard let low = samples[range].min(), let high = samples[range].max() else { return nil }
      let (top, bottom) = (Double(high / loudest) * 36, Double(low / loudest) * 36)
      return "M\(2 * column + 1),\(number(middle - top - 0.5))V\(number(middle - bottom + 0.5))"
    }
    return "<path class=\"wave\" d=\"\(strokes.joined())\"/>"
  }
}

extension ExplanationFigure {
  /// The loudest bands are bright; what lies 70 dB below them is dark.
  private var energies: String {
    let matrix = explanation.energies.matrix
    let loudest = matrix.values.max() ?? 0
    let range = Float(7 * log(10.0))
    return picture(
      explanation.energies, rows: Array((0..<matrix.columnCount).reversed()), class: "energies",
      y: tracks.energies, height: tracks.energiesHeight
    ) { 1 + ($0 - loudest) / range }
  }

  private var posteriors: String {
    picture(
      explanation.posteriors, rows: classes, class: "posteriors", y: tracks.posteriors,
      height: tracks.rowHeight * Double(classes.count)
    ) { exp($0) }
  }

  /// Columns of a matrix over time, from the top; nothing where it has no row.
  private func picture(
    _ timed: TimedRows, rows: [Int], class name: String, y: Double, height: Double,
    share: (Float) -> Float
  ) -> String {
    let matrix = timed.matrix
    guard matrix.rowCount > 0, !rows.isEmpty else { return "" }
    let pixels = rows.flatMap { column in
      (0..<matrix.rowCount).map { ColorScale.index(share(matrix[$0, column])) }
    }
    let image = IndexedImage(
      width: matrix.rowCount, height: rows.count, palette: ColorScale.palette, pixels: pixels)
    return """
      <image class="\(name)" x="\(number(timed.start * scale))" y="\(number(y))" \
      width="\(number(Double(matrix.rowCount) * timed.step * scale))" \
      height="\(number(height))" preserveAspectRatio="none" href="\(image.dataAddress)"/>
      """
  }

  /// The most probable class of each output, as a line from class to class.
  private var bestPath: String {
    let matrix = explanation.posteriors.matrix
    guard matrix.rowCount > 0 else { return "" }
    var path = ""
    for output in 0..<matrix.rowCount {
      let row = Array(matrix.row(output))
      let best = classes.max { row[$0] < row[$1] } ?? 0
      let y = number(tracks.posteriors + tracks.rowHeight * (Double(place(of: best)) + 0.5))
      let (start, end) = (x(output), x(output + 1))
      path += path.isEmpty ? "M\(number(start)),\(y)H\(number(end))" : "V\(y)H\(number(end))"
    }
    return "<path class=\"best\" d=\"\(path)\"/>"
  }

  /// A frame around the outputs that wrote each letter.
  private var alignment: String {
    explanation.letters.map { letter in
      let y = tracks.posteriors + tracks.rowHeight * Double(place(of: letter.label))
      let (start, end) = (x(letter.outputs.lowerBound), x(letter.outputs.upperBound))
      return """
        <rect class="aligned" x="\(number(start))" y="\(number(y))" \
        width="\(number(end - start))" height="\(number(tracks.rowHeight))"/>
        """
    }.joined(separator: "\n")
  }

  private var letters: String {
    explanation.words.flatMap(\.characters).map { character in
      box(character.text, from: character.start, to: character.end, y: tracks.letters, opacity: 0.1)
    }.joined(separator: "\n")
  }

  /// The words; the surer the model is, the stronger the colour.
  private var words: String {
    explanation.words.map { word in
      box(
        word.text, from: word.start, to: word.end, y: tracks.words,
        opacity: 0.1 + 0.5 * min(max(word.confidence, 0), 1))
        + text(
          percentage(word.confidence), x: (word.start + word.end) / 2 * scale,
          y: tracks.words + 40, class: "confidence")
    }.joined(separator: "\n")
  }

  private func box(
    _ content: String, from start: Double, to end: Double, y: Double, opacity: Double
  ) -> String {
    let (left, right) = (start * scale, end * scale)
    return """
      <rect class="box" x="\(number(left))" y="\(number(y))" \
      width="\(number(max(right - left, 0)))" height="24" \
      fill-opacity="\(opacity.formatted(decimals: 2))"/>
      """ + text(content, x: (left + right) / 2, y: y + 17, class: "said")
  }

  private func text(_ content: String, x: Double, y: Double, class name: String) -> String {
    "<text class=\"\(name)\" x=\"\(number(x))\" y=\"\(number(y))\">"
      + "\(content.escapedForMarkup)</text>"
  }

  private func x(_ output: Int) -> Double { explanation.posteriors.start(of: output) * scale }

  /// The row of a class among those shown.
  private func place(of label: Int) -> Int { classes.firstIndex(of: label) ?? 0 }

  private func number(_ value: Double) -> String { value.inPicture }
}
