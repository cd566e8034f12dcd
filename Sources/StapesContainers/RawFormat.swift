/// What a file of bare samples, without a header, holds.
///
/// Written as `encoding:rate:channels`, such as `s16le:16000:1`; one channel when left off.
public struct RawFormat: Codable, Sendable, Equatable {
  /// How one sample is stored.
  public enum Encoding: String, Codable, Sendable, Equatable, CaseIterable {
    /// Signed 8-bit integers.
    case s8
    /// Unsigned 8-bit integers, 128 being zero.
    case u8
    /// Signed 16-bit integers, lowest byte first.
    case s16le
    /// Signed 16-bit integers, highest byte first.
    case s16be
    /// Signed 24-bit integers, lowest byte first.
    case s24le
    /// Signed 24-bit integers, highest byte first.
    case s24be
    /// Signed 32-bit integers, lowest byte first.
    case s32le
    /// Signed 32-bit integers, highest byte first.
    case s32be
    /// 32-bit floats, lowest byte first.
    case f32le
    /// 32-bit floats, highest byte first.
    case f32be
    /// 64-bit floats, lowest byte first.
    case f64le
    /// 64-bit floats, highest byte first.
    case f64be
    /// 8-bit µ-law (ITU-T G.711).
    case ulaw
    /// 8-bit A-law (ITU-T G.711).
    case alaw

    /// The number of bytes of one sample.
    public var byteCount: Int {
      switch self {
      case .s8, .u8, .ulaw, .alaw: 1
      case .s16le, .s16be: 2
      case .s24le, .s24be: 3
      case .s32le, .s32be, .f32le, .f32be: 4
      case .f64le, .f64be: 8
      }
    }
  }

  /// How one sample is stored.
  public let encoding: Encoding
  /// Frames per second.
  public let sampleRate: Int
  /// The number of interleaved channels.
  public let channelCount: Int

  /// The number of bytes of one frame: one sample of each channel.
  public var frameByteCount: Int { encoding.byteCount * channelCount }

  /// Makes a description.
  ///
  /// - Throws: `AudioError.implausibleRawFormat` when the rate or the channel count is outside what
  ///   `AudioOptions` allows.
  public init(encoding: Encoding, sampleRate: Int, channelCount: Int = 1) throws(AudioError) {
    self.encoding = encoding
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    guard AudioOptions.allowedSampleRates.contains(sampleRate),
      AudioOptions.allowedChannelCounts.contains(channelCount)
    else { throw .implausibleRawFormat(description) }
  }

  /// Reads a description such as `s16le:16000:1`.
  ///
  /// - Throws: `AudioError.unsupportedRawFormat` when it is not of that form, and
  ///   `AudioError.implausibleRawFormat` for numbers out of range.
  public init(parsing description: String) throws(AudioError) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count),
      let encoding = Encoding(rawValue: parts[0].lowercased()),
      let sampleRate = Int(parts[1]),
      let channelCount = parts.count == 3 ? Int(parts[2]) : 1
    else { throw .unsupportedRawFormat(description) }
    try self.init(encoding: encoding, sampleRate: sampleRate, channelCount: channelCount)
  }
}

extension RawFormat: CustomStringConvertible {
  /// The form that `init(parsing:)` reads.
  public var description: String { "\(encoding.rawValue):\(sampleRate):\(channelCount)" }
}
