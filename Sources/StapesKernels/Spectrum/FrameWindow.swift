internal import CKernels

/// Cuts overlapping frames out of samples, removes their mean, emphasises their high frequencies
/// and applies a window, all in one pass.
///
/// For a frame x with mean m (0 unless `removesMean`) and window w:
///
///     y[0] = (1 - preemphasis) · (x[0] - m) · w[0]
///     y[n] = ((x[n] - m) - preemphasis · (x[n-1] - m)) · w[n]
public struct FrameWindow: Sendable, Equatable {
  /// Which sum of squares is a frame's energy.
  public enum Energy: Sendable {
    /// That of x - m, before pre-emphasis and window.
    case raw
    /// That of y, after them.
    case windowed
  }

  /// The window w; its count is the length of a frame.
  public let window: [Float]
  /// The share of the preceding sample that is subtracted from each sample, 0 for none.
  public let preemphasis: Float
  /// Whether each frame's mean is subtracted first.
  public let removesMean: Bool
  /// Which sum of squares is a frame's energy.
  public let energy: Energy

  /// Makes the window's plan.
  ///
  /// - Precondition: the window is not empty.
  public init(window: [Float], preemphasis: Float, removesMean: Bool, energy: Energy) {
    precondition(!window.isEmpty, "an empty window")
    self.window = window
    self.preemphasis = preemphasis
    self.removesMean = removesMean
    self.energy = energy
  }

  /// Cuts consecutive frames out of samples.
  ///
  /// - Parameters:
  ///   - count: how many frames.
  ///   - samples: the samples.
  ///   - start: the index in `samples` of the first frame's first sample.
  ///   - hopLength: the samples from one frame's start to the next one's.
  ///   - frames: [at least count × window.count], receives y in its first rows.
  ///   - energies: at least `count` values, receives the energies at its start.
  public func cut(
    _ count: Int, from samples: [Float], at start: Int, hopLength: Int,
    into frames: inout Matrix, energies: inout [Float]
  ) {
    guard count > 0 else { return }
    let end = start + (count - 1) * hopLength + window.count
    precondition(
      start >= 0 && hopLength >= 0 && end <= samples.count,
      "samples \(start)..<\(end) of \(samples.count)")
    precondition(
      count <= frames.rowCount && frames.columnCount == window.count && count <= energies.count,
      "\(count) frames of \(window.count) into [\(frames.rowCount) x \(frames.columnCount)]")
    let measuresWindowed = energy == .windowed
    unsafe frames.values.withUnsafeMutableBufferPointer { frames in
      unsafe energies.withUnsafeMutableBufferPointer { energies in
        unsafe samples.withUnsafeBufferPointer { samples in
          guard let samples = samples.baseAddress else { return }
          unsafe stapes_window_frames(
            samples + start, hopLength, count, window, window.count, preemphasis, removesMean,
            measuresWindowed, frames.baseAddress, energies.baseAddress)
        }
      }
    }
  }
}
