internal import StapesRecognition
internal import StapesText
internal import StapesTranscript

/// What an explanation tells in words and numbers: the letters with what else they were taken for,
/// and the hypotheses with their scores.
struct ExplanationTables {
  let explanation: Explanation

  /// A card for each letter, with its rivals below it.
  var letters: String {
    guard !explanation.letters.isEmpty else {
      return "<p>The text is empty: blank was most probable throughout.</p>"
    }
    let cards = explanation.letters.map { letter in
      let rivals = letter.rivals.map { rival in
        "<li><b>\(name(rival.label))</b><span>\(percentage(rival.probability))</span></li>"
      }
      let time = explanation.posteriors.start(of: letter.peak) + explanation.posteriors.step / 2
      return """
        <div class="letter">
        <div class="written">\(name(letter.label))</div>
        <div class="sure">\(percentage(letter.probability))</div>
        <div class="bar"><i style="width: \(share(letter.probability))"></i></div>
        <ul>\(rivals.joined())</ul>
        <div class="when">\(time.formatted(decimals: 2)) s</div>
        </div>
        """
    }
    return "<div class=\"letters\">\n\(cards.joined(separator: "\n"))\n</div>"
  }

  /// A row for each hypothesis, and one for the text that was asked for where it is none of them.
  var readings: String {
    let hypotheses = explanation.transcript.hypotheses
    let hasLanguage = hypotheses.contains { $0.languageScore != 0 }
    var rows = hypotheses.enumerated().map { index, hypothesis in
      row(
        "\(index + 1)", hypothesis.text, hypothesis.logProbability,
        language: hasLanguage ? hypothesis.languageScore.formatted(decimals: 2) : nil,
        confidence: percentage(hypothesis.confidence),
        isExplained: hypothesis.text == explanation.text)
    }
    if !hypotheses.contains(where: { $0.text == explanation.text }) {
      rows.append(
        row(
          "–", explanation.text, explanation.logProbability, language: hasLanguage ? "–" : nil,
          confidence: "–", isExplained: true))
    }
    let language = hasLanguage ? "<th class=\"figure-column\">language</th>" : ""
    return """
      <table>
      <thead><tr><th>rank</th><th>text</th><th class="figure-column">ln P(text | sound)</th>\
      \(language)<th class="figure-column">confidence</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      """
  }

  private func row(
    _ rank: String, _ text: String, _ logProbability: Double, language: String?,
    confidence: String, isExplained: Bool
  ) -> String {
    let figures = [logProbability.formatted(decimals: 2), language, confidence].compactMap(\.self)
    let cells = figures.map { "<td class=\"figure-column\">\($0)</td>" }.joined()
    let shown = text.isEmpty ? "<em>no text</em>" : text.escapedForMarkup
    return "<tr\(isExplained ? " class=\"explained\"" : "")><td>\(rank)</td>"
      + "<td dir=\"auto\">\(shown)</td>\(cells)</tr>"
  }

  private func name(_ label: Int) -> String { explanation.classNames[label].escapedForMarkup }

  private func share(_ probability: Double) -> String {
    "\((min(max(probability, 0), 1) * 100).formatted(decimals: 1))%"
  }
}

/// A probability as people say it: in percent, with decimals where it is small.
func percentage(_ probability: Double) -> String {
  let percent = probability * 100
  return percent.formatted(decimals: percent >= 9.95 || percent == 0 ? 0 : 1) + " %"
}
