internal import StapesFiles

/// The address of a file on a server.
///
/// What stands behind its question mark may give access to the file, as in presigned addresses of
/// object stores; so nothing but the program that fetches the file is told of it.
package struct Address: Sendable, Equatable {
  /// All of it.
  package let text: String
  /// What may be shown: without a user's name, the query and the fragment.
  package let shown: String
  /// The host and the names on the way to the file, of which paths can be made.
  package let parts: [String]
  /// Whether it may be fetched: encrypted, or from this machine.
  package let isAllowed: Bool

  /// What tells it from others, and nothing of what it says.
  package var id: String {
    var hash = ContentHash()
    hash.add(text)
    return String(hash.value, radix: 16)
  }

  /// Reads an address that begins with `https://` or `http://`; nil for what is none.
  package init?(_ text: String) {
    let start = text.prefix(8).lowercased()
    guard let scheme = ["https://", "http://"].first(where: { start.hasPrefix($0) }) else {
      return nil
    }
    // By bytes, since an accent behind a slash makes another character of it.
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    let way = rest.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    let authority = way.prefix { $0 != UInt8(ascii: "/") }
    let host = authority.suffix(while: { $0 != UInt8(ascii: "@") })
    guard let name = String(host)?.lowercased(), !name.isEmpty,
      let path = String(way.dropFirst(authority.count))
    else { return nil }
    self.text = text
    shown = scheme + name + path
    parts = [name] + Self.names(in: path)
    isAllowed = scheme == "https://" || Self.isThisMachine(name)
  }

  /// The names that a path is made of, which lead nowhere but down.
  private static func names(in path: String) -> [String] {
    var names: [String] = []
    for part in path.utf8.split(separator: UInt8(ascii: "/")) {
      guard let raw = String(part), raw != "." else { continue }
      guard raw != ".." else {
        _ = names.popLast()
        continue
      }
      let name = raw.percentDecoded ?? raw
      let isPlain =
        name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 32 }
      names.append(isPlain ? name : raw)
    }
    return names
  }

  private static func isThisMachine(_ host: String) -> Bool {
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    let numbers = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return name == "localhost" || name == "[::1]"
      || numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }
}

extension String {
  /// The text without its `%20` and the like; nil where it is none in UTF-8.
  fileprivate var percentDecoded: String? {
    var (bytes, rest) = ([UInt8](), utf8[...])
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let digits = String(rest.prefix(2)),
        digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension BidirectionalCollection {
  /// The longest end of which all elements are like that.
  fileprivate func suffix(while isLikeThat: (Element) -> Bool) -> SubSequence {
    lastIndex { !isLikeThat($0) }.map { self[index(after: $0)...] } ?? self[...]
  }
}
