import Stapes

/// Lines over the epochs of a training, as an SVG picture.
struct LineChart {
  /// One line, with a value for each epoch.
  struct Line {
    /// What the values are.
    let name: String
    /// The class of its colour, such as `a`.
    let style: String
    /// The values, in the order of the epochs.
    let values: [Double]
  }

  /// What the picture shows.
  let title: String
  /// The epochs, ascending.
  let epochs: [Int]
  /// The lines.
  let lines: [Line]

  private static let (width, height) = (640.0, 240.0)
  private static let (left, right, top, bottom) = (56.0, 12.0, 28.0, 30.0)

  /// The picture.
  var svg: String {
    let ticks = Self.ticks(upTo: lines.flatMap(\.values).max() ?? 0)
    let top = ticks.last ?? 1
    let parts =
      ticks.map { mark($0, of: top) } + epochMarks + lines.map { curve($0, of: top) } + legend
    return """
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img">
      <title>\(title.escapedAsHTML)</title>
      <text class="title" x="\(Self.left.plain)" y="16">\(title.escapedAsHTML)</text>
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  /// From 0 in four to eight even steps of 1, 2 or 5 times a power of ten to the largest value or
  /// beyond.
  static func ticks(upTo largest: Double) -> [Double] {
    guard largest > 0, largest.isFinite else { return [0, 1] }
    var step = 1.0
    while step * 4 > largest { step /= 10 }
    while step * 40 <= largest { step *= 10 }
    let spacing = [1, 2, 5, 10].map { $0 * step }.first { largest / $0 <= 8 } ?? step * 10
    return (0...Int((largest / spacing).rounded(.up))).map { Double($0) * spacing }
  }

  private func place(epoch index: Int) -> Double {
    let span = Self.width - Self.left - Self.right
    return Self.left + span * (epochs.count > 1 ? Double(index) / Double(epochs.count - 1) : 0.5)
  }

  private func place(value: Double, of largest: Double) -> Double {
    let span = Self.height - Self.top - Self.bottom
    return Self.height - Self.bottom - span * value / largest
  }

  private func mark(_ value: Double, of largest: Double) -> String {
    let y = place(value: value, of: largest).plain
    return """
      <path class="grid" d="M\(Self.left.plain) \(y)H\((Self.width - Self.right).plain)"/>\
      <text class="value" x="\((Self.left - 6).plain)" y="\(y)">\(value.short)</text>
      """
  }

  private var epochMarks: [String] {
    let spacing = max(1, (epochs.count + 9) / 10)
    return stride(from: 0, to: epochs.count, by: spacing).map { index in
      let (x, y) = (place(epoch: index).plain, (Self.height - Self.bottom + 18).plain)
      return "<text class=\"epoch\" x=\"\(x)\" y=\"\(y)\">\(epochs[index])</text>"
    }
  }

  private func curve(_ line: Line, of largest: Double) -> String {
    let points = line.values.enumerated().map { index, value in
      "\(place(epoch: index).plain),\(place(value: value, of: largest).plain)"
    }
    guard points.count > 1 else {
      let parts = points.first?.split(separator: ",") ?? ["0", "0"]
      return "<circle class=\"\(line.style) dot\" cx=\"\(parts[0])\" cy=\"\(parts[1])\" r=\"3\"/>"
    }
    return "<polyline class=\"\(line.style)\" points=\"\(points.joined(separator: " "))\"/>"
  }

  private var legend: [String] {
    lines.enumerated().map { number, line in
      let x = Self.width - Self.right - Double(lines.count - number) * 110
      return """
        <path class="\(line.style)" d="M\(x.plain) 12h18"/>\
        <text class="name" x="\((x + 24).plain)" y="16">\(line.name.escapedAsHTML)</text>
        """
    }
  }
}

extension Double {
  /// The number with one digit after the point.
  fileprivate var plain: String { formatted(decimals: 1) }

  /// The number in few characters.
  fileprivate var short: String {
    if self == 0 { return "0" }
    if self >= 1 { return self == rounded() ? formatted(decimals: 0) : formatted(decimals: 1) }
    var (scaled, exponent) = (self, 0)
    while scaled < 0.9999 {
      scaled *= 10
      exponent += 1
    }
    return exponent <= 3
      ? formatted(decimals: exponent) : "\(scaled.formatted(decimals: 0))e-\(exponent)"
  }
}

extension String {
  /// The text as it stands in HTML.
  var escapedAsHTML: String {
    escapedForTerminal.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}
