internal import StapesContainers

/// A sound file, or standard input, that is read block by block as mono samples, or as those of
/// each of its channels.
///
/// It reads WAV, RF64, FLAC, Ogg Vorbis and Opus, MP3, AIFF and whatever else libsndfile knows,
/// and bare samples when told what they are. Memory is bounded by the size of the blocks. WAV and
/// bare samples from a pipe are decoded as they arrive; other formats need to seek, so that a pipe
/// is first copied to a temporary file. One task uses it at a time.
public struct SoundFile: ~Copyable {
  /// How the file was named; "-" is standard input.
  public let path: String
  /// The rate of the samples that `read(frameCount:)` returns, in hertz.
  public let sampleRate: Int
  /// What is odd about the file, as far as it was read by now.
  public var warnings: [AudioWarning] { noted.map(\.warning) }

  private let limit: TimeLimit
  private var decoder: SoundStream
  private var resampler: Resampler?
  private let channel: AudioOptions.Channel
  /// How many channels are read: all of the file, or one that its channels are made to.
  package let trackCount: Int
  /// The warnings, some of which concern only one of several channels that are read.
  private var noted: [(track: Int?, warning: AudioWarning)] = []
  private var mixer: ChannelMixer
  /// The number of frames of the file that lie behind.
  private var position: Int
  /// The number of frames of the file up to the samples that were handed to the resampler.
  private var mixedPosition: Int
  /// The frames that are read; to the end of the file when the upper bound is `Int.max`.
  private let segment: Range<Int>
  private var isAtEnd = false
  /// The channels in which a sample was found that is far beyond full scale.
  private var beyond: Set<Int> = []
  /// Decoded frames, interleaved.
  private var block: [Float] = []
  /// Samples that the resampler returned beyond what was asked for.
  private var leftover: [Float] = []

  /// The rate of the file, in hertz.
  public var sourceRate: Int { decoder.sampleRate }
  /// The number of channels of the file.
  public var sourceChannelCount: Int { decoder.channelCount }
  /// The number of frames of the file; nil when it does not tell before it is read to the end.
  public var sourceFrameCount: Int? { decoder.frameCount }
  /// Container and encoding, in words.
  public var formatName: String { decoder.formatName }

  /// Opens a file, or a segment of it.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - options: rate and channel of the samples, the format of a file without header, and what
  ///     decodes it.
  ///   - offset: where the segment starts, in seconds.
  ///   - duration: how long the segment is, in seconds; nil for all that follows.
  /// - Throws: every case of `AudioError` that concerns opening a file or its options.
  public init(
    contentsOf path: String, options: AudioOptions = AudioOptions(), offset: Double = 0,
    duration: Double? = nil
  ) throws(AudioError) {
    try self.init(
      contentsOf: path, options: options, offset: offset, duration: duration,
      splitsChannels: false)
  }

  /// The same, where each channel may be read, rather than that of the options.
  package init(
    contentsOf path: String, options: AudioOptions, offset: Double, duration: Double?,
    splitsChannels: Bool
  ) throws(AudioError) {
    try options.validate()
    try self.init(InputFile(path: path), options, offset, duration, splitsChannels: splitsChannels)
  }

  /// Reads from a file descriptor, which stays open, as from standard input.
  package init(
    fileDescriptor: CInt, options: AudioOptions = AudioOptions(), offset: Double = 0,
    duration: Double? = nil
  ) throws(AudioError) {
    try options.validate()
    let input = try InputFile(duplicating: fileDescriptor, path: "-")
    try self.init(input, options, offset, duration, splitsChannels: false)
  }

