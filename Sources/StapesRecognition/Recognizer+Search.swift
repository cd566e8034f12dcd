internal import Glibc
internal import StapesAudio
internal import StapesCTC
package import StapesDecoding
package import StapesKernels
package import StapesModel
internal import StapesStreaming
internal import StapesText
internal import StapesTranscript

extension Recognizer {
  /// The transcript of a clip.
  ///
  /// - Parameters:
  ///   - clip: the clip, at the model's rate.
  ///   - logProbabilities: what the network makes of it, natural logs, [outputs × classes].
  func transcript(of clip: AudioClip, _ logProbabilities: Matrix) -> Transcript {
    let (hypotheses, reason) = judgedHypotheses(of: logProbabilities, samples: clip.samples)
    return Transcript(
      hypotheses: hypotheses, seconds: clip.duration, warnings: clip.warnings, emptyReason: reason)
  }

  /// What a clip or utterance holds, best first and at least one, and why the best is empty; nil
  /// where it is not.
  ///
  /// Silence, and steady sound in which the best hypothesis is not probable, have only an empty
  /// one. A list of phrases of which one was said for certain always gives a phrase.
  ///
  /// - Parameters:
  ///   - logProbabilities: what the network makes of it, [outputs × classes].
  ///   - samples: its sound at the model's rate, by which words are timed where they are wanted.
  ///   - found: what a search has found in it, best first; nil where it is still to be searched.
  ///   - isSpeech: whether it is known to be speech.
  func judgedHypotheses(
    of logProbabilities: Matrix, samples: [Float], found: [Hypothesis]? = nil,
    isSpeech: Bool = false
  ) -> (hypotheses: [Transcript.Hypothesis], reason: Transcript.EmptyReason?) {
    // Silence and noise may be classes of their own.
    let tellsClasses = model.outputs.labels != nil
    let mayBeEmpty =
      !isSpeech && !tellsClasses && !(choosesPhrases && options.unknownMargin == .infinity)
    func empty(
      _ reason: Transcript.EmptyReason
    ) -> ([Transcript.Hypothesis], Transcript.EmptyReason?) {
      let blanks = (0..<logProbabilities.rowCount).reduce(0.0) {
        $0 + Double(logProbabilities[$1, 0])
      }
      let nothing = Hypothesis(labels: [], logProbability: blanks)
      return (written([(nothing, "")], in: logProbabilities, samples: samples), reason)
    }
    if mayBeEmpty || tellsClasses, logProbabilities.rowCount == 0 { return empty(.short) }
    if mayBeEmpty, SpeechDetector.isSilent(samples) { return empty(.silence) }
    let hypotheses =
      found.map(distinct) ?? hypotheses(in: logProbabilities, language: language)
    let isEmpty = hypotheses[0].text.isEmpty
    if mayBeEmpty, !isEmpty,
      hypotheses[0].found.logProbability < log(SpeechDetector.sureProbability),
      SpeechDetector.isSteady(samples, sampleRate: sampleRate) == true
    {
      return empty(.noise)
    }
    let reason = isEmpty ? choosesPhrases ? Transcript.EmptyReason.unlisted : .blank : nil
    return (written(hypotheses, in: logProbabilities, samples: samples), reason)
  }

  /// Whether sound is speech for certain, whatever is recognised in it: neither silence nor steady,
  /// and long enough to tell.
  func isSpeech(_ samples: [Float]) -> Bool {
    !SpeechDetector.isSilent(samples)
      && SpeechDetector.isSteady(samples, sampleRate: sampleRate) == false
  }
}

// MARK: - Search

extension Recognizer {
  /// What a search has found, and its text.
  package typealias ReadHypothesis = (found: Hypothesis, text: String)

  /// The hypotheses of a clip, [outputs × classes], best first; at least one, and each text once.
  package func hypotheses(
    in logProbabilities: Matrix, language: LanguageFusion?
  ) -> [ReadHypothesis] {
    if model.outputs.labels != nil { return classes(in: logProbabilities).map(read) }
    if let phrases { return hypotheses(in: logProbabilities, among: phrases).map(read) }
    let found =
      decoder(language: language)?
      .decode(logProbabilities, hypothesisCount: options.hypothesisCount)
      ?? [GreedyDecoder(dependents: model.dependents).decode(logProbabilities)]
    return distinct(found)
  }

  /// The first hypothesis of each text; at least one.
  private func distinct(_ found: [Hypothesis]) -> [ReadHypothesis] {
    var texts: Set<String> = []
    let hypotheses = found.map(read).filter { texts.insert($0.text).inserted }
    return hypotheses.isEmpty
      ? [(Hypothesis(labels: [], logProbability: -.infinity), "")] : hypotheses
  }

  /// The classes that a clip may be of, the most probable first; of equals the first in the model.
  ///
  /// - Parameter logProbabilities: [1 × classes]; no row for a clip shorter than a frame.
  /// - Returns: at least one, whose only label is the class; one without labels for no row.
  private func classes(in logProbabilities: Matrix) -> [Hypothesis] {
    guard logProbabilities.rowCount > 0 else {
      return [Hypothesis(labels: [], logProbability: 0)]
    }
    let ranked = (0..<logProbabilities.columnCount).sorted {
      (logProbabilities[0, $1], $0) < (logProbabilities[0, $0], $1)
    }
    return ranked.prefix(options.hypothesisCount).map { label in
      let logProbability = Double(logProbabilities[0, label])
      return Hypothesis(
        labels: [label], logProbability: logProbability, posterior: exp(logProbability))
    }
  }

