internal import FoundationEssentials

/// Any JSON value, for reading part of the options.
package enum JSONValue: Codable, Equatable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  case integer(Int64)
  case large(UInt64)
  case number(Double)
  case bool(Bool)
  case null

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .large(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .object(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .large(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }

  /// Reads JSON; nil for what is not.
  init?(parsing text: String) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
      return nil
    }
    self = value
  }

  /// The member at a dotted path; nil where there is none.
  func member(at path: String) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(self)) { value, name in
      if case .object(let members) = value { members[String(name)] } else { nil }
    }
  }

  /// An object that has this value at a dotted path, and nothing else.
  func nested(at path: String) -> JSONValue {
    path.split(separator: ".").reversed().reduce(self) { .object([String($1): $0]) }
  }

  /// A text as it is, a group as nothing, and other values as JSON.
  var plainText: String {
    switch self {
    case .string(let text): text
    case .object, .null: ""
    case .array(let values): "[\(values.map(\.plainText).joined(separator: ", "))]"
    case .integer(let value): "\(value)"
    case .large(let value): "\(value)"
    case .number(let value): "\(value)"
    case .bool(let value): "\(value)"
    }
  }

  /// This value with the members of another laid over it, as RFC 7396 (JSON Merge Patch) has it.
  func merging(_ patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members: [String: JSONValue] = [:]
    if case .object(let own) = self { members = own }
    for (name, change) in changes {
      members[name] = change == .null ? nil : (members[name] ?? .null).merging(change)
    }
    return .object(members)
  }

  /// The path of a member that a patch names but this value lacks, the first by name; nil when it
  /// has them all.
  func firstMissingMember(of patch: JSONValue, path: String = "") -> String? {
    guard case .object(let changes) = patch else { return nil }
    guard case .object(let members) = self else { return path }
    for (name, change) in changes.sorted(by: { $0.key < $1.key }) where change != .null {
      let memberPath = path.isEmpty ? name : "\(path).\(name)"
      guard let member = members[name] else { return memberPath }
      if let missing = member.firstMissingMember(of: change, path: memberPath) { return missing }
    }
    return nil
  }

  /// The first member by path whose value here is not that of another value, with both; nil when
  /// they are equal.
  package func firstDifference(
    from other: JSONValue, path: String = ""
  ) -> (path: String, here: JSONValue, there: JSONValue)? {
    guard case .object(let own) = self, case .object(let others) = other else {
      return self == other ? nil : (path, self, other)
    }
    for name in Set(own.keys).union(others.keys).sorted() {
      let memberPath = path.isEmpty ? name : "\(path).\(name)"
      let (here, there) = (own[name] ?? .null, others[name] ?? .null)
      if let found = here.firstDifference(from: there, path: memberPath) { return found }
    }
    return nil
  }
}
