extension FeatureConfiguration {
  /// Checks that the options can be met.
  ///
  /// - Throws: `FeatureError.outOfRange`, `.melRange`, `.warp`, `.emptyMelBand` or
  ///   `.moreCoefficientsThanBands`.
  public func validate() throws(FeatureError) {
    try validateRanges()
    _ = try filterBank.matrix(warp: mel.warp)
  }

  /// The weights of the mel bands, for any warp.
  var filterBank: MelFilterBank {
    MelFilterBank(mel, sampleRate: sampleRate, transformLength: transformLength)
  }

  /// Checks all but whether each mel band has a bin.
  func validateRanges() throws(FeatureError) {
    try check("sampleRate", Double(sampleRate), 1_000...768_000)
    try validateFrames()
    try check("energyFloor", Double(energyFloor), Double(Float.leastNormalMagnitude)...1e30)
    try validateMel()
    if let cepstrum {
      try check("cepstrum.coefficientCount", Double(cepstrum.coefficientCount), 1...1_024)
      try check("cepstrum.lifter", cepstrum.lifter, 0...1_000)
      guard cepstrum.coefficientCount <= mel.bandCount else {
        throw .moreCoefficientsThanBands(
          coefficientCount: cepstrum.coefficientCount, bandCount: mel.bandCount)
      }
    }
    if let deltas {
      try check("deltas.order", Double(deltas.order), 1...2)
      try check("deltas.window", Double(deltas.window), 1...100)
    }
  }

  private func validateFrames() throws(FeatureError) {
    let sampleSeconds = 1 / Double(sampleRate)
    try check("frames.frameSeconds", frames.frameSeconds, 2 * sampleSeconds...10)
    try check("frames.hopSeconds", frames.hopSeconds, sampleSeconds...10)
    // By the decimals that it is written in: the nearest number of 32 bits may lie below them.
    try check("frames.sampleScale", Double("\(frames.sampleScale)") ?? .nan, 1e-6...1e6)
    try check("frames.preemphasis", Double(frames.preemphasis), 0...1)
    if let dither = frames.dither {
      try check("frames.dither.amplitude", Double(dither.amplitude), 0...1e6)
    }
  }

  private func validateMel() throws(FeatureError) {
    try check("mel.bandCount", Double(mel.bandCount), 1...1_024)
    let (lowest, highest) = (mel.lowestFrequency, mel.highestFrequency)
    let nyquist = Double(sampleRate) / 2
    guard lowest >= 0, lowest < highest, highest <= nyquist else {
      throw .melRange(lowest: lowest, highest: highest, nyquist: nyquist)
    }
    if let warp = mel.warp {
      let corners = (warp.lowerCorner, warp.upperCorner)
      guard warp.factor > 0, corners.0 < corners.1,
        lowest < min(corners.0, corners.0 / warp.factor),
        max(corners.1, corners.1 / warp.factor) < highest
      else { throw .warp(warp, lowest: lowest, highest: highest) }
    }
  }

  private func check(
    _ option: String, _ found: Double, _ allowed: ClosedRange<Double>
  ) throws(FeatureError) {
    guard allowed.contains(found) else {
      throw .outOfRange(option: option, found: found, allowed: allowed)
    }
  }
}
