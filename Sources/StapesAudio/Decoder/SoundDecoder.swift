internal import CSndFile
internal import StapesContainers

/// A sound file that libsndfile decodes, frame by frame.
///
/// It owns libsndfile's handle, with which the file is closed. One task uses it at a time.
@safe
struct SoundDecoder: ~Copyable {
  /// Frames per second.
  let sampleRate: Int
  /// The number of interleaved channels.
  let channelCount: Int
  /// The number of frames that can be read; nil when the file does not tell.
  var frameCount: Int?
  /// Container and encoding, in words.
  let formatName: String
  /// The number of bytes of a frame; nil for encodings that do not store samples one by one.
  let frameByteCount: Int?
  /// Whether seeking leads exactly to the frame asked for.
  let seeksExactly: Bool
  /// The number of frames that there should be, by the header; nil when it does not tell.
  var promisedFrameCount: Int?
  /// Whether the container shows that its end is missing.
  var endsEarly = false
  /// Whether decoding met an error so far.
  private(set) var hasFailed = false
  /// How many blocks of MPEG audio, of 576 frames each, it could not decode, as far as its messages
  /// are kept.
  private(set) var lostBlockCount = 0

  private let isMPEG: Bool
  private let handle: OpaquePointer

  /// Opens a file whose header says what it holds.
  ///
  /// - Throws: `refusal` when libsndfile cannot.
  init(_ input: consuming InputFile, orThrow refusal: AudioError) throws(AudioError) {
    try self.init(input, as: SF_INFO(), orThrow: refusal)
  }

  /// Opens bare samples, from a byte of a file on, or where a pipe stands.
  init(
    _ input: consuming InputFile, as format: RawFormat, startingAt offset: Int = 0,
    frameCount: Int?
  ) throws(AudioError) {
    var info = SF_INFO()
    info.format = CInt(SF_FORMAT_RAW) | format.encoding.soundFormat
    info.samplerate = CInt(format.sampleRate)
    info.channels = CInt(format.channelCount)
    try self.init(input, as: info, orThrow: .implausibleRawFormat(format.description))
    self.frameCount = frameCount
    promisedFrameCount = frameCount
    if offset > 0 {
      var start = sf_count_t(offset)
      let size = CInt(MemoryLayout<sf_count_t>.size)
      unsafe sf_command(handle, CInt(SFC_SET_RAW_START_OFFSET), &start, size)
      unsafe sf_seek(handle, 0, CInt(SF_SEEK_SET))
    }
  }

  private init(
    _ input: consuming InputFile, as request: SF_INFO, orThrow refusal: AudioError
  ) throws(AudioError) {
    var info = request
    // It closes the descriptor when it fails, even where it was told to leave that to its caller.
    let descriptor = try input.duplicateDescriptor()
    let mode = CInt(SFM_READ)
    DecoderMessages.begin()
    let opened = unsafe sf_open_fd(descriptor, mode, &info, CInt(SF_TRUE))
    _ = DecoderMessages.end()
    guard let handle = unsafe opened else { throw refusal }
    unsafe self.handle = handle
    sampleRate = Int(info.samplerate)
    channelCount = Int(info.channels)
    frameCount = info.frames == sf_count_t.max ? nil : Int(info.frames)
    promisedFrameCount = frameCount
    let container = info.format & CInt(SF_FORMAT_TYPEMASK)
    let encoding = info.format & CInt(SF_FORMAT_SUBMASK)
    formatName = "\(Self.name(of: container)), \(Self.name(of: encoding))"
    frameByteCount = Self.sampleByteCount(of: encoding).map { $0 * Int(info.channels) }
    // After seeking, libmpg123 does not stand where it says.
    isMPEG = container == CInt(SF_FORMAT_MPEG)
    seeksExactly = info.seekable != 0 && !isMPEG
  }

  deinit { unsafe sf_close(handle) }

