package import StapesCorpus
package import StapesEvaluation
internal import StapesLayouts
package import StapesScoring
internal import StapesText

extension Evaluation {
  /// The rates as lines for people.
  package var text: String {
    func line(_ name: String, _ rate: Rate, _ counts: String) -> String {
      let percent = [rate.value, rate.lower, rate.upper].map { ($0 * 100).formatted(decimals: 2) }
      let value = String(repeating: " ", count: max(0, 6 - percent[0].count)) + percent[0]
      return "\(name) \(value) %  (\(percent[1]) to \(percent[2]))  \(counts)\n"
    }
    func edits(_ counts: EditCounts, _ noun: String) -> String {
      """
      \(counted(counts.errors, "error")) in \(counted(counts.referenceLength, noun)): \
      \(counted(counts.substitutions, "substitution")), \
      \(counted(counts.deletions, "deletion")), \(counted(counts.insertions, "insertion"))
      """
    }
    if let confusion {
      let counts = "\(rates.exactCount) of \(counted(pairs.count, "clip"))"
      return line("accuracy", rates.exact, counts) + "\n" + confusion.text
    }
    return line("wer  ", rates.wer, edits(rates.words, "word"))
      + line("cer  ", rates.cer, edits(rates.characters, "character"))
      + line("exact", rates.exact, "\(rates.exactCount) of \(counted(pairs.count, "clip"))")
  }

  /// The rates as one JSON object, with `failureCount`, the `failures`, and, where they are asked
  /// for, the comparison with another model and how reliable the confidences of words are.
  package func json(
    _ comparison: ErrorTally.Comparison?, withoutSound: [Corpus.Skipped], withConfidence: Bool
  ) -> String {
    let failed =
      failures.map { EvaluationRecord.Failure(path: $0.clip.path, message: "\($0.error)") }
      + withoutSound.map { EvaluationRecord.Failure(path: $0.path, message: "\($0)") }
    return jsonLine(
      EvaluationRecord(
        rates: rates, failures: failed, comparison: comparison,
        confidence: withConfidence ? wordReliability : nil, confusion: confusion))
  }
}

extension Reliability {
  /// The bins as a table for people, with the calibration error below.
  package var table: String {
    let rows = bins.enumerated().map { index, bin in
      let width = 1 / Double(bins.count)
      let range = [index, index + 1].map { (Double($0) * width).formatted(decimals: 1) }
      let shares = [bin.meanConfidence, bin.rightShare].map {
        bin.count > 0 ? $0.formatted(decimals: 3) : "-"
      }
      return [range.joined(separator: " to "), "\(bin.count)"] + shares
    }
    let lines = ([["confidence", "words", "mean", "right"]] + rows).map { cells in
      zip(cells, [10, 7, 6, 6]).map { cell, width in
        String(repeating: " ", count: max(0, width - cell.count)) + cell
      }.joined(separator: "  ") + "\n"
    }
    let error = expectedCalibrationError.formatted(decimals: 3)
    return lines.joined() + "expected calibration error \(error)\n"
  }
}

/// The rates and the clips that could not be read, as one JSON object.
private struct EvaluationRecord: Encodable {
  struct Failure: Encodable {
    let path: String
    let message: String
  }

  let rates: ErrorRates
  let failures: [Failure]
  let comparison: ErrorTally.Comparison?
  let confidence: Reliability?
  let confusion: ConfusionMatrix?

  enum CodingKeys: CodingKey {
    case failureCount, failures, comparison, confidence, confusion
  }

  func encode(to encoder: any Encoder) throws {
    try rates.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(failures.count, forKey: .failureCount)
    try container.encode(failures, forKey: .failures)
    try container.encodeIfPresent(comparison, forKey: .comparison)
    try container.encodeIfPresent(confidence, forKey: .confidence)
    try container.encodeIfPresent(confusion, forKey: .confusion)
  }
}
