internal import StapesCorpus
internal import StapesDecoding
package import StapesEvaluation
internal import StapesScoring
internal import StapesText

extension Evaluation {
  /// What the confidences were calibrated on, for people.
  package var calibrationText: String {
    "confidences calibrated on \(counted(wordReliability.count, "word"))\n"
  }
}

extension LanguageTuning {
  /// What was tried, the best last, as a table for people.
  package var text: String {
    let header = [
      "lm-weight", "prior-weight", "word-bonus", "unknown-word-penalty", "wer", "cer",
    ]
    let lines = (trials + [best]).map { trial in
      let weights = trial.weights
      return [
        weights.languageWeight.formatted(decimals: 2),
        weights.labelPriorWeight.formatted(decimals: 2), weights.wordBonus.formatted(decimals: 2),
        weights.unknownWordPenalty?.formatted(decimals: 1) ?? "inf",
        "\((trial.words.rate * 100).formatted(decimals: 2)) %",
        "\((trial.characters.rate * 100).formatted(decimals: 2)) %",
      ]
    }
    return ([header] + lines).enumerated().map { row, fields in
      let cells = zip(fields, header).map { field, name in
        String(repeating: " ", count: max(0, max(name.count, 7) - field.count)) + field
      }
      return (row == lines.count ? "best  " : "      ") + cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}

extension LabelAudit {
  /// The suspects, the most doubtful first; where a file has all, no more than a screenful.
  package func text(isListedElsewhere: Bool) -> String {
    let suspects = entries.filter(\.isSuspect)
    let shown = isListedElsewhere ? 20 : suspects.count
    let lines = suspects.prefix(shown).map { entry in
      let doubt = entry.doubt.isFinite ? entry.doubt.formatted(decimals: 2) : "inf"
      let fields = [doubt, entry.clip.path, entry.clip.text, entry.heard]
      return fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
    }
    let rest = suspects.count - lines.count
    let summary = "\(suspects.count) of \(counted(entries.count, "text")) probably wrong\n"
    return lines.joined() + (rest > 0 ? "and \(rest) more\n" : "") + summary
  }
}

extension LabelSelection {
  /// The clips, a line each: doubt, name and recognised text.
  package var text: String {
    entries.map { entry in
      let fields = [entry.doubt.formatted(decimals: 2), entry.clip.identifier, entry.hypothesis]
      return fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
    }.joined()
  }
}
