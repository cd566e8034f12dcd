internal import StapesContainers

/// All the sound of a file as one stream of frames, whatever parts it lies in.
///
/// A later part of another rate or number of channels is brought to those of the first. Where a
/// stretch is damaged, silence takes its time.
struct SoundStream: ~Copyable {
  /// Frames per second.
  let sampleRate: Int
  /// The number of interleaved channels.
  let channelCount: Int
  /// The number of frames; nil when the file does not tell before it is read to the end.
  let frameCount: Int?
  /// The number of frames that there should be; nil when the file does not tell.
  let promisedFrameCount: Int?
  /// Container and encoding of the first part, in words.
  let formatName: String
  /// Whether seeking leads exactly to the frame asked for.
  let seeksExactly: Bool
  /// The stretches that silence took the time of, since they are damaged.
  private(set) var damage = SoundDamage()
  /// The number of bytes that nothing could read.
  private(set) var unreadByteCount: Int

  private var input: InputFile
  private var decoder: SoundDecoder
  /// The parts behind that of the decoder.
  private var waiting: ArraySlice<SoundPart>
  /// Finds where to go on behind damage of the part, where the part is FLAC.
  private var search: FLACSearch?
  private var adapter: PartAdapter?
  /// The number of frames that were returned, and where in its part the decoder is.
  private var (position, partPosition) = (0, 0)
  /// The number of frames of silence that come next.
  private var silence = 0
  private var isCutShort = false
  /// Whether the decoder reads only what is intact of a part in which another one met damage.
  private var isBehindDamage = false
  /// The channel that is taken of the first part in which others cancel it, counted from 0.
  private(set) var taken: Int?

  /// Makes a stream of what a decoder reads and of the parts behind that.
  init(
    _ decoder: consuming SoundDecoder, of input: consuming InputFile, layout: SoundLayout
  ) throws(AudioError) {
    let isWhole = layout.isPlain && input.isSeekable
    sampleRate = decoder.sampleRate
    channelCount = decoder.channelCount
    formatName = decoder.formatName
    frameCount = isWhole ? decoder.frameCount : nil
    promisedFrameCount = layout.isPlain && input.program == nil ? decoder.promisedFrameCount : nil
    seeksExactly = isWhole && decoder.seeksExactly
    unreadByteCount = layout.unreadByteCount
    waiting = layout.parts.dropFirst()
    search = try layout.parts.first.flatMap { part throws(AudioError) in
      try FLACSearch(part, of: input)
    }
    let lost = layout.parts.first?.lostSeconds(before: decoder)
    self.decoder = decoder
    self.input = input
    lose(lost ?? 0)
  }

  /// Whether the sound ends before it should.
  var endsEarly: Bool { isCutShort || decoder.endsEarly || decoder.hasFailed }

  /// What the program says that decodes the file, if it failed; asked for at the end.
  var failure: String? { input.program?.failure }

  /// Goes to a frame counted from the start, before anything was read.
  ///
  /// - Returns: whether that worked.
  mutating func seek(to frame: Int) -> Bool {
    guard decoder.seek(to: frame) else { return false }
    (position, partPosition) = (frame, frame)
    return true
  }

  /// Decodes the next frames, interleaved, into the start of a block.
  ///
  /// - Returns: the number of frames: at least one before the end, none at it.
  /// - Precondition: the block has room for them, and at least one is asked for.
  mutating func read(_ count: Int, into block: inout [Float]) throws(AudioError) -> Int {
    var frameCount = 0
    repeat {
      if silence > 0 {
        frameCount = min(silence, count)
        for index in 0..<frameCount * channelCount { block[index] = 0 }
        silence -= frameCount
      } else if let adapter {
        frameCount = adapter.take(count, into: &block) { readPart(PartAdapter.frameCount, &$0) }
        taken = taken ?? adapter.taken
      } else {
        frameCount = readPart(min(count, try readyFrameCount()), &block)
      }
      if frameCount > 0 { break }
    } while try openNext()
    position += frameCount
    return frameCount
  }

  /// How many frames are there, or come without another program that has to be waited for.
  private func readyFrameCount() throws(AudioError) -> Int {
    guard let program = input.program, let byteCount = decoder.frameByteCount else {
      return Int.max
    }
    return try program.wait(for: byteCount) / byteCount
  }

