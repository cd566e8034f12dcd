internal import Glibc
internal import StapesDecoding
internal import StapesKernels
internal import StapesModel
internal import StapesTranscript

extension Recognizer {
  /// The readings of a clip or utterance, best first and at least one, and why the best is empty;
  /// nil where it is not.
  ///
  /// Silence, and steady sound in which the best reading is not probable, have only an empty one. A
  /// list of phrases of which one was said for certain is always heeded.
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
      return (
        hypotheses(
          of: [Reading(text: "", hypothesis: nothing)], in: logProbabilities, samples: samples),
        reason
      )
    }
    if mayBeEmpty || tellsClasses, logProbabilities.rowCount == 0 { return empty(.short) }
    if mayBeEmpty, SoundJudgement.isSilent(samples) { return empty(.silence) }
    let readings =
      found.map(readings(of:)) ?? readings(of: logProbabilities, language: language)
    let best = readings[0]
    if mayBeEmpty, !best.text.isEmpty,
      best.hypothesis.logProbability < log(SoundJudgement.sureProbability),
      SoundJudgement.isSteady(samples, sampleRate: sampleRate) == true
    {
      return empty(.noise)
    }
    let found = hypotheses(of: readings, in: logProbabilities, samples: samples)
    guard best.text.isEmpty else { return (found, nil) }
    return (found, choosesPhrases ? .unlisted : .blank)
  }

  /// Whether sound is speech for certain, whatever is read in it: neither silence nor steady, and
  /// long enough to tell.
  func isSpeech(_ samples: [Float]) -> Bool {
    !SoundJudgement.isSilent(samples)
      && SoundJudgement.isSteady(samples, sampleRate: sampleRate) == false
  }
}
