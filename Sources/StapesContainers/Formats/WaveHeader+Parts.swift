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
    if try SoundLayout.isEmpty(from: position, of: input, &window) { return whole }
    return .init(parts: [SoundPart(ranges: [offset..<position])], end: position)
  }

  /// Where the chunks end that follow from an offset on: at another file, or at what is no chunk.
  ///
  /// - Parameter base: where the file begins, from which chunks lie at even distances.
  package static func endOfChunks(
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
