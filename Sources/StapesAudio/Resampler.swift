internal import CSoxr
internal import StapesContainers

/// Changes the sample rate of a stream of samples, each interleaved channel by itself.
///
/// A linear-phase band-limited interpolation with 20 bits of precision (the SoX resampler library,
/// "high quality"). Its delay is compensated: output sample k lies at the time k / `targetRate`,
/// and n samples give n · `targetRate` / `sourceRate`, rounded. How the stream is cut into pieces
/// does not change a bit of the result, and equal rates leave the samples as they are. It owns
/// soxr's state and frees it.
@safe
public struct Resampler: ~Copyable {
  /// The rate of the samples that go in, in hertz.
  public let sourceRate: Int
  /// The rate of the samples that come out, in hertz.
  public let targetRate: Int

  private let channelCount: Int
  private let state: soxr_t
  private var isFinished = false

  /// Makes a resampler of mono samples.
  ///
  /// - Throws: `AudioError.unsupportedTargetRate` for a target rate outside
  ///   `AudioOptions.allowedSampleRates`, `AudioError.cannotResample` when soxr refuses.
  /// - Precondition: the source rate is within `AudioOptions.allowedSampleRates`.
  public init(from sourceRate: Int, to targetRate: Int) throws(AudioError) {
    try self.init(from: sourceRate, to: targetRate, channelCount: 1)
  }

  /// Makes a resampler of interleaved channels.
  init(from sourceRate: Int, to targetRate: Int, channelCount: Int) throws(AudioError) {
    precondition(AudioOptions.allowedSampleRates.contains(sourceRate), "\(sourceRate) Hz")
    guard AudioOptions.allowedSampleRates.contains(targetRate) else {
      throw .unsupportedTargetRate(targetRate)
    }
    var quality = unsafe soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
    var failure: soxr_error_t?
    guard
      let state = unsafe soxr_create(
        Double(sourceRate), Double(targetRate), UInt32(channelCount), &failure, nil, &quality, nil)
    else {
      let reason = unsafe failure.map { unsafe String(cString: $0) } ?? "out of memory"
      throw .cannotResample(from: sourceRate, to: targetRate, reason: reason)
    }
    unsafe self.state = state
    self.sourceRate = sourceRate
    self.targetRate = targetRate
    self.channelCount = channelCount
  }

  deinit { unsafe soxr_delete(state) }

  /// Takes the next samples of the stream.
  ///
  /// - Returns: the samples that are ready by now; often fewer or more than the rates suggest,
  ///   none for a while at the start.
  /// - Precondition: `finish()` was not called.
  public mutating func append(_ samples: some Collection<Float>) -> [Float] {
    let samples = Array(samples)
    precondition(!isFinished, "samples after the end of the stream")
    var result: [Float] = []
    var used = 0
    while used < samples.count {
      let done = unsafe samples.withUnsafeBufferPointer { input in
        unsafe process(UnsafeBufferPointer(rebasing: input[used...]), into: &result)
      }
      used += done
    }
    return result
  }

  /// Ends the stream.
  ///
  /// - Returns: the samples that were still to come.
  /// - Precondition: it is called once.
  public mutating func finish() -> [Float] {
    precondition(!isFinished, "a stream ends once")
    isFinished = true
    var result: [Float] = []
    var previous = -1
    while result.count > previous {
      previous = result.count
      _ = unsafe process(nil, into: &result)
    }
    return result
  }

  /// Resamples a whole clip.
  ///
  /// - Returns: the samples at the target rate.
  /// - Throws: as `init(from:to:)`.
  /// - Precondition: the source rate is within `AudioOptions.allowedSampleRates`.
  public static func resample(
    _ samples: [Float], from sourceRate: Int, to targetRate: Int
  ) throws(AudioError) -> [Float] {
    var resampler = try Resampler(from: sourceRate, to: targetRate)
    var result = resampler.append(samples)
    result += resampler.finish()
    return result
  }

  /// Hands soxr some samples, or the end of the stream, and appends what it returns.
  private mutating func process(
    _ input: UnsafeBufferPointer<Float>?, into result: inout [Float]
  ) -> Int {
    var (taken, made) = (0, 0)
    let room = 1 << 14
    let output = unsafe [Float](
      unsafeUninitializedCapacity: room * channelCount
    ) { buffer, filled in
      let failure = unsafe soxr_process(
        state, input?.baseAddress, (input?.count ?? 0) / channelCount, &taken, buffer.baseAddress,
        room, &made)
      precondition(unsafe failure == nil, "soxr failed after it was made")
      filled = made * channelCount
    }
    result += output
    return taken * channelCount
  }
}
