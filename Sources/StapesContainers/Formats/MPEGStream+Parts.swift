extension MPEGStream {
  /// The parts of MPEG audio that begins at an offset, each a run of frames; nil where none does.
  ///
  /// A part ends where frames of another kind begin, where another file was joined, and where bytes
  /// are no frames; tags are passed over.
  static func parts(
    from offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    var runs = MPEGRuns(start: offset)
    var position = offset
    while position < fileByteCount {
      if let end = try SoundLayout.tagEnd(at: position, of: input, &window) {
        runs.passTag(position..<min(end, fileByteCount))
        position = end
        continue
      }
      let header = try header(at: position, of: input, &window)
      if let header {
        let told = try information(at: position, header, of: input, &window)
        var isFrame = told != nil || runs.isContinued(by: header)
        if !isFrame { isFrame = try begins(at: position, of: input, &window) }
        if isFrame {
          runs.add(header, at: position, information: told, fileByteCount: fileByteCount)
          position += header.byteCount
          continue
        }
      }
      if try SoundLayout.beginsOther(at: position, of: input, &window) { break }
      guard let next = try resume(after: position, of: input, &window) else { break }
      if try SoundLayout.beginsOther(at: next, of: input, &window) {
        position = next
        break
      }
      let joins = try begins(at: next, of: input, &window)
      runs.passDamage(position..<next, isWithinFile: joins)
      position = next
    }
    position = min(position, fileByteCount)
    let parts = runs.finish(at: position)
    return parts.isEmpty && position == offset ? nil : .init(parts: parts, end: position)
  }

  /// Whether at least three frames of one kind follow each other from an offset on, or all that
  /// there is room for.
  static func begins(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    guard let first = try header(at: offset, of: input, &window) else { return false }
    var position = offset + first.byteCount
    for count in 1..<3 {
      if position == input.byteCount { return count > 1 }
      guard let next = try header(at: position, of: input, &window), first.isContinued(by: next)
      else {
        let end = try SoundLayout.tagEnd(at: position, of: input, &window)
        return count > 1 && end != nil
      }
      position += next.byteCount
    }
    return true
  }

  private static func header(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> MPEGFrame? {
    let bytes = try window.slice(4, at: offset, of: input)
    return bytes.first == 0xFF ? MPEGFrame(bytes) : nil
  }

  /// Where frames, a tag or another file begin behind damage.
  private static func resume(
    after offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    let end = input.byteCount ?? 0
    var position = offset + 1
    while let next = try window.next(
      oneOf: SoundLayout.beginnings, from: position, to: end, of: input)
    {
      if try begins(at: next, of: input, &window) { return next }
      if try SoundLayout.beginsOther(at: next, of: input, &window) { return next }
      let isTag = try window.slice(3, at: next, of: input).has("ID3")
      if isTag, try SoundLayout.tagEnd(at: next, of: input, &window) != nil { return next }
      position = next + 1
    }
    return nil
  }

  /// What a frame says that holds, instead of sound, the number of those that follow.
  private static func information(
    at offset: Int, _ frame: MPEGFrame, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> MPEGRuns.Information? {
    guard frame.isLayerThree else { return nil }
    let name = try window.slice(16, at: offset + frame.sideByteCount, of: input)
    guard name.has("Xing") || name.has("Info"), name.count == 16 else { return nil }
    return MPEGRuns.Information(
      bytes: Array(try window.slice(frame.byteCount, at: offset, of: input)),
      flags: name.bigEndian(at: 4, count: 4), offset: frame.sideByteCount + 8)
  }
}

/// Runs of frames on the way to parts.
struct MPEGRuns {
  /// A frame that tells the number of frames and of bytes that follow.
  struct Information {
    var bytes: [UInt8]
    let flags: Int
    /// Where the numbers begin.
    let offset: Int

    /// The number of frames that it tells.
    var frameCount: Int? {
      flags & 1 == 1 && bytes.count >= offset + 4 ? bytes.bigEndian(at: offset, count: 4) : nil
    }

    /// The same with other numbers; the bytes are those behind it.
    func telling(frameCount: Int, byteCount: Int) -> [UInt8] {
      var changed = bytes
      let numbers =
        (flags & 1 == 1 ? [frameCount] : []) + (flags & 2 == 2 ? [bytes.count + byteCount] : [])
      for (index, number) in numbers.enumerated() where offset + 4 * index + 4 <= bytes.count {
        for byte in 0..<4 {
          changed[offset + 4 * index + byte] = UInt8(truncatingIfNeeded: number >> (24 - 8 * byte))
        }
      }
      return changed
    }
  }

  private struct Run {
    let first: MPEGFrame
    let information: Information?
    var ranges: [Range<Int>]
    var frameCount = 0
    var lastByteCount = 0
    var lostSeconds = 0.0
    var byteCount: Int { ranges.reduce(0) { $0 + $1.count } }
    var bytesPerSecond: Double {
      Double(byteCount) * Double(first.sampleRate) / Double(max(frameCount * first.sampleCount, 1))
    }
  }

  private let start: Int
  private var runs: [Run] = []
  private var wantsRun = true
  /// Whether the first frame is at the start, but for tags.
  private var isClean = true
  private var wantsRange = false
  private var lostSeconds = 0.0

  init(start: Int) {
    self.start = start
  }

  /// Whether there is no frame yet.
  var isEmpty: Bool { runs.isEmpty }

  /// Whether a frame can be the next of the run.
  func isContinued(by frame: MPEGFrame) -> Bool {
    !wantsRun && runs.last?.first.isContinued(by: frame) == true
  }

  /// Adds a frame: to the run, or to a new one.
  mutating func add(
    _ frame: MPEGFrame, at offset: Int, information: Information?, fileByteCount: Int
  ) {
    let end = min(offset + frame.byteCount, fileByteCount)
    if information != nil || !isContinued(by: frame) {
      let begin = information == nil ? offset : end
      runs.append(Run(first: frame, information: information, ranges: [begin..<begin]))
      runs[runs.count - 1].lostSeconds = lostSeconds
      (wantsRun, wantsRange, lostSeconds) = (false, false, 0)
      if information != nil { return }
    }
    let last = runs.count - 1
    if wantsRange { runs[last].ranges.append(offset..<offset) }
    wantsRange = false
    let range = runs[last].ranges.removeLast()
    runs[last].ranges.append(range.lowerBound..<end)
    runs[last].frameCount += 1
    runs[last].lastByteCount = end - offset
  }

  /// Passes over a tag.
  mutating func passTag(_ range: Range<Int>) {
    wantsRange = true
  }

  /// Passes over bytes that are no frames.
  ///
  /// - Parameter isWithinFile: whether frames of the same file may follow.
  mutating func passDamage(_ range: Range<Int>, isWithinFile: Bool) {
    wantsRun = true
    isClean = isClean && !runs.isEmpty
    guard let last = runs.indices.last, let end = runs[last].ranges.last else { return }
    var byteCount = range.count
    if isWithinFile, runs[last].frameCount > 1, end.upperBound == range.lowerBound {
      // The damage may have begun within the last frame.
      runs[last].ranges[runs[last].ranges.count - 1] =
        end.lowerBound..<end.upperBound - runs[last].lastByteCount
      runs[last].frameCount -= 1
      byteCount += runs[last].lastByteCount
    } else if byteCount < 1024 {
      return
    }
    let rate = runs[last].bytesPerSecond
    if rate > 0 { lostSeconds += Double(byteCount) / rate }
  }

  /// The parts, where what was looked at ends at an offset.
  mutating func finish(at end: Int) -> [SoundPart] {
    runs.removeAll { $0.frameCount == 0 && $0.information == nil }
    if isClean, runs.count == 1, runs[0].ranges.count == 1, runs[0].frameCount > 0,
      runs[0].information?.frameCount.map({ runs[0].frameCount <= $0 + 1 }) ?? true
    {
      return [SoundPart(ranges: [start..<end])]
    }
    return runs.filter { $0.frameCount > 0 }.map { run in
      let front = run.information?.telling(frameCount: run.frameCount, byteCount: run.byteCount)
      return SoundPart(ranges: run.ranges, front: front ?? [], lostSeconds: run.lostSeconds)
    }
  }
}