  private mutating func readPart(_ count: Int, _ block: inout [Float]) -> Int {
    let left = decoder.frameCount.map { max($0 - partPosition, 0) } ?? Int.max
    guard left > 0 else { return 0 }
    let lostBlockCount = decoder.lostBlockCount
    let frameCount = decoder.read(min(count, left), into: &block)
    let lost = min(576 * (decoder.lostBlockCount - lostBlockCount), frameCount)
    if lost > 0 {
      damage.add(
        at: Double(position) / Double(sampleRate),
        seconds: Double(lost) / Double(decoder.sampleRate))
    }
    // What comes with damage may be of another time.
    if decoder.hasFailed, search != nil, !isBehindDamage { return 0 }
    partPosition += frameCount
    return frameCount
  }

  /// Goes on behind damage, or with the next part.
  ///
  /// - Returns: false at the end of the file.
  private mutating func openNext() throws(AudioError) -> Bool {
    if try resume() { return true }
    let promised = search?.sampleCount ?? decoder.promisedFrameCount
    let isShort = promised.map { $0 > partPosition } ?? false
    let goesOn = waiting.first?.secondsWithDamage != nil
    if isShort || decoder.endsEarly || decoder.hasFailed, !goesOn { isCutShort = true }
    if waiting.isEmpty, !input.isSeekable { try readOnPipe() }
    while let part = waiting.popFirst() {
      guard let next = try? SoundDecoder.open(part, of: input) else {
        unreadByteCount += part.byteCount
        if goesOn, !waiting.isEmpty {
          waiting[waiting.startIndex].secondsWithDamage? += part.secondsWithDamage ?? 0
        }
        continue
      }
      let lost = part.lostSeconds(before: next)
      adapter = try PartAdapter(from: next, sampleRate: sampleRate, channelCount: channelCount)
      decoder = next
      (partPosition, isBehindDamage) = (0, false)
      search = try FLACSearch(part, of: input)
      lose(lost)
      return true
    }
    return false
  }

  /// Goes on behind damage of FLAC, whose frames tell where they belong.
  private mutating func resume() throws(AudioError) -> Bool {
    guard decoder.hasFailed || isBehindDamage else { return false }
    while let run = try search?.next(endingBehind: partPosition, of: input) {
      guard var next = try? SoundDecoder.open(run.part, of: input) else { continue }
      next.drop(partPosition - run.firstSample)
      if adapter != nil {
        adapter = try PartAdapter(from: next, sampleRate: sampleRate, channelCount: channelCount)
      }
      decoder = next
      isBehindDamage = true
      lose(Double(run.firstSample - partPosition) / Double(max(decoder.sampleRate, 1)))
      partPosition = max(run.firstSample, partPosition)
      return true
    }
    return false
  }

  private mutating func lose(_ seconds: Double) {
    let frameCount = Int((seconds * Double(sampleRate)).rounded())
    guard frameCount > 0 else { return }
    damage.add(at: Double(position) / Double(sampleRate), seconds: seconds)
    silence = frameCount
  }

  /// Looks whether another file follows in a pipe.
  private mutating func readOnPipe() throws(AudioError) {
    guard input.program == nil, decoder.frameCount != nil, !decoder.endsEarly else { return }
    input.forget()
    let start = try input.read(16).drop { $0 == 0 }
    guard !start.isEmpty else { return }
    try input.copyRest(after: Array(start))
    let begin = try WaveHeader.endOfChunks(from: 0, of: input)
    guard begin < input.byteCount ?? 0 else { return }
    if begin > 0 { input = try input.copy(of: [begin..<(input.byteCount ?? 0)]) }
    let layout = try SoundLayout(of: &input)
    if FileSignature(try input.bytes(at: 0, count: FileSignature.length)).isKnownSound {
      waiting = layout.parts[...]
      unreadByteCount += layout.unreadByteCount
    } else if input.byteCount ?? 0 > SoundLayout.tolerance {
      unreadByteCount += input.byteCount ?? 0
    }
  }
}

/// How much of a recording is damaged.
struct SoundDamage {
  private(set) var count = 0
  private(set) var seconds = 0.0
  /// Where the first stretch begins, in seconds.
  private(set) var firstOffset = 0.0

  mutating func add(at offset: Double, seconds: Double) {
    if count == 0 { firstOffset = offset }
    count += 1
    self.seconds += seconds
  }
}

extension SoundPart {
  /// How much sound is damaged in front of what a decoder reads of it, in seconds.
  fileprivate func lostSeconds(before decoder: borrowing SoundDecoder) -> Double {
    guard let secondsWithDamage, let frameCount = decoder.frameCount else { return lostSeconds }
    let lost = secondsWithDamage - Double(frameCount) / Double(max(decoder.sampleRate, 1))
    return (0...Double(SoundPart.longestLoss)).contains(lost) ? lost : 0
  }
}
