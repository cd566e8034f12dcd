/// How thoroughly a recogniser searches, and how many readings it returns.
public struct RecognitionOptions: Codable, Sendable, Equatable {
  /// How many beginnings of a text the search keeps at a time; 1 takes the best class of each frame.
  public var beamWidth: Int
  /// How many different readings of a clip are returned at most, best first.
  public var hypothesisCount: Int
  /// Whether any word may be written, also by a model that has a vocabulary of its own.
  public var allowsAnyWord: Bool

  /// Makes options.
  public init(beamWidth: Int = 8, hypothesisCount: Int = 1, allowsAnyWord: Bool = false) {
    self.beamWidth = beamWidth
    self.hypothesisCount = hypothesisCount
    self.allowsAnyWord = allowsAnyWord
  }

  /// Checks that the settings are within their ranges.
  ///
  /// - Throws: `RecognitionError.settingOutOfRange`.
  public func validate() throws(RecognitionError) {
    let settings = [
      ("beam width", beamWidth, 1...10_000), ("number of hypotheses", hypothesisCount, 1...1000),
    ]
    for (name, found, allowed) in settings where !allowed.contains(found) {
      throw .settingOutOfRange(name: name, found: found, allowed: allowed)
    }
  }
}
