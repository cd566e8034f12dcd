internal import StapesModel
internal import StapesText

extension SpeechModel {
  /// What a model is, where it comes from and how good it is, as a page of Markdown.
  ///
  /// - Parameter name: what the model is called.
  package func card(name: String) -> String {
    let topics = facts.filter { !["for", "licence"].contains($0.name) }
    let licence = provenance.licence.isEmpty ? "not stated (`--licence`)" : provenance.licence
    let rows = ([("licence", [licence])] + topics).map { name, lines in
      "| \(name.inTable) | \(lines.map(\.inTable).joined(separator: "<br>")) |\n"
    }
    let summary = provenance.summary.isEmpty ? "" : provenance.summary.escapedForMarkup + "\n\n"
    return """
      # \(name.escapedForMarkup)

      \(summary)| | |
      | --- | --- |
      \(rows.joined())
      Trained by `stapes train` with the settings in `options.json`; with `--config` and the same \
      clips
      they give the same model. Intervals are 95 % confidence intervals by Bayesian bootstrap over \
      clips,
      for other clips of the same speakers; error rates of other speakers vary more.

      """
  }
}

extension String {
  /// The text as a cell of a table of Markdown.
  fileprivate var inTable: String { escapedForMarkup.replacing("|", with: "\\|") }
}
