internal import Glibc
internal import StapesDecoding
package import StapesKernels
package import StapesModel
internal import StapesTranscript

extension Recognizer {
  /// The classes that a clip may be of, the most probable first; of equals the first in the model.
  ///
  /// - Parameters:
  ///   - logProbabilities: [1 × classes]; no row for a clip shorter than a frame.
  ///   - labels: the classes.
  /// - Returns: at least one; an empty one for no row.
  package func readings(of logProbabilities: Matrix, amongst labels: [String]) -> [Reading] {
    guard logProbabilities.rowCount > 0 else {
      return [Reading(text: "", hypothesis: Hypothesis(labels: [], logProbability: 0))]
    }
    let ranked = labels.indices.sorted {
      (logProbabilities[0, $1], $0) < (logProbabilities[0, $0], $1)
    }
    return ranked.prefix(options.hypothesisCount).map { label in
      let logProbability = Double(logProbabilities[0, label])
      return Reading(
        text: labels[label], hypothesis: Hypothesis(labels: [], logProbability: logProbability),
        posterior: exp(logProbability))
    }
  }

  /// Readings as transcripts have them: a class takes all of its clip, and each of its words as much
  /// of it as the others.
  func hypotheses(ofClasses readings: [Reading], samples: [Float]) -> [Transcript.Hypothesis] {
    readings.map { reading in
      let confidence = reading.posterior ?? 0
      let words = options.wantsWords ? reading.text.split(separator: " ") : []
      let seconds = Double(samples.count) / Double(sampleRate) / Double(max(words.count, 1))
      return Transcript.Hypothesis(
        text: reading.text, logProbability: reading.hypothesis.logProbability,
        posterior: reading.posterior, confidence: confidence,
        words: words.enumerated().map { index, word in
          Transcript.Word(
            text: String(word), start: Double(index) * seconds, end: Double(index + 1) * seconds,
            confidence: confidence, characters: [])
        })
    }
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
