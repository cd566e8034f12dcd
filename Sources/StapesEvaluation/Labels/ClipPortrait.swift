package import StapesAudio
internal import StapesFeatures
internal import StapesFiles
internal import StapesKernels
package import StapesModel
package import StapesRecognition

/// What a clip sounds like and what it says, as numbers that are near one another for like clips.
package struct ClipPortrait: Sendable, Equatable {
  /// The mean and the standard deviation of each feature, which tell voices and rooms apart; zeros
  /// for a clip shorter than a frame.
  package let sound: [Float]
  /// The shares of pairs of letters in the recognised text between spaces, each pair in one of a fixed
  /// number of classes.
  let text: [Float]

  private static let pairClassCount = 64

  /// Looks at a clip.
  ///
  /// - Parameters:
  ///   - samples: its sound at the model's rate, mono, in -1...1.
  ///   - text: its recognised text.
  ///   - model: the model, whose front end is used.
  package init(of samples: [Float], text: String, model: SpeechModel) {
    self.init(sound: Self.statistics(of: samples, model.features), text: text)
  }

  /// Looks at the beginning of a sound file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - text: its recognised text.
  ///   - recognizer: by whom, at whose rate it is read.
  ///   - audio: how it is read.
  /// - Throws: `RecognitionError.audio`.
  package init(
    of path: String, text: String, by recognizer: Recognizer, _ audio: AudioOptions
  ) throws(RecognitionError) {
    var audio = audio
    audio.sampleRate = recognizer.sampleRate
    let samples = try rethrowing(
      Self.beginning(of: path, audio), as: RecognitionError.audio)
    self.init(of: samples, text: text, model: recognizer.model)
  }

  private static func beginning(
    of path: String, _ audio: AudioOptions
  ) throws(AudioError) -> [Float] {
    var file = try SoundFile(contentsOf: path, options: audio)
    return try file.read(frameCount: Int(LabelSelection.longestSeconds) * file.sampleRate)
  }

  /// Makes one of some statistics of the sound, as many for each clip.
  package init(sound: [Float], text: String) {
    self.sound = sound
    let letters = " \(text) ".unicodeScalars.map { Int($0.value) }
    let share = 1 / Float(letters.count - 1)
    self.text = zip(letters, letters.dropFirst()).reduce(
      into: Array(repeating: 0, count: Self.pairClassCount)
    ) { $0[(31 * $1.0 + $1.1) % Self.pairClassCount] += share }
  }

  private static func statistics(
    of samples: [Float], _ configuration: FeatureConfiguration
  ) -> [Float] {
    guard var extractor = try? FeatureExtractor(configuration: configuration) else {
      preconditionFailure("a model whose front end is not valid")
    }
    let features = extractor.features(of: samples)
    var statistics = FeatureStatistics(columnCount: features.columnCount)
    statistics.add(features)
    return statistics.means + statistics.deviations
  }
}
