/// The frames of an MPEG audio file.
///
/// An MP3 file that does not say how many frames it has is given a length by estimate from its
/// first frame, and libsndfile stops there: where the bit rate varies, most of the sound may be
/// lost. `countHeader` mends that.
package struct MPEGStream {
  /// Where the first frame starts.
  package let offset: Int
  /// The first frame.
  package let first: MPEGFrame
  /// Whether the first frame holds, instead of sound, the number of those that follow.
  package let tellsFrameCount: Bool

  private let firstHeader: [UInt8]

  /// Garbage between frames of up to this many bytes is passed over, as libmpg123 does.
  private static let longestGap = 1024

  /// Looks for the first frame; nil when there is none near the start.
  package init?(in input: inout InputFile) throws(AudioError) {
    try input.seek(to: 0)
    let tag = try input.read(10)
    let tagByteCount = tag.count == 10 && tag.has("ID3") ? Self.tagByteCount(tag) : 0
    guard
      let offset = try Self.nextFrame(from: tagByteCount, in: &input, where: { _ in true })
    else { return nil }
    try input.seek(to: offset)
    let start = try input.read(64)
    guard let first = MPEGFrame(start.prefix(4)) else { return nil }
    self.offset = offset
    self.first = first
    firstHeader = Array(start.prefix(4))
    let information = start.dropFirst(first.sideByteCount)
    tellsFrameCount =
      first.isLayerThree && information.count >= 12
      && (information.has("Xing") || information.has("Info"))
      && information.bigEndian(at: 4, count: 4) & 1 == 1
      && information.bigEndian(at: 8, count: 4) > 0
  }

  /// Counts the frames.
  ///
  /// - Returns: the number of complete frames, and whether an incomplete one follows.
  package func countFrames(
    in input: inout InputFile
  ) throws(AudioError) -> (count: Int, endsEarly: Bool) {
    var count = 0
    var position = offset
    while let next = try Self.nextFrame(from: position, in: &input, where: first.isContinued) {
      try input.seek(to: next)
      guard let frame = MPEGFrame(try input.read(4)) else { break }
      position = next + frame.byteCount
      if let byteCount = input.byteCount, position > byteCount { return (count, true) }
      count += 1
    }
    return (count, false)
  }

  /// A frame to be put in front of the first, which tells the decoder the number of frames.
  ///
  /// It is what encoders write themselves ("Xing header"): a frame without sound, in which the
  /// name, a flag and the count follow the empty side information.
  package func countHeader(frameCount: Int) -> [UInt8] {
    var header = firstHeader
    header[1] |= 1  // no checksum
    for bitRate in UInt8(1)...14 {
      header[2] = header[2] & 0x0C | bitRate << 4
      guard let frame = MPEGFrame(header), frame.byteCount >= 200 else { continue }
      header += [UInt8](repeating: 0, count: frame.sideByteCount - header.count)
      header += Array("Xing".utf8) + [0, 0, 0, 1]
      header += (0..<4).map { UInt8(truncatingIfNeeded: frameCount >> (24 - 8 * $0)) }
      return header + [UInt8](repeating: 0, count: frame.byteCount - header.count)
    }
    return []
  }

  /// The number of bytes of an ID3v2 tag, from its first ten.
  static func tagByteCount(_ tag: [UInt8]) -> Int {
    let size = tag[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
    let hasFooter = tag[5] & 0x10 != 0
    return 10 + size + (hasFooter ? 10 : 0)
  }

  /// Where the next frame starts, at an offset or a gap behind it.
  private static func nextFrame(
    from offset: Int, in input: inout InputFile, where isRight: (MPEGFrame) -> Bool
  ) throws(AudioError) -> Int? {
    try input.seek(to: offset)
    if let frame = MPEGFrame(try input.read(4)), isRight(frame) { return offset }
    try input.seek(to: offset)
    let bytes = try input.read(longestGap)
    let index = bytes.indices.dropLast(3).first {
      MPEGFrame(bytes[$0..<$0 + 4]).map(isRight) ?? false
    }
    return index.map { offset + $0 }
  }
}
