public import StapesAudio
internal import StapesCTC
internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
internal import StapesModel
internal import StapesText

extension Recognizer {
  /// The longest clip that is explained, in seconds: what a page can show.
  private static let longestExplained = 120

  /// Tells why a clip is read as it is.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: as `transcribe(contentsOf:audio:)` takes it.
  ///   - text: the text to explain, as anyone would write it; nil for the best reading.
  /// - Throws: `RecognitionError.audio`, `.clipTooLong`, `.unwritablePhrase` for a text with a
  ///   character that the model does not write, `.textTooLong` for one that the clip cannot hold.
  public func explanation(
    contentsOf path: String, audio: AudioOptions = AudioOptions(), text: String? = nil
  ) throws(RecognitionError) -> Explanation {
    let clip = try clip(sound(contentsOf: path, audio: audio))
    guard clip.duration <= Double(Self.longestExplained) else {
      throw .clipTooLong(path: path, seconds: clip.duration, limit: Self.longestExplained)
    }
    let logProbabilities = logProbabilities(of: [clip])[0]
    let readings = readings(of: logProbabilities, language: language)
    let transcript = Transcript(
      hypotheses: readings.map {
        hypothesis(of: $0, in: logProbabilities, seconds: clip.duration)
      },
      seconds: clip.duration, warnings: clip.warnings)
    let labels = try text.map(labels) ?? readings[0].hypothesis.labels
    let timing = OutputTiming(model)
    return Explanation(
      transcript: transcript,
      text: try explained(labels, in: logProbabilities, seconds: clip.duration),
      samples: clip.samples, energies: energies(of: clip),
      posteriors: TimedRows(logProbabilities, start: timing.start(of: 0), step: timing.step),
      characters: model.alphabet.characters)
  }

  /// The labels of a text, written as the model writes.
  private func labels(of text: String) throws(RecognitionError) -> [Int] {
    do throws(TextError) {
      return try model.alphabet.labels(of: model.textNormalization.normalized(text))
    } catch .characterOutsideAlphabet(let character, let text) {
      throw .unwritablePhrase(phrase: text, character: character, path: nil)
    } catch {
      preconditionFailure("labels of an alphabet: \(error)")
    }
  }

  private func explained(
    _ labels: [Int], in logProbabilities: Matrix, seconds: Double
  ) throws(RecognitionError) -> ExplainedText {
    let text = model.alphabet.text(of: labels).split(separator: " ").joined(separator: " ")
    guard
      let alignment = WordAlignment(
        labels: labels, logProbabilities: logProbabilities, separator: model.separator)
    else { throw .textTooLong(text: text, seconds: seconds) }
    return ExplainedText(
      text: text, logProbability: -CTC.loss(logits: logProbabilities, labels: labels).loss,
      words: alignment.transcribed(
        alphabet: model.alphabet, timing: OutputTiming(model), seconds: seconds),
      labels: labels, labelOutputs: alignment.labelOutputs)
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