  private init(
    _ input: consuming InputFile, _ options: AudioOptions, _ offset: Double, _ duration: Double?,
    splitsChannels: Bool
  ) throws(AudioError) {
    let path = input.path
    let limit = TimeLimit(path: path, seconds: options.timeout)
    var decoder = try SoundStream.open(input, options, within: limit)
    let sourceRate = decoder.sampleRate
    let channelCount = decoder.channelCount
    if case .index(let index) = options.channel, !splitsChannels,
      !(0..<channelCount).contains(index)
    {
      throw .channelOutOfRange(path: path, index: index, channelCount: channelCount)
    }
    let segment = try decoder.startSegment(offset: offset, duration: duration, path: path)
    let sampleRate = options.sampleRate ?? sourceRate
    let trackCount = splitsChannels ? channelCount : 1
    let resampler =
      sampleRate == sourceRate
      ? nil : try Resampler(from: sourceRate, to: sampleRate, channelCount: trackCount)
    self.path = path
    self.limit = limit
    self.sampleRate = sampleRate
    self.channel = options.channel
    self.segment = segment
    self.position = segment.lowerBound
    self.mixedPosition = segment.lowerBound
    self.mixer = ChannelMixer(channelCount: channelCount, sampleRate: sourceRate)
    self.trackCount = trackCount
    self.noted =
      sampleRate == sourceRate ? [] : [(nil, .resampled(from: sourceRate, to: sampleRate))]
    self.decoder = decoder
    self.resampler = resampler
  }

  /// The next samples: as many as asked for, fewer only at the end, none after it; where several
  /// channels are read, as many of each, interleaved.
  ///
  /// From a pipe, it waits until they have arrived. They are in -1...1 for all integer formats;
  /// decoded lossy formats and float files may go somewhat beyond.
  ///
  /// - Throws: `AudioError.nonFiniteSample`, `.timedOut` and `.cancelled`. What cannot be decoded ends
  ///   the file, with a warning.
  /// - Precondition: `frameCount` is at least 1.
  public mutating func read(frameCount: Int) throws(AudioError) -> [Float] {
    precondition(frameCount >= 1, "\(frameCount) frames")
    try limit.check()
    let wanted = min(frameCount, Int.max / trackCount) * trackCount
    var samples = leftover
    leftover = []
    samples.reserveCapacity(min(wanted, expectedCount * trackCount))
    while samples.count < wanted, !isAtEnd {
      try addSamples(about: (wanted - samples.count) / trackCount, to: &samples)
    }
    if samples.count > wanted {
      leftover = Array(samples[wanted...])
      samples.removeLast(leftover.count)
    }
    return samples
  }
}

extension SoundFile {
  /// Manifests round durations; only more than this, in seconds, is worth a warning.
  private static let durationTolerance = 0.1
  /// Decoders of lossy formats overshoot full scale a little, never this far.
  static let plausiblePeak: Float = 4
  /// The length of the block of interleaved samples that is decoded at once.
  private static let blockLength = 1 << 14
  /// Memory for no more samples than this is set aside before they are there.
  private static let mostExpected = 1 << 26

  /// The number of frames of the file, counted by decoding it where its header does not tell.
  ///
  /// - Precondition: nothing was read so far.
  mutating func countFrames() throws(AudioError) -> Int {
    if let count = sourceFrameCount { return count }
    while !isAtEnd { _ = try readFrames(atMost: Self.blockLength) }
    return position
  }

  /// The warnings that concern one of the channels that are read, counted from 0.
  package func warnings(ofTrack track: Int) -> [AudioWarning] {
    noted.filter { ($0.track ?? track) == track }.map(\.warning)
  }

  private mutating func note(_ warning: AudioWarning) { noted.append((nil, warning)) }

  /// Why there is not one sample.
  var emptiness: AudioError {
    if segment.lowerBound == 0 { return .noFrames(path: path) }
    let end = Double(position) / Double(sourceRate)
    return .segmentOutsideFile(path: path, offset: end, fileDuration: end)
  }

  /// About how many samples are still to come, at most so many as a header is believed.
  private var expectedCount: Int {
    let frameCount = min(segment.upperBound, sourceFrameCount ?? 0) - position
    let count = Double(max(frameCount, 0)) * Double(sampleRate) / Double(sourceRate)
    return Int(min(count, Double(Self.mostExpected))) + Self.blockLength
  }

  /// Decodes and, if asked for, resamples a block that gives about a number of samples.
  private mutating func addSamples(
    about count: Int, to samples: inout [Float]
  ) throws(AudioError) {
    let wanted = Double(count) * Double(sourceRate) / Double(sampleRate)
    let frameCount = try readFrames(atMost: Int(min(wanted.rounded(.up), Double(Self.blockLength))))
    let made = mixed(frameCount: frameCount)
    try check(made, firstFrame: mixedPosition)
    mixedPosition += made.count / trackCount
    guard resampler != nil else { return samples += made }
    samples += resampler?.append(made) ?? []
    if isAtEnd { samples += resampler?.finish() ?? [] }
  }

