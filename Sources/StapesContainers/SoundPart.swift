/// A part of a file that one decoder reads from its beginning to its end.
package struct SoundPart: Equatable {
  /// Its bytes in the file, in order.
  package var ranges: [Range<Int>]
  /// What a decoder needs in front and the file does not have there.
  package var front: [UInt8] = []
  /// How much sound in front of it is damaged, in seconds.
  package var lostSeconds = 0.0
  /// How much sound it and damage in front of it make together, in seconds, where that is what is
  /// known.
  package var secondsWithDamage: Double?
  /// Whether its end is missing.
  package var endsEarly = false
  /// Whether it is FLAC that lies in pages of Ogg, of which the bytes are what is left without them.
  var isUnpackedFLAC = false

  /// The number of bytes that it takes of the file.
  package var byteCount: Int { ranges.reduce(0) { $0 + $1.count } }

  /// No more than this is taken for damaged, in seconds; times farther off are of another recording.
  package static let longestLoss = 600
}

/// What lies in a file, one after another.
///
/// Files are joined by people (`cat a.mp3 b.mp3`) and by recorders of what is broadcast, and
/// damaged in the middle; decoders stop at such places.
package struct SoundLayout {
  /// The parts, at least one.
  package private(set) var parts: [SoundPart] = []
  /// The number of bytes in front of the parts and behind them that are nothing that is known.
  package private(set) var unreadByteCount = 0
  /// Whether one decoder can read the whole file as it is.
  package private(set) var isPlain = false

  /// What one decoder reads as it is.
  package static func plain(_ byteCount: Int, unreadByteCount: Int = 0) -> SoundLayout {
    SoundLayout(
      parts: [SoundPart(ranges: [0..<byteCount])], unreadByteCount: unreadByteCount, isPlain: true)
  }

  private init(parts: [SoundPart], unreadByteCount: Int, isPlain: Bool) {
    self.parts = parts
    self.unreadByteCount = unreadByteCount
    self.isPlain = isPlain
  }

  /// The parts of one format, where they end, and how many bytes before that nothing reads.
  struct Parts {
    var parts: [SoundPart]
    var end: Int
    var unreadByteCount = 0
  }

  /// How far from where the first sound should begin it is looked for.
  private static let longestGap = 1 << 16
  /// This many bytes behind the sound are not worth a word.
  package static let tolerance = 1 << 10

  /// Looks through a file that can seek.
  package init(of input: inout InputFile) throws(AudioError) {
    let byteCount = input.byteCount ?? 0
    var window = ByteWindow()
    var offset = 0
    while offset < byteCount {
      let found = try Self.parts(at: offset, of: &input, &window)
      if let found, found.end > offset {
        parts += found.parts
        unreadByteCount += found.unreadByteCount
        offset = found.end
        continue
      }
      let begin = try window.endOfZeros(from: offset, of: input)
      let limit = parts.isEmpty ? min(begin + Self.longestGap, byteCount) : byteCount
      let next = try Self.nextStart(after: offset, zerosTo: begin, to: limit, of: input, &window)
      guard let next else { break }
      // Zero bytes are missed by nobody.
      unreadByteCount += max(next - begin, 0)
      offset = next
    }
    let rest = byteCount - offset
    if parts.isEmpty {
      parts = [SoundPart(ranges: [0..<byteCount])]
      unreadByteCount = 0
    } else if rest + unreadByteCount > Self.tolerance,
      try !Self.isEmpty(from: offset, of: input, &window)
    {
      unreadByteCount += rest
    }
    isPlain =
      unreadByteCount == 0 && parts.count == 1 && parts[0] == SoundPart(ranges: [0..<offset])
  }

  /// Looks through a file, and replaces it by what is in it where that is packed.
  package static func unpacking(_ input: inout InputFile) throws(AudioError) -> SoundLayout {
    let packed = try SoundLayout(of: &input)
    guard packed.parts.allSatisfy(\.isUnpackedFLAC) else { return packed }
    input = try input.copy(of: packed.parts.flatMap(\.ranges))
    var layout = try SoundLayout(of: &input)
    layout.unreadByteCount += packed.unreadByteCount
    return layout
  }

  /// The parts of the format that begins at an offset; nil where none does.
  private static func parts(
    at offset: Int, of input: inout InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Parts? {
    let start = try window.slice(FileSignature.length, at: offset, of: input)
    switch FileSignature(Array(start)) {
    case .ogg: return try OggPages.parts(from: offset, of: input, &window)
    case .mpeg: return try MPEGStream.parts(from: offset, of: input, &window)
    case .sound("FLAC"): return try FLACFrame.parts(from: offset, of: input, &window)
    case .sound("WAV"): return try WaveHeader.parts(from: offset, of: &input, &window)
    case .sound: return try SoundLength.parts(from: offset, of: input, &window)
    case .foreignSound, .notSound, .unknown: return nil
    }
  }

  /// Where sound of a known kind begins behind an offset.
  private static func nextStart(
    after offset: Int, zerosTo begin: Int, to limit: Int, of input: borrowing InputFile,
    _ window: inout ByteWindow
  ) throws(AudioError) -> Int? {
    // What names itself as something else is that, whatever may be found in it.
    let start = try window.slice(FileSignature.length, at: offset, of: input)
    switch FileSignature(Array(start)) {
    case FileSignature.zeros: ()
    case .foreignSound where offset == 0, .notSound where offset == 0: return nil
    default: ()
    }
    let first = try window.slice(FileSignature.length, at: begin, of: input)
    if begin > offset, FileSignature(Array(first)).isKnownSound { return begin }
    // The last zeros may begin a box.
    return try nextFile(from: max(offset + 1, begin - 4), to: limit, of: input, &window)
  }
}
