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
      let next = try nextFile(from: data, to: fileByteCount, of: input, &window)
      return .init(
        parts: [SoundPart(ranges: [offset..<(next ?? fileByteCount)])], end: next ?? fileByteCount)
    }
    guard byteCount < fileByteCount - data else { return whole }
    let position = try endOfChunks(from: data + byteCount, base: offset, of: input)
    var isJoined = try SoundLayout.startsFile(at: position, of: input, &window)
    if !isJoined { isJoined = try MPEGStream.begins(at: position, of: input, &window) }
    if isJoined {
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
      if try SoundLayout.startsFile(at: position, of: input, &window) { return position }
      if try SoundLayout.startsFile(at: even, of: input, &window) { return even }
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

  /// Where another WAV file begins within sound of unknown length.
  private static func nextFile(
    from offset: Int, to end: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    var position = offset
    while let next = try window.next(Array("RIFF".utf8), from: position, to: end, of: input) {
      if try SoundLayout.startsFile(at: next, of: input, &window) { return next }
      position = next + 4
    }
    return nil
  }
}

extension SoundLength {
  /// The part of a file of another format that begins at an offset: up to where another file of the
  /// same format was joined.
  static func parts(
    from offset: Int, of input: inout InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    let start = Array(try window.slice(16, at: offset, of: input))
    var end: Int?
    if start.has("FORM") {
      let byteCount = start.bigEndian(at: 4, count: 4)
      end = offset + 8 + byteCount + byteCount % 2
    } else if start.has(".snd"), start.count >= 12 {
      end = offset + start.bigEndian(at: 4, count: 4) + start.bigEndian(at: 8, count: 4)
    } else if start.has("riff") || start.has("caff") {
      let magic = start.has("caff") ? Array(start.prefix(8)) : start
      end = try window.next(magic, from: offset + 16, to: fileByteCount, of: input)
    }
    let isJoined =
      if let end { try startsJoined(at: end, with: start, of: input, &window) } else { false }
    let last = isJoined ? end ?? fileByteCount : fileByteCount
    return .init(parts: [SoundPart(ranges: [offset..<last])], end: last)
  }

  private static func startsJoined(
    at offset: Int, with start: [UInt8], of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    if try SoundLayout.startsFile(at: offset, of: input, &window) { return true }
    return try window.slice(4, at: offset, of: input).elementsEqual(start.prefix(4))
  }
}