  /// The phrases that a clip may hold, best first, after an empty hypothesis where none was said.
  ///
  /// - Parameters:
  ///   - logProbabilities: [outputs × classes].
  ///   - phrases: the phrases.
  private func hypotheses(
    in logProbabilities: Matrix, among phrases: PhraseDecoder
  ) -> [Hypothesis] {
    var logProbabilities = logProbabilities
    if let priors = model.labelPriors, model.vocabulary == nil {
      logProbabilities = priors.discounted(logProbabilities, weight: LabelPriors.usualWeight)
    }
    let all = phrases.decode(logProbabilities)
    let best = all.first?.logProbability ?? -.infinity
    let sum = all.reduce(0) { $0 + exp($1.logProbability - best) }
    var found = Array(all.prefix(options.hypothesisCount))
    for index in found.indices {
      found[index].posterior = exp(found[index].logProbability - best) / sum
    }
    let free =
      BeamDecoder(options: beam(width: BeamOptions.usualWidth)).decode(logProbabilities).first
      ?? Hypothesis(labels: [], logProbability: -.infinity)
    let margin = options.unknownMargin * Double(max(free.labels.count, 1))
    if found.isEmpty || best < free.logProbability - margin {
      found.insert(Hypothesis(labels: [], logProbability: free.logProbability), at: 0)
    }
    return Array(found.prefix(options.hypothesisCount))
  }

  /// The search that is asked for; nil where the best class of each output is taken.
  package func decoder(language: LanguageFusion?) -> BeamDecoder? {
    if language == nil, lexicon == nil, options.beamWidth == 1, options.hypothesisCount == 1 {
      return nil
    }
    guard let language else {
      return BeamDecoder(options: beam(width: BeamOptions.usualWidth), lexicon: lexicon)
    }
    var beam = beam(width: language.predicts ? Self.predictedBeamWidth : Self.wideBeamWidth)
    beam.adapt()
    return BeamDecoder(options: beam, language: language)
  }

  /// A beam of the width that is asked for, or another.
  private func beam(width: Int) -> BeamOptions {
    BeamOptions(
      beamWidth: max(options.beamWidth ?? width, options.hypothesisCount),
      dependents: model.dependents)
  }
}

// MARK: - Text and words

extension Recognizer {
  /// A hypothesis with its text, or the class that it names.
  private func read(_ found: Hypothesis) -> ReadHypothesis {
    if let classes = model.outputs.labels {
      return (found, found.labels.first.map { classes[$0] } ?? "")
    }
    return (found, text(of: found.labels))
  }

  /// The text of labels that stand for characters.
  ///
  /// Spaces are characters to the network: it may write several, or one at an end.
  package func text(of labels: [Int]) -> String {
    model.alphabet.text(of: labels).split(separator: " ").joined(separator: " ")
  }

  /// How its probabilities become confidences; they are those of the model, so that each search,
  /// with a language model or without, has a calibration of its own.
  var calibration: ConfidenceCalibration {
    (language == nil ? model.calibration : model.languageCalibration) ?? ConfidenceCalibration()
  }

  /// Hypotheses as transcripts have them, with their words where they are wanted.
  ///
  /// - Parameters:
  ///   - hypotheses: the hypotheses.
  ///   - logProbabilities: what they were found in, [outputs × classes].
  ///   - samples: the sound of the clip.
  func written(
    _ hypotheses: [ReadHypothesis], in logProbabilities: Matrix, samples: [Float]
  ) -> [Transcript.Hypothesis] {
    guard model.outputs.labels == nil else {
      return hypotheses.map { writtenClass($0, $1, samples: samples) }
    }
    let times =
      options.wantsWords || options.splitsChannels ? WordTimes(of: samples, model: model) : nil
    return hypotheses.map { hypothesis, text in
      let labels = hypothesis.labels
      let alignment = times.flatMap { _ in
        CTC.words(logProbabilities: logProbabilities, labels: labels, separator: model.separator)
      }
      return Transcript.Hypothesis(
        text: text, logProbability: hypothesis.logProbability,
        languageScore: hypothesis.languageScore, posterior: hypothesis.posterior,
        confidence: alignment.map {
          calibration.texts.confidence(of: $0.logProbability, length: labels.count)
        } ?? 0,
        words: alignment.flatMap { times?.words(of: $0, calibration: calibration.words) } ?? [])
    }
  }

  /// A class takes all of its clip, and each word of its name as much of it as the others.
  private func writtenClass(
    _ hypothesis: Hypothesis, _ text: String, samples: [Float]
  ) -> Transcript.Hypothesis {
    let confidence = hypothesis.posterior ?? 0
    let words = options.wantsWords ? text.split(separator: " ") : []
    let seconds = Double(samples.count) / Double(sampleRate) / Double(max(words.count, 1))
    return Transcript.Hypothesis(
      text: text, logProbability: hypothesis.logProbability, posterior: hypothesis.posterior,
      confidence: confidence,
      words: words.enumerated().map { index, word in
        Transcript.Word(
          text: String(word), start: Double(index) * seconds, end: Double(index + 1) * seconds,
          confidence: confidence, characters: [])
      })
  }
}

extension SpeechModel {
  /// Makes sure that the model writes characters.
  ///
  /// - Parameter what: what needs them, in the plural.
  /// - Throws: `RecognitionError.noCharacters`.
  package func requireCharacters(for what: String) throws(RecognitionError) {
    guard outputs.labels == nil else { throw .noCharacters(neededFor: what) }
  }
}

extension ConfidenceCurve {
  /// The confidence in a text of some natural log-probability.
  func confidence(of logProbability: Double, length: Int) -> Double {
    confidence(probability: min(exp(logProbability), 1), length: length)
  }
}
