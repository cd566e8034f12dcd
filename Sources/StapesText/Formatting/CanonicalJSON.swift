internal import FoundationEssentials

/// The JSON text of a value, always the same for the same value: keys are sorted, nothing is
/// indented, and slashes stand for themselves.
///
/// - Precondition: the value has no number that JSON cannot hold.
package func canonicalJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  } catch {
    preconditionFailure("a value that JSON cannot hold: \(error)")
  }
}

/// A value as one JSON object on a line, its keys sorted, with its line end.
package func jsonLine(_ value: some Encodable) -> String {
  canonicalJSON(value).escapedAsJSON + "\n"
}
