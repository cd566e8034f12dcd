internal import StapesFeatures
internal import StapesModel
internal import StapesNetwork
internal import StapesStreaming

/// How a stream of sound is divided into utterances.
public struct StreamOptions: Codable, Sendable, Equatable {
  /// Whether partial texts of an utterance are reported before its end.
  public var wantsPartials: Bool
  /// How long a pause ends an utterance, in seconds.
  ///
  /// A pause is where the model finds no letter and the sound is far below the loudest of the
  /// utterance; where it is not, in noise, twice the time without a letter ends it too.
  public var pauseSeconds: Double
  /// After this many seconds an utterance ends between two words, also without a pause.
  public var longestSeconds: Double
  /// An utterance of fewer seconds goes on beyond a pause.
  var shortestSeconds = 0.0
  /// How often a model that reads in both directions looks at what is new, in seconds.
  var stepSeconds = 0.5

  /// Makes options.
  public init(
    wantsPartials: Bool = true, pauseSeconds: Double = 0.6, longestSeconds: Double = 30
  ) {
    self.wantsPartials = wantsPartials
    self.pauseSeconds = pauseSeconds
    self.longestSeconds = longestSeconds
  }

  /// Checks that the settings are within their ranges.
  ///
  /// - Throws: `RecognitionError.secondsOutOfRange`.
  public func validate() throws(RecognitionError) {
    let settings = [
      ("pause that ends an utterance", pauseSeconds, 0.1...10.0),
      ("longest utterance", longestSeconds, 2.0...600.0),
    ]
    for (name, found, allowed) in settings where !allowed.contains(found) {
      throw .secondsOutOfRange(name: name, found: found, allowed: allowed)
    }
  }

  /// For long recordings, of which only the whole is wanted: large parts, large windows.
  static let recording: StreamOptions = {
    var options = StreamOptions(wantsPartials: false, longestSeconds: 60)
    options.shortestSeconds = 20
    options.stepSeconds = 20
    return options
  }()

  /// How windows are laid for a model that needs them.
  func windows(for model: SpeechModel) -> WindowedNetwork.Layout {
    let rate = model.outputRate
    func outputs(_ seconds: Double) -> Int { max(1, Int((seconds * rate).rounded())) }
    return WindowedNetwork.Layout(
      step: outputs(stepSeconds), longest: outputs(max(stepSeconds, 10)), context: outputs(2),
      lookahead: outputs(wantsPartials ? 0.3 : 2), pause: outputs(pauseSeconds / 2))
  }
}

extension SpeechModel {
  /// How many outputs the network makes of a second of sound.
  var outputRate: Double {
    Double(features.sampleRate) / Double(features.hopLength * network.configuration.stride)
  }
}
