internal import StapesContainers

extension SoundStream {
  /// Goes to where a segment starts; offset and duration are in seconds.
  ///
  /// - Returns: the frames of the segment, up to `Int.max` when it goes to the end of the file.
  mutating func startSegment(
    offset: Double, duration: Double?, path: String
  ) throws(AudioError) -> Range<Int> {
    let rate = Double(sampleRate)
    let start = (offset * rate).rounded()
    let length = ((duration ?? 1e300) * rate).rounded()
    guard offset >= 0, start.isFinite, length >= 1 else {
      throw .invalidSegment(path: path, offset: offset, duration: duration)
    }
    let unreachable = 1e15  // frames: decades at any rate
    let first = Int(min(start, unreachable))
    try skip(to: first, path: path)
    return first..<(length < unreachable ? first + Int(length) : Int.max)
  }

  /// Goes from the first frame to another.
  private mutating func skip(to frame: Int, path: String) throws(AudioError) {
    if frame == 0 { return }
    let rate = Double(sampleRate)
    if let frameCount, frame >= frameCount {
      throw .segmentOutsideFile(
        path: path, offset: Double(frame) / rate, fileDuration: Double(frameCount) / rate)
    }
    if seeksExactly {
      guard seek(to: frame) else {
        throw .damagedBefore(path: path, offset: Double(frame) / rate)
      }
      return
    }
    let passed = try decodeAndDrop(frame)
    guard passed == frame else {
      throw .segmentOutsideFile(
        path: path, offset: Double(frame) / rate, fileDuration: Double(passed) / rate)
    }
  }

  /// Decodes frames for nothing; returns how many there were, at most as many as asked for.
  private mutating func decodeAndDrop(_ count: Int) throws(AudioError) -> Int {
    var block = [Float](repeating: 0, count: 1 << 14)
    var passed = 0
    while passed < count {
      let wanted = min(count - passed, block.count / channelCount)
      let frameCount = try read(wanted, into: &block)
      passed += frameCount
      if frameCount == 0 { break }
    }
    return passed
  }
}
