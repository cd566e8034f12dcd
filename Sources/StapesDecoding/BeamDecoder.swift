public import StapesKernels

/// Prefix beam search.
public struct BeamDecoder: Sendable {
  /// How wide to search, and what to leave out.
  public var options: BeamOptions

  /// Makes a decoder.
  public init(options: BeamOptions = BeamOptions()) {
    self.options = options
  }

  public func decode(_ logProbabilities: Matrix, hypothesisCount: Int = 1) -> [Hypothesis] {
    [Hypothesis(labels: [], logProbability: 0)]
  }
}

/// How wide a beam search goes, and what it leaves out.
public struct BeamOptions: Codable, Sendable, Equatable {
  /// The most prefixes kept after each frame.
  public var beamWidth: Int
  /// Prefixes whose log-probability is further than this below the best are left out.
  public var scoreMargin: Double?
  /// Classes less probable than this (natural logarithm) in a frame are left out of that frame.
  public var classFloor: Double?

  /// Makes options; without arguments only the beam width prunes.
  public init(
    beamWidth: Int = 100, scoreMargin: Double? = nil, classFloor: Double? = nil
  ) {
    self.beamWidth = beamWidth
    self.scoreMargin = scoreMargin
    self.classFloor = classFloor
  }
}
