import ArgumentParser
import Stapes

/// How a report is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  /// For people.
  case txt
  /// One JSON object on a line.
  case json
}
