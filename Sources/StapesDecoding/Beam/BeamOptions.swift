/// How wide a beam search goes, and what it leaves out.
///
/// The width alone bounds the work; the others leave out more, and are off unless set.
public struct BeamOptions: Codable, Sendable, Equatable {
  /// The most prefixes that are kept after each frame, at least 1.
  public var beamWidth: Int
  /// How far a prefix may be below the best one after each frame, as a difference of natural
  /// log-probabilities of at least 0; nil for any distance.
  public var scoreMargin: Double?
  /// The fewest prefixes that the margin leaves where there are so many, at least 1 and at most the
  /// width.
  public var leastWidth: Int
  /// The natural log-probability, at most 0, that a class must have in a frame for prefixes to be
  /// extended by it there; nil for any.
  ///
  /// Blank and the repetition of a prefix's last label are always followed, and so is what leads
  /// from one prefix in the beam to another.
  public var classFloor: Double?
  /// The labels by which no text and no word begins; nil for none.
  public var dependents: DependentLabels?

  /// The width of a search without a language model, which wider ones hardly improve.
  public static let usualWidth = 8

  /// Makes options.
  public init(
    beamWidth: Int = 100, scoreMargin: Double? = nil, leastWidth: Int = 1,
    classFloor: Double? = nil, dependents: DependentLabels? = nil
  ) {
    self.beamWidth = beamWidth
    self.scoreMargin = scoreMargin
    self.leastWidth = leastWidth
    self.classFloor = classFloor
    self.dependents = dependents
  }

  /// Makes the beam as wide as it may be only where so many texts are about as probable, as suits a
  /// language model: 10 below the best, prefixes are dropped down to 32.
  public mutating func adapt() {
    (scoreMargin, leastWidth) = (10, min(32, beamWidth))
  }

  /// Checks the ranges of all options.
  ///
  /// - Throws: `SearchError.outOfRange` for the first option that is out of its range.
  public func validate() throws(SearchError) {
    guard beamWidth >= 1 else {
      throw .outOfRange(option: "beamWidth", value: Double(beamWidth), allowed: "at least 1")
    }
    guard (1...beamWidth).contains(leastWidth) else {
      throw .outOfRange(
        option: "leastWidth", value: Double(leastWidth), allowed: "1 to the beam width")
    }
    if let scoreMargin, !(scoreMargin >= 0) {
      throw .outOfRange(option: "scoreMargin", value: scoreMargin, allowed: "at least 0")
    }
    if let classFloor, !(classFloor <= 0) {
      throw .outOfRange(option: "classFloor", value: classFloor, allowed: "at most 0")
    }
  }
}

/// What is wrong with the options of a decoder.
public enum SearchError: Error, Equatable, CustomStringConvertible {
  /// An option has a value that it cannot have.
  case outOfRange(option: String, value: Double, allowed: String)

  /// The error in words.
  public var description: String {
    switch self {
    case .outOfRange(let option, let value, let allowed):
      "\(option) is \(value); it must be \(allowed)"
    }
  }
}
