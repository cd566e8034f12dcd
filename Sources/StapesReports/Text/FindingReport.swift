internal import FoundationEssentials
package import StapesCorpus
package import StapesFiles
internal import StapesText

/// Findings as a page for people or as JSON.
package struct FindingReport {
  let findings: [Finding]
  /// The number of clips looked at.
  let clipCount: Int
  /// What becomes of the texts, a line for each kind of change.
  let textLines: [String]

  package init(findings: [Finding], clipCount: Int, textLines: [String]) {
    (self.findings, self.clipCount, self.textLines) = (findings, clipCount, textLines)
  }

  /// How many kinds of findings have a severity.
  package func count(of severity: Finding.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// The counts in a line.
  var summary: String {
    let counts = Finding.Severity.allCases.map { counted(count(of: $0), $0.rawValue) }
    return "\(counted(clipCount, "clip")): \(counts.joined(separator: ", "))"
  }

  /// The counts, then each finding with some of its clips and what mends it.
  package var text: String {
    let lines = [summary] + textLines + findings.flatMap(\.lines)
    return lines.map { $0.escapedForTerminal + "\n" }.joined()
  }

  /// One JSON object.
  package var json: String {
    jsonLine(
      Record(
        clipCount: clipCount, textChanges: textLines,
        findings: findings.map { finding in
          Record.Entry(
            severity: finding.severity, finding: finding.kind, title: finding.kind.title,
            remedy: finding.kind.remedy, clips: finding.items)
        }))
  }

  /// Writes a table with a line for each clip of each finding.
  ///
  /// - Throws: `FileError`; an existing file is then as before.
  package func writeTable(to path: String) throws(FileError) {
    let header = ["severity", "finding", "path", "offset", "text", "detail"]
    let lines = findings.flatMap { finding in
      finding.items.map { item in
        [
          finding.severity.rawValue, finding.kind.rawValue, item.path, "\(item.offset)", item.text,
          item.detail,
        ]
      }
    }
    let table = ([header] + lines).map { fields in
      fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
    }.joined()
    try FileSystem.write(table, to: path)
  }

  private struct Record: Encodable {
    struct Entry: Encodable {
      let severity: Finding.Severity
      let finding: Finding.Kind
      let title: String
      let remedy: String
      let clips: [Finding.Item]
    }

    let clipCount: Int
    let textChanges: [String]
    let findings: [Entry]
  }
}
