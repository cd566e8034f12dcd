internal import Glibc
internal import StapesText

/// Lines over the epochs of a training, or over other numbers that ascend, as an SVG picture.
package struct LineChart {
  /// How high values stand.
  package enum Scale {
    /// From 0 up.
    case linear
    /// By their logarithms, in whole powers of ten; lines end where they fall below `least`.
    case logarithmic(least: Double)
  }

  /// One line, with a value for each epoch; it may end early.
  package struct Line {
    /// What the values are.
    let name: String
    /// The class of its colour, such as `a`.
    let style: String
    /// The values, in the order of the epochs.
    let values: [Double]

    /// Makes a line.
    package init(name: String, style: String, values: [Double]) {
      (self.name, self.style, self.values) = (name, style, values)
    }
  }

  /// What the picture shows.
  let title: String
  /// The epochs, ascending.
  let epochs: [String]
  /// The lines.
  let lines: [Line]
  let scale: Scale

  /// Makes a picture.
  ///
  /// - Parameter epochs: the epochs, or what else the values belong to.
  package init(
    title: String, epochs: [some CustomStringConvertible], lines: [Line], scale: Scale = .linear
  ) {
    self.title = title
    self.epochs = epochs.map { "\($0)" }
    (self.lines, self.scale) = (lines, scale)
  }

  private static let (width, height) = (640.0, 240.0)
  private static let (left, right, top, bottom) = (56.0, 12.0, 28.0, 30.0)

  /// The picture, for a page.
  var svg: String { picture(opening: "") }

  /// The picture as a file of its own.
  package var file: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + picture(
        opening: "xmlns=\"http://www.w3.org/2000/svg\" ", style: "\n<style>\(Self.style)</style>")
      + "\n"
  }

  private func picture(opening: String, style: String = "") -> String {
    let ticks = ticks
    let ends = (ticks.first ?? 0, ticks.last ?? 1)
    let parts =
      ticks.map { mark($0, in: ends) } + epochMarks + lines.map { curve($0, in: ends) } + legend
    let height = Self.height + (isLegendBelow ? 18 * Double(lines.count) + 8 : 0)
    return """
      <svg \(opening)class="chart" viewBox="0 0 \(Int(Self.width)) \(Int(height))" role="img">
      <title>\(title.escapedForMarkup)</title>\(style)
      <text class="title" x="\(Self.left.inPicture)" y="16">\(title.escapedForMarkup)</text>
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  /// From 0 in four to eight even steps of 1, 2 or 5 times a power of ten to the largest value or
  /// beyond.
  package static func ticks(upTo largest: Double) -> [Double] {
    guard largest > 0, largest.isFinite else { return [0, 1] }
    var step = 1.0
    while step * 4 > largest { step /= 10 }
    while step * 40 <= largest { step *= 10 }
    let spacing = [1, 2, 5, 10].map { $0 * step }.first { largest / $0 <= 8 } ?? step * 10
    return (0...Int((largest / spacing).rounded(.up))).map { Double($0) * spacing }
  }

  private var ticks: [Double] {
    let values = lines.flatMap(\.values)
    guard case .logarithmic(let least) = scale else { return Self.ticks(upTo: values.max() ?? 0) }
    let shown = values.filter { $0 >= least }
    let (low, high) = (log10(shown.min() ?? 1).rounded(.down), log10(shown.max() ?? 1).rounded(.up))
    let spacing = max(((high - low) / 8).rounded(.up), 1)
    return stride(from: low, through: max(high, low + 1) + spacing - 1, by: spacing).map {
      pow(10, $0)
    }
  }

  private func place(epoch index: Int) -> Double {
    let span = Self.width - Self.left - Self.right
    return Self.left + span * (epochs.count > 1 ? Double(index) / Double(epochs.count - 1) : 0.5)
  }

  private func place(value: Double, in ends: (Double, Double)) -> Double {
    let span = Self.height - Self.top - Self.bottom
    let share =
      switch scale {
      case .linear: value / ends.1
      case .logarithmic: log10(value / ends.0) / log10(ends.1 / ends.0)
      }
    return Self.height - Self.bottom - span * share
  }

  private func mark(_ value: Double, in ends: (Double, Double)) -> String {
    let y = place(value: value, in: ends).inPicture
    return """
      <path class="grid" d="M\(Self.left.inPicture) \(y)H\((Self.width - Self.right).inPicture)"/>\
      <text class="value" x="\((Self.left - 6).inPicture)" y="\(y)">\(value.short)</text>
      """
  }

  private var epochMarks: [String] {
    let spacing = max(1, (epochs.count + 9) / 10)
    return stride(from: 0, to: epochs.count, by: spacing).map { index in
      let (x, y) = (place(epoch: index).inPicture, (Self.height - Self.bottom + 18).inPicture)
      return "<text class=\"epoch\" x=\"\(x)\" y=\"\(y)\">\(epochs[index])</text>"
    }
  }

  private func curve(_ line: Line, in ends: (Double, Double)) -> String {
    var values = line.values[...]
    if case .logarithmic(let least) = scale { values = values.prefix { $0 >= least } }
    let points = values.enumerated().map { index, value in
      "\(place(epoch: index).inPicture),\(place(value: value, in: ends).inPicture)"
    }
    guard points.count > 1 else {
      let parts = points.first?.split(separator: ",") ?? ["0", "0"]
      return "<circle class=\"\(line.style) dot\" cx=\"\(parts[0])\" cy=\"\(parts[1])\" r=\"3\"/>"
    }
    return "<polyline class=\"\(line.style)\" points=\"\(points.joined(separator: " "))\"/>"
  }

  /// Whether the names would be too long side by side.
  private var isLegendBelow: Bool { lines.count > 2 || lines.contains { $0.name.count > 14 } }

  private var legend: [String] {
    lines.enumerated().map { number, line in
      let x =
        isLegendBelow ? Self.left : Self.width - Self.right - Double(lines.count - number) * 110
      let y = isLegendBelow ? Self.height + 12 + 18 * Double(number) : 16
      return """
        <path class="\(line.style)" d="M\(x.inPicture) \((y - 4).inPicture)h18"/>\
        <text class="name" x="\((x + 24).inPicture)" y="\(y.inPicture)">\(line.name.escapedForMarkup)</text>
        """
    }
  }

  /// The classes of colours, for `Line.style`, in a file of its own; with `second`, `third` or
  /// `fourth` behind it a line is broken.
  package static let colors = ["a", "b", "c", "d", "e", "f", "g", "h"]

  /// How charts look, on a page and in files of their own.
  static let style = """

    .chart text { font: 12px system-ui, sans-serif; fill: currentColor; }
    .chart .title { font-weight: bold; }
    .chart .value { text-anchor: end; dominant-baseline: middle; }
    .chart .epoch { text-anchor: middle; }
    .chart polyline, .chart path { fill: none; stroke-width: 2; }
    .chart .grid { stroke: currentColor; stroke-width: 1; opacity: 0.15; }
    .chart .dot { fill: currentColor; stroke-width: 2; }
    .a { stroke: #2a6fdb; } .b { stroke: #d9622b; } .c { stroke: #2e9e5b; } .d { stroke: #9b4fc9; }
    .e { stroke: #c2a300; } .f { stroke: #17a2b8; } .g { stroke: #d6336c; } .h { stroke: #666; }
    .chart .second { stroke-dasharray: 7 4; } .chart .third { stroke-dasharray: 2 3; }
    .chart .fourth { stroke-dasharray: 9 3 2 3; }

    """
}

extension Double {
  /// The number in few characters.
  fileprivate var short: String {
    if self == 0 { return "0" }
    if self >= 1e5 { return "1e\(Int(log10(self).rounded()))" }
    if self >= 1 { return self == rounded() ? formatted(decimals: 0) : formatted(decimals: 1) }
    var (scaled, exponent) = (self, 0)
    while scaled < 0.9999 {
      scaled *= 10
      exponent += 1
    }
    // A mark such as 0.15 has one digit more.
    if abs(scaled - scaled.rounded()) > 0.01 {
      scaled *= 10
      exponent += 1
    }
    return exponent <= 4
      ? formatted(decimals: exponent) : "\(scaled.formatted(decimals: 0))e-\(exponent)"
  }
}
