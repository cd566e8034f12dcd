/// Looks for frames of FLAC (RFC 9639, 9) to go on with where a decoder met damage.
///
/// A decoder may go on behind damage by itself, at a wrong time and without a word; so only frames
/// that fit their checksums are given to others.
package struct FLACSearch {
  /// Frames that follow each other, all intact.
  package struct Run {
    package let firstSample: Int
    let endSample: Int
    package let part: SoundPart
  }

  private let range: Range<Int>
  private let stream: FLACFrame.Stream
  private var offset: Int
  /// What the first frame tells of all others.
  private var kind: [UInt8]?
  private var window = ByteWindow()

  /// The number of samples that the part should have; nil when it does not tell.
  package var sampleCount: Int? { stream.sampleCount == 0 ? nil : stream.sampleCount }

  /// Makes a search through a part; nil where that is not FLAC as it lies in the file.
  package init?(_ part: SoundPart, of input: borrowing InputFile) throws(AudioError) {
    var window = ByteWindow()
    guard input.isSeekable, part.front.isEmpty, part.ranges.count == 1,
      var range = part.ranges.first,
      let stream = try FLACFrame.Stream(at: range.lowerBound, of: input, &window)
    else { return nil }
    // A tag behind the last frame.
    if range.count > 128, try window.slice(3, at: range.upperBound - 128, of: input).has("TAG") {
      range = range.lowerBound..<range.upperBound - 128
    }
    self.range = range
    self.stream = stream
    offset = range.lowerBound + 42
  }

  /// The next frames that end behind a sample.
  package mutating func next(
    endingBehind sample: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Run? {
    let limit = sampleCount ?? sample + SoundPart.longestLoss * stream.sampleRate
    while let found = try window.next(0xFF, from: offset, to: range.upperBound, of: input) {
      offset = found + 1
      guard let first = try frame(at: found, of: input) else { continue }
      guard first.endSample > sample, first.firstSample < limit,
        var end = try end(ofFrameAt: found, of: input)
      else { continue }
      var last = first
      while let next = try frame(at: end, of: input), next.firstSample == last.endSample,
        let nextEnd = try self.end(ofFrameAt: end, of: input)
      {
        (last, end) = (next, nextEnd)
      }
      offset = end
      let part = SoundPart(ranges: [found..<end], front: stream.block)
      return Run(firstSample: first.firstSample, endSample: last.endSample, part: part)
    }
    return nil
  }

  /// The header of a frame of this stream at an offset; nil where there is none.
  private mutating func frame(
    at offset: Int, of input: borrowing InputFile
  ) throws(AudioError) -> FLACFrame? {
    guard offset < range.upperBound else { return nil }
    let bytes = Array(try window.slice(16, at: offset, of: input))
    guard let frame = FLACFrame(bytes, blockSize: stream.blockSize) else { return nil }
    if kind == nil { kind = frame.kind }
    return frame.kind == kind ? frame : nil
  }

  /// Where a frame ends whose bytes fit their checksum: at another one, or with the part.
  private mutating func end(
    ofFrameAt start: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Int? {
    let limit = min(start + stream.longestFrame, range.upperBound)
    var (position, sum) = (start, UInt16(0))
    while position < limit {
      let found = try window.next(0xFF, from: position + 2, to: limit, of: input)
      let next = found ?? limit
      let bytes = try window.slice(next - position, at: position, of: input)
      for byte in bytes { sum = sum << 8 ^ Self.remainders[Int(UInt8(sum >> 8) ^ byte)] }
      position = next
      guard sum == 0 else { continue }
      if next == range.upperBound { return next }
      if try frame(at: next, of: input) != nil { return next }
    }
    return nil
  }

  /// The remainders by x¹⁶ + x¹⁵ + x² + 1.
  private static let remainders: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x8005 }
  }
}
