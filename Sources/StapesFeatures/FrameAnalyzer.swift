internal import StapesKernels

/// Turns frames of samples into features without deltas.
///
/// It works on blocks of a few frames in buffers of its own, so that nothing is allocated while it
/// runs and a block stays in the processor's cache.
struct FrameAnalyzer: ~Copyable {
  private static let blockLength = 32

  private var configuration: FeatureConfiguration
  private let window: FrameWindow
  private var fft: RealFFT
  private let melBands: MelFilterBank
  private var filterBank: BandedMatrix  // [bands × bins]
  private let cosines: BandedMatrix?  // [coefficients × bands]

  private var frames: Matrix  // [block × frame length]
  private var energies: Matrix  // [block × 1]
  private var spectra: Matrix  // [block × bins]
  private var bands: Matrix  // [block × bands]
  private var cepstra: Matrix  // [block × coefficients]

  /// Prepares the other tables.
  ///
  /// - Parameters:
  ///   - configuration: with options in their ranges.
  ///   - melBands: its mel bands for any warp.
  ///   - filterBank: those for its warp.
  init(
    _ configuration: FeatureConfiguration, melBands: MelFilterBank, filterBank: BandedMatrix
  ) {
    self.configuration = configuration
    self.melBands = melBands
    self.filterBank = filterBank
    let (options, mel) = (configuration.frames, configuration.mel)
    window = FrameWindow(
      window: options.window.weights(length: configuration.frameLength),
      preemphasis: options.preemphasis, removesMean: options.removesMean,
      energy: configuration.energy == .windowed ? .windowed : .raw)
    fft = RealFFT(frameLength: configuration.transformLength)
    cosines = configuration.cepstrum.map { cepstrum in
      let rows = CosineTransform.rows(
        cepstrum, bandCount: mel.bandCount, c0Position: configuration.energyPosition)
      return BandedMatrix(bands: rows, columnCount: mel.bandCount)
    }
    func block(_ columnCount: Int) -> Matrix {
      Matrix(rowCount: Self.blockLength, columnCount: columnCount)
    }
    frames = block(configuration.frameLength)
    energies = block(1)
    spectra = block(fft.binCount)
    bands = block(mel.bandCount)
    cepstra = block(cosines?.rowCount ?? 0)
  }

  /// Takes a configuration that differs in its hop and its frequency warp alone; all tables but the
  /// mel bands stay.
  ///
  /// - Throws: what `FeatureConfiguration.validate()` throws.
  mutating func vary(to configuration: FeatureConfiguration) throws(FeatureError) {
    try configuration.validateRanges()
    if configuration.mel.warp != self.configuration.mel.warp {
      filterBank = try melBands.matrix(warp: configuration.mel.warp)
    }
    self.configuration = configuration
  }

  /// Computes consecutive frames.
  ///
  /// - Parameters:
  ///   - count: how many frames.
  ///   - samples: the samples, scaled.
  ///   - start: the index in `samples` of the first frame's first sample.
  ///   - rows: receives the features at its end, frame after frame.
  mutating func append(
    _ count: Int, of samples: [Float], at start: Int, to rows: inout [Float]
  ) {
    let hopLength = configuration.hopLength
    for first in stride(from: 0, to: count, by: Self.blockLength) {
      let blockCount = min(Self.blockLength, count - first)
      analyze(blockCount, of: samples, at: start + first * hopLength)
      append(blockCount, to: &rows)
    }
  }

  /// Fills the buffers for one block.
  private mutating func analyze(_ count: Int, of samples: [Float], at start: Int) {
    window.cut(
      count, from: samples, at: start, hopLength: configuration.hopLength, into: &frames,
      energies: &energies.values)
    fft.takePowerSpectra(ofFirst: count, in: frames, into: &spectra)
    if configuration.mel.spectrum == .magnitude {
      spectra.takeSquareRoots(ofFirst: count)
    }
    filterBank.multiply(first: count, of: spectra, into: &bands)
    bands.takeLogarithms(ofFirst: count, floor: configuration.energyFloor)
    cosines?.multiply(first: count, of: bands, into: &cepstra)
    if configuration.energy != nil {
      energies.takeLogarithms(ofFirst: count, floor: configuration.energyFloor)
    }
  }

  /// Joins one block's coefficients and energies.
  private func append(_ count: Int, to rows: inout [Float]) {
    let coefficients = cosines == nil ? bands : cepstra
    guard configuration.energy != nil else {
      rows += coefficients.values[..<(count * coefficients.columnCount)]
      return
    }
    let comesFirst = configuration.energyPosition == .first
    for row in 0..<count {
      var kept = coefficients.row(row)
      if cosines != nil { kept = comesFirst ? kept.dropFirst() : kept.dropLast() }
      if comesFirst { rows.append(energies[row, 0]) }
      rows += kept
      if !comesFirst { rows.append(energies[row, 0]) }
    }
  }
}
