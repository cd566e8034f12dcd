internal import StapesScoring
internal import StapesText

extension ConfusionMatrix {
  /// With more classes than this, a matrix is hard to read.
  private static let mostColumns = 12

  /// The matrix for people: a row for each true class and a column for each recognised class;
  /// of many classes, what was recognised instead.
  var text: String { classes.count <= Self.mostColumns ? matrix : list }

  private var matrix: String {
    let names = classes.map { $0.escapedForTerminal }
    let cells = counts.map { $0.map { $0 == 0 ? "." : "\($0)" } }
    let heads = names.map { String($0.prefix(10)) }
    let widths = heads.indices.map { column in
      max(heads[column].count, cells.map { $0[column].count }.max() ?? 0) + 2
    }
    let label = max(names.map(\.count).max() ?? 0, "said, heard:".count)
    let lines = zip(["said, heard:"] + names, [heads] + cells).enumerated().map { row, line in
      line.0.padded(to: label) + zip(line.1, widths).map { $0.leftPadded(to: $1) }.joined()
        + (row > 0 ? share(row - 1).leftPadded(to: 10) : "right".leftPadded(to: 10))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var list: String {
    let names = classes.map { $0.escapedForTerminal }
    let label = max(names.map(\.count).max() ?? 0, "said".count)
    let head = "said".padded(to: label) + "   clips     right  recognised instead\n"
    return head
      + names.enumerated().map { row, name in
        let confusions = confusions(ofRow: row)
        let shown = confusions.prefix(4).map { "\($0.heard.escapedForTerminal) \($0.count)" }
        let more = confusions.count > 4 ? ", and \(confusions.count - 4) others" : ""
        return name.padded(to: label) + "\(saidCount(row))".leftPadded(to: 8)
          + share(row).leftPadded(to: 10) + "  " + shown.joined(separator: ", ") + more + "\n"
      }.joined()
  }

  /// How much of a class was recognised right.
  private func share(_ row: Int) -> String {
    let count = saidCount(row)
    guard count > 0 else { return "-" }
    return "\((100 * Double(counts[row][row]) / Double(count)).formatted(decimals: 1)) %"
  }
}

extension String {
  /// The text with spaces before it.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// The text with spaces behind it.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
