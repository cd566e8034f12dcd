/// A name by its bytes: of a file, a clip, an utterance, or whatever else others gave.
///
/// Swift's strings are equal where Unicode calls them so: `é` in one scalar and `e` with an accent
/// behind it. File systems and lists tell them apart, so that sets and dictionaries of names have
/// these as their elements and keys, and what sorts names compares these.
package struct ByteName: Hashable, Comparable, Sendable {
  /// The bytes of UTF-8.
  package let bytes: [UInt8]

  /// Takes the bytes of a name.
  package init(_ name: some StringProtocol) { bytes = Array(name.utf8) }

  /// Takes bytes that need not be text.
  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// The name as text.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  package static func < (left: ByteName, right: ByteName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension StringProtocol {
  /// The name by its bytes.
  package var byteName: ByteName { ByteName(self) }
}
