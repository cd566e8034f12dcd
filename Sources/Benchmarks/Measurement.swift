internal import Foundation

/// A figure that a process of this program hands to the one that compares.
package struct Measurement: Codable, Sendable {
  /// The beginning of the name of the one peer to compare with; nil for all.
  package let peer: String?
  /// What is measured; nil for the time of a repetition.
  package let quantity: String?
  /// How much.
  package let value: Double
  /// What one of it is.
  package let unit: String

  /// Notes a figure.
  package init(peer: String? = nil, quantity: String? = nil, value: Double, unit: String) {
    self.peer = peer
    self.quantity = quantity
    self.value = value
    self.unit = unit
  }

  /// The most memory that this process has held so far.
  static func peakMemory() throws -> Measurement {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    let kibibytes = line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return Measurement(quantity: "peak memory", value: kibibytes * 1024 / 1e6, unit: "MB")
  }
}

/// A time that the peers' command prints.
package struct PeerTime: Decodable, Sendable {
  /// The peer and its version.
  package let peer: String
  /// The median time of a repetition, in milliseconds.
  package let milliseconds: Double

  private enum CodingKeys: String, CodingKey {
    case peer
    case milliseconds = "median_ms"
  }

  /// Notes a time.
  package init(peer: String, milliseconds: Double) {
    self.peer = peer
    self.milliseconds = milliseconds
  }
}

/// Reads one value from each line that is a JSON object; other lines are passed over.
func values<Value: Decodable>(_ type: Value.Type, inLines text: String) throws -> [Value] {
  try text.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
    try JSONDecoder().decode(type, from: Data($0.utf8))
  }
}

/// A value as JSON on one line, the keys in order.
package func jsonLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
