internal import StapesCorpus
package import StapesEvaluation
internal import StapesText

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
