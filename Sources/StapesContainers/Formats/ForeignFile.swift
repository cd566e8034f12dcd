/// A file of a kind that another program decodes, as far as it tells where it ends.
///
/// That program reads the first of several files that were joined, and says nothing of the others.
package struct ForeignFile {
  private enum Kind {
    case mpeg4, windowsMedia, wavPack, aac
  }

  private let kind: Kind

  /// Looks at the first bytes of a file; nil where it is of none of these kinds.
  private init?(_ start: ArraySlice<UInt8>) {
    if start.has("ftyp", at: 4) {
      kind = .mpeg4
    } else if start.has("0&\u{B2}u\u{8E}f\u{CF}\u{11}") {
      kind = .windowsMedia
    } else if start.has("wvpk") {
      kind = .wavPack
    } else if start.count > 1, start.first == 0xFF, start[start.startIndex + 1] & 0xF6 == 0xF0 {
      kind = .aac
    } else {
      return nil
    }
  }

  /// Whether such a file begins at an offset; of AAC, three frames in a row.
  static func begins(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    guard let first = try window.byte(at: offset, of: input), [0, 0x30, 0x77, 0xFF].contains(first)
    else { return false }
    guard let file = ForeignFile(try window.slice(16, at: offset, of: input)) else { return false }
    guard file.kind == .aac else {
      return try file.unitEnd(at: offset, of: input, &window) != nil
    }
    // What all frames have in common.
    let common = try window.slice(3, at: offset, of: input)
    var position = offset
    for _ in 0..<3 {
      guard let end = try file.unitEnd(at: position, of: input, &window),
        try window.slice(3, at: position, of: input).elementsEqual(common)
      else { return false }
      position = end
    }
    return true
  }

  /// The number of bytes behind the file that an input begins with, where they are more than tags.
  package static func unreadByteCount(in input: borrowing InputFile) throws(AudioError) -> Int {
    let fileByteCount = input.byteCount ?? 0
    var window = ByteWindow()
    var position = 0
    while let end = try SoundLayout.tagEnd(at: position, of: input, &window) { position = end }
    guard let file = ForeignFile(try window.slice(16, at: position, of: input)) else { return 0 }
    while let end = try file.unitEnd(at: position, of: input, &window) {
      position = end
      if try beginsAnother(file.kind, at: position, of: input, &window) { break }
    }
    let rest = fileByteCount - position
    guard rest > SoundLayout.tolerance,
      try !SoundLayout.isEmpty(from: position, of: input, &window)
    else { return 0 }
    // Behind damage of AAC, more of it follows.
    if file.kind == .aac, try !SoundLayout.beginsFile(at: position, of: input, &window) { return 0 }
    return rest
  }

  /// Whether what stands at an offset does not go on with a file of a kind, but begins another.
  private static func beginsAnother(
    _ kind: Kind, at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    let start = try window.slice(20, at: offset, of: input)
    guard let other = ForeignFile(start), other.kind == kind else {
      return try SoundLayout.beginsFile(at: offset, of: input, &window)
    }
    switch kind {
    case .mpeg4, .windowsMedia: return true
    case .aac: return false
    // By the number of a block's first sample.
    case .wavPack: return start.count == 20 && start.littleEndian(at: 16, count: 4) == 0
    }
  }

  /// Where a box, an object, a block or a frame ends that begins at an offset; nil where none does.
  private func unitEnd(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    let start = try window.slice(24, at: offset, of: input)
    guard start.count >= 8, let length = byteCount(of: start) else { return nil }
    let rest = (input.byteCount ?? 0) - offset
    return offset + (length == 0 ? rest : min(length, rest))
  }

  /// The number of bytes of a unit, from its first ones; 0 where it takes all that follow.
  private func byteCount(of start: ArraySlice<UInt8>) -> Int? {
    switch kind {
    case .mpeg4:
      let isNamed = start.dropFirst(4).prefix(4).allSatisfy {
        $0 >= 0x20 && $0 < 0x7F || $0 == 0xA9
      }
      var length = start.bigEndian(at: 0, count: 4)
      if length == 1, start.count >= 16 {
        guard start.bigEndian(at: 8, count: 2) == 0 else { return nil }
        length = start.bigEndian(at: 8, count: 8)
      }
      return isNamed && (length == 0 || length >= 8) ? length : nil
    case .windowsMedia:
      guard start.count == 24, start.littleEndian(at: 22, count: 2) == 0 else { return nil }
      let length = start.littleEndian(at: 16, count: 8)
      return length >= 24 ? length : nil
    case .wavPack:
      return start.has("wvpk") ? 8 + start.littleEndian(at: 4, count: 4) : nil
    case .aac:
      let header = start.bigEndian(at: 0, count: 6)
      let length = header >> 5 & 0x1FFF
      let isFrame = header >> 33 & 0x7FFB == 0x7FF8 && header >> 26 & 15 < 13
      return isFrame && length >= 7 ? length : nil
    }
  }
}
