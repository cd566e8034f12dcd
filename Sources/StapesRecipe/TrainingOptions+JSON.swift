internal import FoundationEssentials

extension TrainingOptions {
  /// All options as JSON, indented and sorted.
  ///
  /// - Throws: `TrainingError.unreadableOptions` when a number is infinite or not a number.
  public var json: String {
    get throws(TrainingError) {
      do {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
      } catch {
        throw .unreadableOptions(reason: "a number is infinite or not a number")
      }
    }
  }

  /// These options with some of them replaced.
  ///
  /// - Parameter json: a JSON object that holds any of the members that `json` shows, such as
  ///   `{"hiddenSize": 256, "augmentation": {"speed": [0.8, 1.2]}}`.
  /// - Throws: `TrainingError.unreadableOptions`; `.unknownOption` for a member that does not
  ///   exist; what `validate()` throws.
  public func applying(json: String) throws(TrainingError) -> TrainingOptions {
    let patch: JSONValue
    do {
      patch = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    } catch {
      throw .unreadableOptions(reason: Self.reason(error))
    }
    return try applying(patch)
  }

  /// These options with the members of an object laid over them.
  func applying(_ patch: JSONValue) throws(TrainingError) -> TrainingOptions {
    let options: TrainingOptions
    do {
      options = try JSONDecoder().decode(
        TrainingOptions.self, from: JSONEncoder().encode(jsonValue.merging(patch)))
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .unreadableOptions(reason: Self.reason(error))
    }
    // A member that the options do not have is not there when they are written again.
    if let path = try options.jsonValue.firstMissingMember(of: patch) {
      throw .unknownOption(path: path)
    }
    try options.validate()
    return options
  }

  /// The options that some version wrote as JSON; those that it did not have yet are as it was without them.
  ///
  /// - Throws: `DecodingError` where these are no options.
  package init(writtenAs json: String) throws {
    let later = JSONValue.object(["consistency": .number(0), "crfShare": .number(0)])
    let written = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(later.merging(written)))
  }

  /// All options as a value of JSON.
  package var jsonValue: JSONValue {
    get throws(TrainingError) {
      do {
        return try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(self))
      } catch {
        throw .unreadableOptions(reason: Self.reason(error))
      }
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is not JSON" }
    let context: DecodingError.Context
    switch error {
    case .keyNotFound(let key, _): return "“\(key.stringValue)” is missing"
    case .typeMismatch(_, let found), .valueNotFound(_, let found): context = found
    case .dataCorrupted(let found): context = found
    @unknown default: return "\(error)"
    }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return (path.isEmpty ? "" : "“\(path)” is of the wrong kind: ") + context.debugDescription
  }
}
