internal import StapesText

extension Finding {
  /// What was found, up to three clips, and what mends it.
  package var lines: [String] {
    let shown = 3
    var lines = ["", "\(severity.rawValue): \(kind.title) (\(counted(items.count, "clip")))"]
    lines += items.prefix(shown).map { "  \($0.line)" }
    if items.count > shown { lines.append("  and \(items.count - shown) more") }
    return lines + ["  -> \(kind.remedy)"]
  }

  /// What was found, with the first clip, in one line.
  package var summary: String {
    "\(kind.title) (\(counted(items.count, "clip"))), as \(items[0].line); `stapes check` tells more"
  }
}

extension Finding.Item {
  /// The clip and what is particular about it; sentences about sound name their file themselves.
  fileprivate var line: String {
    let place = offset == 0 ? path : "\(path) at \(offset.formatted(decimals: 2)) s"
    return detail.hasPrefix(path) ? detail : "\(place): \(detail)"
  }
}
