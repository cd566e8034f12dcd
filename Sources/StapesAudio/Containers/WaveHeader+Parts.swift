extension WaveHeader {
  /// The part of WAV that begins at an offset: up to where another file was joined.
  static func parts(
    from offset: Int, of input: inout InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    let whole = SoundLayout.Parts(
      parts: [SoundPart(ranges: [offset..<fileByteCount])], end: fileByteCount)
    try input.seek(to: offset)
    guard let header = try WaveHeader(after: input.read(12), from: &input) else { return whole }
    let data = offset + header.dataOffset
    guard let byteCount = header.dataByteCount else {
      let next = try SoundLayout.nextFile(from: data, to: fileByteCount, of: input, &window)
      return .init(
        parts: [SoundPart(ranges: [offset..<(next ?? fileByteCount)])], end: next ?? fileByteCount)
    }
    guard byteCount < fileByteCount - data else { return whole }
    let position = try endOfChunks(from: data + byteCount, base: offset, of: input)
    if try SoundLayout.beginsFile(at: position, of: input, &window) {
      return .init(parts: [SoundPart(ranges: [offset..<position])], end: position)
    }
    // More than a tag, and nothing that is known: the header may tell too small a length.
    let rest = max(fileByteCount - position, 0)
    let isEmpty = try SoundLayout.isEmpty(from: position, of: input, &window)
    return .init(
      parts: whole.parts, end: fileByteCount,
      unreadByteCount: isEmpty || rest <= SoundLayout.tolerance ? 0 : rest)
  }

  /// Where the chunks end that follow from an offset on: at another file, or at what is no chunk.
  ///
  /// - Parameter base: where the file begins, from which chunks lie at even distances.
  static func endOfChunks(
    from offset: Int, base: Int = 0, of input: borrowing InputFile
  ) throws(AudioError) -> Int {
    let fileByteCount = input.byteCount ?? 0
    var window = ByteWindow()
    var position = offset
    while position < fileByteCount {
      let even = position + (position - base) % 2
      if try SoundLayout.beginsFile(at: position, of: input, &window) { return position }
      if try SoundLayout.beginsFile(at: even, of: input, &window) { return even }
      let chunk = try window.slice(8, at: even, of: input)
      guard chunk.count == 8, chunk.prefix(4).allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        break
      }
      let length = chunk.littleEndian(at: 4, count: 4)
      guard length <= fileByteCount - even - 8 else { break }
      position = even + 8 + length
    }
    return position
  }
}

extension SoundLength {
  /// The part of a file of another format that begins at an offset: up to where another file was
  /// joined.
  static func parts(
    from offset: Int, of input: inout InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    let start = Array(try window.slice(16, at: offset, of: input))
    var end: Int?
    if start.has("FORM") {
      let byteCount = start.bigEndian(at: 4, count: 4)
      if byteCount > 0 { end = offset + 8 + byteCount + byteCount % 2 }
    } else if start.has(".snd"), start.count >= 12, start.bigEndian(at: 8, count: 4) > 0 {
      end = offset + start.bigEndian(at: 4, count: 4) + start.bigEndian(at: 8, count: 4)
    }
    if let told = end, told > fileByteCount { end = nil }
    let isJoined =
      if let end { try SoundLayout.beginsFile(at: end, of: input, &window) } else { false }
    if let end, !isJoined {
      let isEmpty = try SoundLayout.isEmpty(from: end, of: input, &window)
      let rest = isEmpty ? 0 : fileByteCount - end
      return .init(
        parts: [SoundPart(ranges: [offset..<fileByteCount])], end: fileByteCount,
        unreadByteCount: rest <= SoundLayout.tolerance ? 0 : rest)
    }
    if end == nil {
      // Nothing tells where it ends.
      end = try SoundLayout.nextFile(from: offset + 16, to: fileByteCount, of: input, &window)
    }
    let last = end ?? fileByteCount
    return .init(parts: [SoundPart(ranges: [offset..<last])], end: last)
  }
}
