internal import StapesScoring
internal import StapesText

/// What was read for what, as HTML: a matrix of a few classes, else the most frequent errors.
struct ConfusionList {
  /// How often what was read for what.
  let confusions: [Confusion]
  /// The classes, where clips are told apart; nil for characters.
  let classes: [String]?

  /// With more classes than this a matrix is too wide for a page.
  private static let mostColumns = 20
  private static let mostErrors = 20

  /// The matrix or table.
  var html: String {
    if let classes, classes.count <= Self.mostColumns { matrix(classes) } else { errors }
  }

  private var errors: String {
    let wrong = confusions.filter { $0.said != $0.heard }
    guard !wrong.isEmpty else { return "<p>No errors.</p>" }
    var saidCounts: [String: Int] = [:]
    for confusion in confusions {
      if let said = confusion.said { saidCounts[said, default: 0] += confusion.count }
    }
    let rows = wrong.prefix(Self.mostErrors).map { confusion in
      let count = confusion.said.flatMap { saidCounts[$0] }
      return [
        name(confusion.said, nothing: "nothing (insertion)"),
        name(confusion.heard, nothing: "nothing (deletion)"), "\(confusion.count)",
        count.map { "\($0)" } ?? "",
      ]
    }
    let rest = wrong.count - rows.count
    return HTMLPage.table(heads: ["said", "read", "times", "of so many"], rows: rows)
      + (rest > 0 ? "\n<p>and \(counted(rest, "rarer error")).</p>" : "")
  }

  private func name(_ text: String?, nothing: String) -> String {
    switch text {
    case nil: "<em>\(nothing)</em>"
    case " ": "<em>space</em>"
    case let text?: text.escapedForMarkup
    }
  }

  private func matrix(_ classes: [String]) -> String {
    let pairs = confusions.map {
      ConfusionMatrix.Pair(said: $0.said ?? "", heard: $0.heard ?? "", count: $0.count)
    }
    let matrix = ConfusionMatrix(of: pairs, classes: classes)
    let names = matrix.classes.map(\.escapedForMarkup)
    let rows = names.indices.map { row in
      let total = max(matrix.saidCount(row), 1)
      let cells = matrix.counts[row].enumerated().map { column, count in
        let share = Double(count) / Double(total)
        let color = column == row ? "42, 111, 219" : "217, 98, 43"
        return "<td style=\"background: rgba(\(color), \((share * 0.7).formatted(decimals: 2)))\">"
          + "\(count == 0 ? "·" : "\(count)")</td>"
      }
      return "<tr><th>\(names[row])</th>\(cells.joined())</tr>"
    }
    return """
      <p>Rows are true classes, columns recognised classes.</p>
      <div class="scroll"><table class="matrix">
      <tr><th></th>\(names.map { "<th>\($0)</th>" }.joined())</tr>
      \(rows.joined(separator: "\n"))
      </table></div>
      """
  }
}
