internal import StapesProtocols
internal import Synchronization

/// Counters of a server, in Prometheus' text format (0.0.4).
package final class ServerMetrics: Sendable {
  private struct Counters {
    var requests: [String: [Int: Int]] = [:]
    var soundSeconds = 0.0
    var processingSeconds = 0.0
    var processingCount = 0
    var buckets = [Int](repeating: 0, count: ServerMetrics.bounds.count)
    var streams = 0
  }

  /// The upper bounds of the buckets of processing times, in seconds.
  private static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

  private let counters = Mutex(Counters())

  /// Makes counters that stand at zero.
  package init() {}

  /// Counts a response.
  package func addRequest(_ endpoint: String, status: Int) {
    counters.withLock { $0.requests[endpoint, default: [:]][status, default: 0] += 1 }
  }

  /// Counts a transcript: how long its sound was, and how long it took with its wait.
  package func addRecognition(soundSeconds: Double, seconds: Double) {
    counters.withLock { counters in
      counters.soundSeconds += soundSeconds
      counters.processingSeconds += seconds
      counters.processingCount += 1
      for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
        counters.buckets[index] += 1
      }
    }
  }

  /// Counts sound of a stream.
  package func addStreamed(soundSeconds: Double) {
    counters.withLock { $0.soundSeconds += soundSeconds }
  }

  /// Counts streams that begin, or end where it is negative.
  package func addStreams(_ count: Int) { counters.withLock { $0.streams += count } }

  /// The counters as text.
  ///
  /// - Parameters:
  ///   - queueLength: how much work waits.
  ///   - models: the names of the models.
  package func text(queueLength: Int, models: [String]) -> String {
    let counters = counters.withLock { $0 }
    var lines: [String] = []
    func series(_ name: String, _ type: String, _ help: String, _ values: [(String, String)]) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
      lines += values.map { "\(name)\($0.0) \($0.1)" }
    }
    series(
      "stapes_requests_total", "counter", "Responses by endpoint and status.",
      counters.requests.sorted { $0.key < $1.key }.flatMap { endpoint, statuses in
        statuses.sorted { $0.key < $1.key }.map { status, count in
          ("{endpoint=\"\(Self.escaped(endpoint))\",code=\"\(status)\"}", "\(count)")
        }
      })
    series(
      "stapes_audio_seconds_total", "counter", "Seconds of sound that were recognised.",
      [("", "\(counters.soundSeconds)")])
    let name = "stapes_processing_seconds"
    lines += [
      "# HELP \(name) Seconds from a complete upload to its transcript.",
      "# TYPE \(name) histogram",
    ]
    for (bound, count) in zip(Self.bounds, counters.buckets) {
      lines.append("\(name)_bucket{le=\"\(bound)\"} \(count)")
    }
    lines += [
      "\(name)_bucket{le=\"+Inf\"} \(counters.processingCount)",
      "\(name)_sum \(counters.processingSeconds)", "\(name)_count \(counters.processingCount)",
    ]
    series(
      "stapes_queue_length", "gauge", "Pieces of work that wait for a core.",
      [("", "\(queueLength)")])
    series("stapes_streams", "gauge", "Live streams.", [("", "\(counters.streams)")])
    series(
      "stapes_model_info", "gauge", "The models that are offered.",
      models.map { ("{model=\"\(Self.escaped($0))\"}", "1") })
    return lines.joined(separator: "\n") + "\n"
  }

  /// A label's value with what would end it escaped.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n", "\r\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
  }
}
