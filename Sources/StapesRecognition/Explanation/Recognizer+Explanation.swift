public import StapesAudio
internal import StapesCTC
internal import StapesDecoding
internal import StapesFeatures
internal import StapesFiles
internal import StapesKernels
internal import StapesModel
internal import StapesText
internal import StapesTranscript

extension Recognizer {
  /// The longest clip that is explained, in seconds: what a page can show.
  private static let longestExplained = 120

  /// Tells why a clip is read as it is.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: as `transcribe(contentsOf:audio:threadCount:)` takes it.
  ///   - text: the text to explain, as anyone would write it; nil for the best hypothesis.
  /// - Throws: `RecognitionError.audio`, `.clipTooLong`, `.unwritableTexts` for a text that
  ///   the model cannot write, `.textTooLong` for one that the clip cannot hold.
  public func explanation(
    contentsOf path: String, audio: AudioOptions = AudioOptions(), text: String? = nil
  ) throws(RecognitionError) -> Explanation {
    try model.requireCharacters(for: "explanations")
    let clip = try shortClip(sound(contentsOf: path, audio: audio))
    let logProbabilities = logProbabilities(of: [clip])[0]
    let found = hypotheses(in: logProbabilities, language: language)
    let transcript = Transcript(
      hypotheses: written(found, in: logProbabilities, samples: clip.samples),
      seconds: clip.duration, warnings: clip.warnings)
    var unwritable = UnwritableTexts(path: nil)
    let labels =
      if let text { try labels(of: text, noting: &unwritable) } else {
        found[0].found.labels
      }
    let timing = OutputTiming(model)
    var explanation = Explanation(
      transcript: transcript,
      text: try explained(labels, in: clip, from: logProbabilities),
      samples: clip.samples, energies: energies(of: clip),
      posteriors: TimedRows(logProbabilities, start: timing.start(of: 0), step: timing.step),
      characters: model.alphabet.characters)
    explanation.unwritable = unwritable.isEmpty ? nil : unwritable
    return explanation
  }

  /// Reads a file, but no further than can be explained: a small file may hold days of silence.
  private func shortClip(_ file: consuming SoundFile) throws(RecognitionError) -> AudioClip {
    var sound = file
    let limit = Self.longestExplained * sampleRate
    let samples = try sound.block(limit + 1)
    guard samples.count <= limit else {
      let frameCount = sound.sourceFrameCount ?? 0
      let seconds = max(
        Double(frameCount) / Double(sound.sourceRate), Double(samples.count) / Double(sampleRate))
      throw .clipTooLong(path: sound.path, seconds: seconds, limit: Self.longestExplained)
    }
    return try rethrowing(AudioClip(samples: samples, of: sound), as: RecognitionError.audio)
  }

  /// The labels of a text, written as the model writes.
  private func labels(
    of text: String, noting unwritable: inout UnwritableTexts
  ) throws(RecognitionError) -> [Int] {
    if let written = model.writable(text, skipsLossy: false, noting: &unwritable) {
      return written.labels
    }
    guard unwritable.characters.isEmpty else { throw .unwritableTexts(unwritable) }
    return []
  }

  private func explained(
    _ labels: [Int], in clip: AudioClip, from logProbabilities: Matrix
  ) throws(RecognitionError) -> ExplainedText {
    let text = text(of: labels)
    guard
      let alignment = CTC.words(
        logProbabilities: logProbabilities, labels: labels, separator: model.separator)
    else { throw .textTooLong(text: text, seconds: clip.duration) }
    return ExplainedText(
      text: text, logProbability: alignment.logProbability,
      words: WordTimes(of: clip.samples, model: model).words(
        of: alignment, calibration: calibration.words),
      labels: labels, labelOutputs: alignment.labelFrames)
  }

  /// The logarithms of the mel energies that the model's features are made of.
  private func energies(of clip: AudioClip) -> TimedRows {
    var features = model.features
    (features.cepstrum, features.energy, features.deltas) = (nil, nil, nil)
    guard var extractor = try? FeatureExtractor(configuration: features) else {
      preconditionFailure("a model whose front end is not valid")
    }
    let step = Double(features.hopLength) / Double(features.sampleRate)
    return TimedRows(
      extractor.features(of: clip.samples),
      start: features.middleSeconds(ofFrame: 0) - step / 2, step: step)
  }
}
