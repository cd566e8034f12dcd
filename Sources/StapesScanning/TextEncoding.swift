/// Which byte of each unit of UTF-16 comes first.
enum UTF16Order {
  case little, big

  /// Tells a text in UTF-16 by its byte order mark, or by zeros that are half of what stands in ASCII
  /// and at one kind of places only; nil for anything else.
  init?(of bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xFE]) {
      self = .little
      return
    }
    if bytes.starts(with: [0xFE, 0xFF]) {
      self = .big
      return
    }
    let sample = bytes.prefix(4096)
    guard sample.contains(0) else { return nil }
    let zeros = sample.indices.filter { sample[$0] == 0 }
    let oddCount = zeros.count { !$0.isMultiple(of: 2) }
    let (more, fewer) = (
      max(oddCount, zeros.count - oddCount), min(oddCount, zeros.count - oddCount)
    )
    guard more * 16 >= sample.count, fewer * 20 <= more else { return nil }
    self = oddCount == more ? .little : .big
    guard let text = text(of: Array(sample.dropLast(sample.count % 2))), text.isPlain else {
      return nil
    }
  }

  /// The text; nil where it is not valid.
  func text(of bytes: [UInt8]) -> String? {
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { start in
      let (first, second) = (UInt16(bytes[start]), UInt16(bytes[start + 1]))
      return self == .little ? second << 8 | first : first << 8 | second
    }
    return String(validating: units, as: UTF16.self)
  }
}

extension String {
  /// Whether nothing in it is a control character but white space.
  fileprivate var isPlain: Bool {
    unicodeScalars.allSatisfy { $0.value >= 0x20 || "\t\n\u{C}\r".unicodeScalars.contains($0) }
  }
}

/// What Windows-1252 has where Latin-1 has control characters, from 0x80 on.
private let windows1252Marks = Array(
  "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)

/// The text of a file in Windows-1252 that says so: a TextGrid, which Praat writes in Latin-1 unless
/// it is in Unicode, or XML with the name of the encoding; nil for any other.
func windows1252Text(of bytes: [UInt8]) -> String? {
  let start = String(decoding: bytes.prefix(100), as: UTF8.self).lowercased()
  let names = ["ootextfile", "encoding=\"iso-8859-1", "encoding=\"windows-1252"]
  guard names.contains(where: start.contains) else { return nil }
  var text = String.UnicodeScalarView()
  for byte in bytes {
    let isMark = (0x80...0x9F).contains(byte)
    text.append(isMark ? windows1252Marks[Int(byte) - 0x80] : Unicode.Scalar(byte))
  }
  return String(text)
}
