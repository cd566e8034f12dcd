/// Where the files begin and end that were joined.
extension SoundLayout {
  /// What can be the first two bytes of what `beginsFile` knows.
  static let beginnings = BytePairs(
    [
      "RI", "RF", "BW", "FO", "Og", "fL", ".s", "ca", "ri", "ID", "TA", "AP", "LY", "0&", "wv",
      "\0\0",
    ].map {
      let bytes = Array($0.utf8)
      return (bytes[0], bytes[1]...bytes[1])
    } + [(0xFF, 0xE0...0xFF)])

  /// Where a file begins next, from an offset up to a limit.
  static func nextFile(
    from offset: Int, to limit: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    var position = offset
    while let next = try window.next(oneOf: beginnings, from: position, to: limit, of: input) {
      if try beginsFile(at: next, of: input, &window) { return next }
      // Among zero bytes, only the last ones can begin a box.
      let zeros = try window.byte(at: next, of: input) == 0
      position = zeros ? max(next + 1, try window.endOfZeros(from: next, of: input) - 4) : next + 1
    }
    return nil
  }

  /// Whether a file begins at an offset, of whatever kind is known, perhaps behind tags.
  static func beginsFile(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    var position = offset
    while let byte = try window.byte(at: position, of: input) {
      if let end = try tagEnd(at: position, of: input, &window) {
        position = end
        continue
      }
      if byte == 0xFF, try MPEGStream.begins(at: position, of: input, &window) { return true }
      return try beginsOther(at: position, of: input, &window)
    }
    return false
  }

  /// Whether a file begins at an offset that is no MPEG audio, with no tags in front.
  static func beginsOther(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    if try startsFile(at: offset, of: input, &window) { return true }
    return try ForeignFile.begins(at: offset, of: input, &window)
  }

  /// Whether a file of a kind that is decoded here, and that names itself, begins at an offset.
  static func startsFile(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    guard let first = try window.byte(at: offset, of: input) else { return false }
    guard "RBFOf.cr".utf8.contains(first) else { return false }
    let start = try window.slice(12, at: offset, of: input)
    return (start.has("RIFF") || start.has("RF64") || start.has("BW64"))
      && start.has("WAVE", at: 8)
      || start.has("FORM") && start.has("AIF", at: 8) || start.has("OggS\0")
      || start.has("fLaC") && start.has("\0\0\u{22}", at: 5) || start.has(".snd\0\0")
      || start.has("caff\0\u{1}") || start.has("riff\u{2E}\u{91}\u{CF}\u{11}")
  }

  /// Where a tag ends that begins at an offset: ID3, its first version, APE or Lyrics3.
  static func tagEnd(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    guard let first = try window.byte(at: offset, of: input), "ITAL".utf8.contains(first) else {
      return nil
    }
    let start = try window.slice(32, at: offset, of: input)
    if start.has("ID3"), start.count >= 10 {
      let tag = Array(start.prefix(10))
      guard tag[3] < 0xFF, tag[6..<10].allSatisfy({ $0 < 0x80 }) else { return nil }
      return offset + MPEGStream.tagByteCount(tag)
    }
    if start.has("TAG+") { return offset + 227 }
    if start.has("TAG") { return offset + 128 }
    if start.has("APETAGEX"), start.count == 32 {
      return offset + 32
        + (start.littleEndian(at: 20, count: 4) >> 29 & 1 == 1
          ? start.littleEndian(at: 12, count: 4) : 0)
    }
    guard start.has("LYRICSBEGIN") else { return nil }
    let limit = offset + longestLyrics
    for name in ["LYRICS200", "LYRICSEND"] {
      let end = try window.next(Array(name.utf8), from: offset, to: limit, of: input)
      if let end { return end + name.utf8.count }
    }
    return nil
  }

  private static let longestLyrics = 1 << 16

  /// Whether there are only zero bytes and tags behind an offset.
  static func isEmpty(
    from offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    var position = offset
    while true {
      position = try window.endOfZeros(from: position, of: input)
      if position >= input.byteCount ?? 0 { return true }
      guard let end = try tagEnd(at: position, of: input, &window) else { return false }
      position = end
    }
  }
}
