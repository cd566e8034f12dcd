/// Why features cannot be computed as asked.
public enum FeatureError: Error, Equatable, Sendable {
  /// An option lies outside its range.
  case outOfRange(option: String, found: Double, allowed: ClosedRange<Double>)
  /// The mel bands do not lie between 0 and the Nyquist frequency, lowest below highest; all in
  /// hertz.
  case melRange(lowest: Double, highest: Double, nyquist: Double)
  /// A mel band, counted from 0, is so narrow that no bin of the Fourier transform lies in it.
  case emptyMelBand(index: Int, bandCount: Int, transformLength: Int)
  /// The three pieces of the frequency warp do not rise from the lowest to the highest frequency;
  /// all in hertz, but for the factor.
  case warp(FrequencyWarp, lowest: Double, highest: Double)
  /// There are more cepstral coefficients than mel bands.
  case moreCoefficientsThanBands(coefficientCount: Int, bandCount: Int)
  /// The means or deviations of a normalisation are not one for each feature.
  case normalizationSize(meanCount: Int, deviationCount: Int, columnCount: Int)
  /// A normalisation over the whole clip was asked of a stream, whose end is not known.
  case needsWholeClip
}

extension FeatureError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .outOfRange(let option, let found, let allowed):
      """
      The feature option \(option) is \(found); give a value from \(allowed.lowerBound) to \
      \(allowed.upperBound).
      """
    case .melRange(let lowest, let highest, let nyquist):
      """
      The mel bands reach from \(lowest) to \(highest) Hz; they must rise from at least 0 Hz to at \
      most \(nyquist) Hz, half the sample rate.
      """
    case .emptyMelBand(let index, let bandCount, let transformLength):
      """
      Mel band \(index + 1) of \(bandCount) is too narrow for a Fourier transform of \
      \(transformLength) samples; use fewer bands, a wider range or longer frames.
      """
    case .warp(let warp, let lowest, let highest):
      """
      The frequency warp by \(warp.factor) between \(warp.lowerCutoff) and \(warp.upperCutoff) Hz \
      does not fit the range of \(lowest) to \(highest) Hz; move the cut-offs away from its ends, \
      or the factor towards 1.
      """
    case .moreCoefficientsThanBands(let coefficientCount, let bandCount):
      """
      \(coefficientCount) cepstral coefficients cannot come from \(bandCount) mel bands; use fewer \
      coefficients or more bands.
      """
    case .normalizationSize(let meanCount, let deviationCount, let columnCount):
      """
      The normalisation has \(meanCount) means and \(deviationCount) deviations for \
      \(columnCount) features; it belongs to another front end.
      """
    case .needsWholeClip:
      """
      Normalisation per clip needs the whole clip before its first frame, so it cannot be used on \
      a stream; use a global or a sliding one.
      """
    }
  }
}
