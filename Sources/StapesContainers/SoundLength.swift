/// Where the header of a file says that its sound lies.
///
/// libsndfile reads these headers too, but silently replaces a length that cannot be right.
package struct SoundLength {
  /// The first byte of the sound.
  package let offset: Int
  /// The number of bytes of sound.
  package let byteCount: Int

  /// No header has more chunks than this in front of the sound; damaged ones seem to.
  static let mostChunks = 1_000

  package init(offset: Int, byteCount: Int) {
    (self.offset, self.byteCount) = (offset, byteCount)
  }
}

extension SoundLength {
  /// Reads the header of an AIFF, AU, CAF or Wave64 file; nil for others, and where it does not tell.
  package init?(in input: inout InputFile) throws(AudioError) {
    var window = ByteWindow()
    if let found = try Self.chunks(ofFileAt: 0, of: input, &window), found.end != nil {
      self = found.sound
      return
    }
    try input.seek(to: 0)
    let start = try input.read(12)
    if start.has(".snd"), start.count == 12 {
      let byteCount = start.bigEndian(at: 8, count: 4)
      guard byteCount < 0xFFFF_FFFF else { return nil }
      self.init(offset: start.bigEndian(at: 4, count: 4), byteCount: byteCount)
      return
    }
    guard start.has("FORM"), start.has("AIF", at: 8) else { return nil }
    var offset = start.count
    for _ in 0..<Self.mostChunks {
      let chunk = try input.read(8)
      guard chunk.count == 8 else { return nil }
      let byteCount = chunk.bigEndian(at: 4, count: 4)
      offset += 8
      if chunk.has("SSND") {
        // Two numbers precede the sound, which is counted with them.
        self.init(offset: offset + 8, byteCount: byteCount - 8)
        return
      }
      let next = offset + byteCount + byteCount % 2
      try input.seek(to: next)
      offset = next
    }
    return nil
  }
}
