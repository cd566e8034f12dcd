extension SoundLength {
  /// The part of a file of another format than WAV that begins at an offset: up to where it ends by
  /// its own lengths, or to where another file was joined if they do not tell.
  static func parts(
    from offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    var end = fileByteCount
    if let told = try self.end(ofFileAt: offset, of: input, &window) {
      if told < end, try !SoundLayout.isEmpty(from: told, of: input, &window) { end = told }
    } else {
      end = try SoundLayout.nextFile(from: offset + 16, to: end, of: input, &window) ?? end
    }
    let part = try partOfCutCAF(offset..<end, of: input, &window)
    return .init(parts: [part ?? SoundPart(ranges: [offset..<end])], end: end)
  }

  /// What a decoder is given of CAF whose sound is cut short or still written, which it would refuse;
  /// nil for others.
  private static func partOfCutCAF(
    _ range: Range<Int>, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundPart? {
    guard try window.slice(4, at: range.lowerBound, of: input).has("caff"),
      let sound = try chunks(ofFileAt: range.lowerBound, of: input, &window)?.sound,
      sound.byteCount > range.count - sound.offset, sound.offset < range.count
    else { return nil }
    // Its length becomes that of what is there, with the count of edits in front of the sound.
    let body = range.lowerBound + sound.offset
    var front = Array(try window.slice(sound.offset, at: range.lowerBound, of: input))
    guard front.count == sound.offset else { return nil }
    let length = UInt64(range.upperBound - body + 4)
    front.replaceSubrange(
      front.count - 12..<front.count - 4,
      with: (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) })
    return SoundPart(
      ranges: [body..<range.upperBound], front: front, endsEarly: sound.byteCount < .max)
  }

  /// Where a file ends by its own lengths, perhaps behind the end of the input; nil where they do not
  /// tell.
  private static func end(
    ofFileAt offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    let start = try window.slice(16, at: offset, of: input)
    guard start.count == 16 else { return nil }
    if start.has("FORM") {
      let byteCount = start.bigEndian(at: 4, count: 4)
      return byteCount > 0 ? offset + 8 + byteCount + byteCount % 2 : nil
    }
    if start.has(".snd") {
      let byteCount = start.bigEndian(at: 8, count: 4)
      let isTold = byteCount > 0 && byteCount < 0xFFFF_FFFF
      return isTold ? offset + start.bigEndian(at: 4, count: 4) + byteCount : nil
    }
    return try chunks(ofFileAt: offset, of: input, &window)?.end
  }

  /// Where the sound lies in CAF or Wave64, and where its chunks end; nil for other formats, and
  /// where a chunk does not tell its length, unless it is the sound of CAF.
  static func chunks(
    ofFileAt offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> (sound: SoundLength, end: Int?)? {
    let start = try window.slice(4, at: offset, of: input)
    let isCAF = start.has("caff")
    guard isCAF || start.has("riff") else { return nil }
    let fileByteCount = input.byteCount ?? 0
    let headerLength = isCAF ? 12 : 24
    var sound: SoundLength?
    var position = offset + (isCAF ? 8 : 40)
    while position < fileByteCount, try !SoundLayout.beginsFile(at: position, of: input, &window) {
      let header = try window.slice(headerLength, at: position, of: input)
      guard header.count == headerLength,
        header.prefix(4).allSatisfy({ (0x20..<0x7F).contains($0) })
      else { break }
      // Wave64 counts the header, and its chunks lie at multiples of eight bytes.
      let told =
        isCAF ? header.bigEndian(at: 4, count: 8) : header.littleEndian(at: 16, count: 8) &- 24
      let bodyOffset = position + headerLength
      let isSound = header.has("data")
      if isSound {
        // In CAF, the count of edits precedes the sound.
        let start = bodyOffset - offset + (isCAF ? 4 : 0)
        // While CAF is still written, its length is -1.
        if isCAF, told < 0 { return (SoundLength(offset: start, byteCount: .max), nil) }
        sound = SoundLength(offset: start, byteCount: max(told - (isCAF ? 4 : 0), 0))
      }
      guard told >= 0 else { return nil }
      guard isSound || told <= fileByteCount - bodyOffset else { break }
      let length = min(told, fileByteCount)
      position = bodyOffset + length
      // Not all writers fill up the last chunk.
      if !isCAF, try !SoundLayout.beginsFile(at: position, of: input, &window) {
        position = bodyOffset + (length + 7) & ~7
      }
    }
    return sound.map { ($0, position) }
  }
}
