internal import StapesContainers

extension SoundDecoder {
  /// Opens a part of a file that can seek.
  static func open(
    _ part: SoundPart, of input: borrowing InputFile
  ) throws(AudioError) -> SoundDecoder {
    var decoder = try open(input.copy(of: part.ranges, after: part.front), rawFormat: nil)
    decoder.endsEarly = decoder.endsEarly || part.endsEarly
    return decoder
  }

  /// Opens whatever sound an input holds, and finds out how much its header promises.
  ///
  /// - Parameter countsFrames: whether MPEG audio that does not tell its length is counted.
  static func open(
    _ source: consuming InputFile, rawFormat: RawFormat?, countsFrames: Bool = true
  ) throws(AudioError) -> SoundDecoder {
    var input = source
    if input.byteCount == 0 { throw .emptyFile(path: input.path) }
    if let rawFormat {
      let frameCount = input.byteCount.map { $0 / rawFormat.frameByteCount }
      return try SoundDecoder(input, as: rawFormat, frameCount: frameCount)
    }
    let start = try input.read(12)
    if start.isEmpty { throw .emptyFile(path: input.path) }
    if let header = try WaveHeader(after: start, from: &input) {
      return try openWave(input, header)
    }
    return try openOther(input, countsFrames)
  }

  /// Opens a WAV file, or a pipe that stands at the first byte of its sound.
  static func openWave(
    _ source: consuming InputFile, _ header: WaveHeader
  ) throws(AudioError) -> SoundDecoder {
    var input = source
    let path = input.path
    // libsndfile refuses some of these without saying why.
    try checkPlausible(header.sampleRate, header.channelCount, path: path)
    if let format = try header.rawFormat() {
      guard let fileByteCount = input.byteCount else {
        let frameCount = header.dataByteCount.map { $0 / format.frameByteCount }
        return try SoundDecoder(input, as: format, frameCount: frameCount)
      }
      let isUnfinished = try header.isUnfinished(in: &input)
      if isUnfinished || header.isBW64 {
        try input.seek(to: 0)
        let offset = header.dataOffset
        let available = fileByteCount - offset
        let stated = header.dataByteCount ?? available
        var decoder = try SoundDecoder(
          input, as: format, startingAt: offset,
          frameCount: min(stated, available) / format.frameByteCount)
        decoder.endsEarly = isUnfinished
        decoder.promise(
          SoundLength(offset: offset, byteCount: stated), fileByteCount: fileByteCount)
        return decoder
      }
    }
    try input.seek(to: 0)
    let fileByteCount = input.byteCount ?? 0
    let refusal =
      Codec.foreignWave(header.formatTag).map {
        AudioError.unsupportedAudio(path: path, kind: "WAV with \($0)")
      }
      ?? .damaged(path: path, format: "WAV")
    var decoder = try SoundDecoder(input, orThrow: refusal)
    if let byteCount = header.dataByteCount {
      let length = SoundLength(offset: header.dataOffset, byteCount: byteCount)
      decoder.promise(length, fileByteCount: fileByteCount)
    }
    return decoder
  }

  /// Opens a file of any other format; a pipe is copied first, since their decoders seek.
  private static func openOther(
    _ source: consuming InputFile, _ countsFrames: Bool
  ) throws(AudioError) -> SoundDecoder {
    var input = source
    let path = input.path
    try input.seek(to: 0)
    var signature = FileSignature(try input.read(FileSignature.length))
    if signature == FileSignature.zeros {
      var window = ByteWindow()
      let end = try window.endOfZeros(from: 0, of: input)
      let isAll = end >= input.byteCount ?? 0
      if !isAll { signature = .notSound("zero bytes with nothing that is known behind them") }
    }
    if !signature.mayBeDecoded { throw signature.refusal(path: path) }
    let refusal =
      try Codec.foreign(in: &input).map { .unsupportedAudio(path: path, kind: $0) }
      ?? signature.refusal(path: path)
    var length: SoundLength?
    var endsEarly = false
    var isEstimate = false
    switch signature {
    case .ogg: endsEarly = try OggPages.endEarly(in: &input)
    case .mpeg where countsFrames: (endsEarly, isEstimate) = try completeMPEG(&input)
    default: length = try SoundLength(in: &input)
    }
    try input.seek(to: 0)
    let fileByteCount = input.byteCount ?? 0
    var decoder = try SoundDecoder(input, orThrow: refusal)
    try checkPlausible(decoder.sampleRate, decoder.channelCount, path: path)
    decoder.endsEarly = endsEarly
    if isEstimate { decoder.promisedFrameCount = nil }
    if let length { decoder.promise(length, fileByteCount: fileByteCount) }
    return decoder
  }

  /// Makes sure that an MP3 file says how many frames it has.
  ///
  /// - Returns: whether the last frame is incomplete, and whether the length stays an estimate.
  private static func completeMPEG(
    _ input: inout InputFile
  ) throws(AudioError) -> (endsEarly: Bool, isEstimate: Bool) {
    guard let stream = try MPEGStream(in: &input), !stream.tellsFrameCount else {
      return (false, false)
    }
    let (frameCount, endsEarly) = try stream.countFrames(in: &input)
    guard stream.first.isLayerThree else { return (endsEarly, true) }
    try input.seek(to: stream.offset)
    try input.copyRest(after: stream.countHeader(frameCount: frameCount))
    return (endsEarly, false)
  }

  private static func checkPlausible(
    _ sampleRate: Int, _ channelCount: Int, path: String
  ) throws(AudioError) {
    if !AudioOptions.allowedSampleRates.contains(sampleRate) {
      throw .implausibleSampleRate(path: path, rate: sampleRate)
    }
    if !AudioOptions.allowedChannelCounts.contains(channelCount) {
      throw .implausibleChannelCount(path: path, count: channelCount)
    }
  }

  /// Notes how many frames the header promises, if the file ends before they do, and that there are
  /// no more than those.
  private mutating func promise(_ length: SoundLength, fileByteCount: Int) {
    let available = fileByteCount - length.offset
    if let count = frameCount, let frameByteCount, length.byteCount > 0 {
      frameCount = min(count, (length.byteCount + frameByteCount - 1) / frameByteCount)
      promisedFrameCount = frameCount
    }
    guard let frameCount, available > 0, length.byteCount > available else { return }
    guard length.byteCount < 1 << 48 else { return endsEarly = true }
    let promised =
      frameByteCount.map { length.byteCount / $0 }
      ?? Int(Double(frameCount) * Double(length.byteCount) / Double(available))
    promisedFrameCount = max(frameCount, promised)
  }
}
