internal import Glibc

/// How the learning rate moves over a training run: a linear warm-up, then one of several shapes.
///
/// With progress p in 0...1 and warm-up fraction w, the rate is `peak · p / w` for p < w. From there
/// a cosine has `peak · (f + (1 − f) · (1 + cos π(p − w)/(1 − w)) / 2)`, f the final fraction;
/// the other shapes have `peak`, which the run halves where it has cause. The rate depends on the
/// share of the run that is done, not on a count of steps, so that it fits a corpus of any size.
/// Loshchilov and Hutter, "SGDR", 2017.
public struct LearningRateSchedule: Codable, Sendable, Equatable {
  /// How the rate goes on after the warm-up.
  public enum Shape: String, Codable, Sendable, CaseIterable {
    /// Half a cosine down to the final fraction.
    case cosine
    /// As it is.
    case constant
    /// Halved whenever validation has not become better for some epochs.
    case plateau
  }

  /// The largest rate, reached at the end of the warm-up.
  public var peak: Double
  /// The share of the run over which the rate rises from 0, in 0..<1.
  public var warmUpFraction: Double
  /// The rate at the end of a cosine as a share of the peak, in 0...1.
  public var finalFraction: Double
  /// How the rate goes on after the warm-up.
  public var shape: Shape
  /// How many epochs without progress halve the rate of `Shape.plateau`.
  public var plateauEpochs: Int

  /// Makes a schedule.
  public init(
    peak: Double, warmUpFraction: Double = 0.1, finalFraction: Double = 0.01,
    shape: Shape = .cosine, plateauEpochs: Int = 3
  ) {
    self.peak = peak
    self.warmUpFraction = warmUpFraction
    self.finalFraction = finalFraction
    self.shape = shape
    self.plateauEpochs = plateauEpochs
  }

  /// The rate at one moment of the run, before any halving.
  ///
  /// - Parameter progress: the share of the run that is done; values outside 0...1 are clamped.
  public func rate(at progress: Double) -> Double {
    let progress = min(max(progress, 0), 1)
    guard progress >= warmUpFraction else { return peak * progress / warmUpFraction }
    guard shape == .cosine else { return peak }
    let decayed = (progress - warmUpFraction) / (1 - warmUpFraction)
    return peak * (finalFraction + (1 - finalFraction) * (1 + cos(.pi * decayed)) / 2)
  }
}