  /// Decodes the next frames, interleaved, into the start of a block.
  ///
  /// - Returns: the number of frames, fewer than asked for only at the end.
  /// - Precondition: the block has room for them.
  mutating func read(_ count: Int, into block: inout [Float]) -> Int {
    precondition(count * channelCount <= block.count, "\(count) frames into \(block.count)")
    DecoderMessages.begin()
    let frameCount = Int(unsafe sf_readf_float(handle, &block, sf_count_t(count)))
    lostBlockCount += DecoderMessages.end()
    if isMPEG { silenceDamage(&block, frameCount * channelCount) }
    // A frame that does not fit its checksum may come as silence.
    if unsafe sf_error(handle) != CInt(SF_ERR_NO_ERROR) { hasFailed = true }
    return frameCount
  }

  /// Replaces samples by silence that are no sound, but what is made of damaged frames.
  private func silenceDamage(_ block: inout [Float], _ count: Int) {
    for index in 0..<count where !(block[index].magnitude <= SoundFile.plausiblePeak) {
      block[index] = 0
    }
  }

  /// Decodes some frames for nothing.
  mutating func drop(_ count: Int) {
    var block = [Float](repeating: 0, count: 1 << 12)
    var left = count
    while left > 0 {
      let frameCount = read(min(left, block.count / channelCount), into: &block)
      if frameCount == 0 { return }
      left -= frameCount
    }
  }

  /// Goes to a frame counted from the start.
  ///
  /// - Returns: whether that worked.
  mutating func seek(to frame: Int) -> Bool {
    unsafe sf_seek(handle, sf_count_t(frame), CInt(SF_SEEK_SET)) == sf_count_t(frame)
  }

  private static func sampleByteCount(of encoding: CInt) -> Int? {
    switch Int(encoding) {
    case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_ULAW, SF_FORMAT_ALAW: 1
    case SF_FORMAT_PCM_16: 2
    case SF_FORMAT_PCM_24: 3
    case SF_FORMAT_PCM_32, SF_FORMAT_FLOAT: 4
    case SF_FORMAT_DOUBLE: 8
    default: nil
    }
  }

  private static func name(of format: CInt) -> String {
    var info = unsafe SF_FORMAT_INFO()
    unsafe info.format = format
    let size = CInt(unsafe MemoryLayout<SF_FORMAT_INFO>.size)
    guard unsafe sf_command(nil, CInt(SFC_GET_FORMAT_INFO), &info, size) == 0,
      let name = unsafe info.name
    else { return "unknown" }
    return unsafe String(cString: name)
  }
}

/// What decoders write to the C library's stream for errors.
package enum DecoderMessages {
  /// From now on keeps it from there: it counts as damage of the sound instead.
  ///
  /// It replaces that stream for the whole process, so it is for programs to decide.
  @inline(never)
  package static func keep() { stapes_keep_messages() }

  // Not to be inlined: each object file would count for itself.
  @inline(never)
  fileprivate static func begin() { stapes_begin_decoding() }

  /// Returns how many messages there were.
  @inline(never)
  fileprivate static func end() -> Int { Int(stapes_end_decoding()) }
}

extension RawFormat.Encoding {
  /// libsndfile's code of the encoding.
  fileprivate var soundFormat: CInt {
    switch self {
    case .s8: CInt(SF_FORMAT_PCM_S8)
    case .u8: CInt(SF_FORMAT_PCM_U8)
    case .s16le: CInt(SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE)
    case .s16be: CInt(SF_FORMAT_PCM_16 | SF_ENDIAN_BIG)
    case .s24le: CInt(SF_FORMAT_PCM_24 | SF_ENDIAN_LITTLE)
    case .s24be: CInt(SF_FORMAT_PCM_24 | SF_ENDIAN_BIG)
    case .s32le: CInt(SF_FORMAT_PCM_32 | SF_ENDIAN_LITTLE)
    case .s32be: CInt(SF_FORMAT_PCM_32 | SF_ENDIAN_BIG)
    case .f32le: CInt(SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE)
    case .f32be: CInt(SF_FORMAT_FLOAT | SF_ENDIAN_BIG)
    case .f64le: CInt(SF_FORMAT_DOUBLE | SF_ENDIAN_LITTLE)
    case .f64be: CInt(SF_FORMAT_DOUBLE | SF_ENDIAN_BIG)
    case .ulaw: CInt(SF_FORMAT_ULAW)
    case .alaw: CInt(SF_FORMAT_ALAW)
    }
  }
}
