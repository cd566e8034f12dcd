import ArgumentParser
import Stapes

/// How a report is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  /// For people.
  case txt
  /// One JSON object on a line.
  case json
}

/// A value as one JSON object on a line, its keys sorted, with its line end.
func jsonLine(_ value: some Encodable) -> String {
  canonicalJSON(value).escapedAsJSON + "\n"
}