  /// The samples of the frames in `block`, as far as it is known what they are mixed to.
  private mutating func mixed(frameCount: Int) -> ArraySlice<Float> {
    if sourceChannelCount == trackCount { return block[..<(frameCount * trackCount)] }
    guard channel == .mix else {
      return channel.samples(
        of: block, frameCount: frameCount, channelCount: sourceChannelCount)[...]
    }
    let before = mixer.taken
    let mono = mixer.append(block[..<(frameCount * sourceChannelCount)], isLast: isAtEnd)[...]
    if let taken = mixer.taken, before == nil {
      note(.cancellingChannels(path: path, taken: taken + 1))
    }
    return mono
  }

  /// Decodes frames into `block` and notes when the segment or the file ends.
  private mutating func readFrames(atMost count: Int) throws(AudioError) -> Int {
    if block.isEmpty { block = [Float](repeating: 0, count: Self.blockLength) }
    let end = min(segment.upperBound, sourceFrameCount ?? Int.max)
    let wanted = min(count, end - position, Self.blockLength / sourceChannelCount)
    let frameCount = wanted > 0 ? try decoder.read(wanted, into: &block) : 0
    position += frameCount
    isAtEnd = frameCount == 0 || position == end
    if isAtEnd { noteDamage() }
    if isAtEnd, position < segment.upperBound { noteEndOfFile() }
    return frameCount
  }

  /// Warns of damaged stretches.
  private mutating func noteDamage() {
    if let taken = decoder.taken, channel == .mix, trackCount == 1, mixer.taken == nil {
      note(.cancellingChannels(path: path, taken: taken + 1))
    }
    let damage = decoder.damage
    if damage.count > 0 {
      note(
        .damaged(
          path: path, count: damage.count, firstOffset: damage.firstOffset,
          seconds: damage.seconds))
    }
  }

  /// Warns of what was not read, and when the file ended before its header says or before the
  /// segment does.
  private mutating func noteEndOfFile() {
    let rate = Double(sourceRate)
    if decoder.unreadByteCount > 0 {
      note(.unread(path: path, byteCount: decoder.unreadByteCount))
    }
    if let reason = decoder.failure {
      note(.decoderFailed(path: path, reason: reason))
    }
    let promised = decoder.promisedFrameCount.flatMap { $0 > position ? Double($0) / rate : nil }
    let missing = Double(segment.upperBound - position) / rate
    if promised != nil || decoder.endsEarly {
      note(
        .truncated(path: path, read: Double(position) / rate, promised: promised))
    } else if segment.upperBound != Int.max, missing > Self.durationTolerance {
      let asked = Double(segment.count) / rate
      note(.segmentCutShort(path: path, read: asked - missing, asked: asked))
    }
  }

  /// Refuses samples that are not finite, and warns of those that are far beyond full scale.
  private mutating func check(
    _ samples: ArraySlice<Float>, firstFrame: Int
  ) throws(AudioError) {
    // Without the sign bit, the patterns of floats are in the order of their magnitudes, and
    // those of infinities and NaN come last; an integer maximum is one vector instruction.
    var most: Int32 = 0
    for sample in samples { most = max(most, Int32(sample.bitPattern & 0x7FFF_FFFF)) }
    let largest = UInt32(most)
    if largest >= Float.infinity.bitPattern {
      let index = samples.firstIndex { !$0.isFinite } ?? samples.startIndex
      let frame = firstFrame + (index - samples.startIndex) / trackCount
      throw .nonFiniteSample(path: path, frame: frame)
    }
    guard Float(bitPattern: largest) > Self.plausiblePeak else { return }
    for track in 0..<trackCount where !beyond.contains(track) {
      let places = stride(from: samples.startIndex + track, to: samples.endIndex, by: trackCount)
      let peak = places.reduce(0) { max($0, samples[$1].magnitude) }
      guard peak > Self.plausiblePeak else { continue }
      beyond.insert(track)
      noted.append((track, .beyondFullScale(path: path, peak: peak)))
    }
  }
}
