internal import Glibc
internal import StapesCTC
internal import StapesDecoding
internal import StapesKernels
internal import StapesModel
internal import StapesTranscript

/// A text that a clip may hold, and the labels that it was read from.
package struct Reading: Sendable {
  /// The text, its words separated by single spaces.
  package let text: String
  /// The labels and their scores.
  let hypothesis: Hypothesis
  /// How probable it is among the phrases of a list, or among the classes; nil for other texts.
  var posterior: Double?
}

extension Recognizer {
  /// Readings as transcripts have them, with their words where they are wanted.
  ///
  /// - Parameters:
  ///   - readings: the readings.
  ///   - logProbabilities: what they were read from, [outputs × classes].
  ///   - samples: the sound of the clip.
  func hypotheses(
    of readings: [Reading], in logProbabilities: Matrix, samples: [Float]
  ) -> [Transcript.Hypothesis] {
    guard model.outputs.labels == nil else {
      return hypotheses(ofClasses: readings, samples: samples)
    }
    let times =
      options.wantsWords || options.splitsChannels ? WordTimes(of: samples, model: model) : nil
    return readings.map { reading in
      let labels = reading.hypothesis.labels
      let alignment = times.flatMap { _ in
        CTC.words(logProbabilities: logProbabilities, labels: labels, separator: model.separator)
      }
      return Transcript.Hypothesis(
        text: reading.text, logProbability: reading.hypothesis.logProbability,
        languageScore: reading.hypothesis.languageScore, posterior: reading.posterior,
        confidence: alignment.map {
          calibration.texts.confidence(of: $0.logProbability, length: labels.count)
        } ?? 0,
        words: alignment.flatMap { times?.words(of: $0, calibration: calibration.words) } ?? [])
    }
  }

  /// How its probabilities become confidences; they are those of the model, so that each search,
  /// with a language model or without, has a calibration of its own.
  var calibration: ConfidenceCalibration {
    (language == nil ? model.calibration : model.languageCalibration) ?? ConfidenceCalibration()
  }
}

extension ConfidenceCurve {
  /// The confidence in a text of some natural log-probability.
  func confidence(of logProbability: Double, length: Int) -> Double {
    confidence(probability: min(exp(logProbability), 1), length: length)
  }
}
