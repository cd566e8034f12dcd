internal import StapesCTC
internal import StapesFeatures
internal import StapesModel
internal import StapesStreaming
internal import StapesText
internal import StapesTranscript

/// When the words were said that a clip is known or thought to hold.
///
/// A network writes a letter at one moment of its sound, not all through it. So a word is taken to
/// last from the middle of the output that wrote its first letter to the middle of the one that
/// wrote its last, and on over what is loud around them (`Loudness`), but not past the middle
/// between it and its neighbour.
struct WordTimes: Sendable {
  private let timing: OutputTiming
  private let loudness: Loudness
  private let alphabet: Alphabet
  private let seconds: Double

  init(of samples: [Float], model: SpeechModel) {
    let sampleRate = model.features.sampleRate
    timing = OutputTiming(model)
    loudness = Loudness(of: samples, sampleRate: sampleRate)
    alphabet = model.alphabet
    seconds = Double(samples.count) / Double(sampleRate)
  }

  /// The words of an alignment with their times.
  ///
  /// - Parameters:
  ///   - alignment: the alignment.
  ///   - firstOutput: the clip's output that is the alignment's first.
  ///   - limits: how far words may reach, in seconds; nil for all of the clip.
  ///   - calibration: how probabilities become confidences.
  func words(
    of alignment: CTCWordAlignment, firstOutput: Int = 0, within limits: ClosedRange<Double>? = nil,
    calibration: ConfidenceCurve
  ) -> [Transcript.Word] {
    let spans = spans(
      of: alignment.words, firstOutput: firstOutput, within: limits ?? 0...seconds)
    return zip(alignment.words, spans).map { word, span in
      let starts = word.labels.dropFirst().map { label in
        let start = timing.start(of: firstOutput + alignment.labelFrames[label].lowerBound)
        return min(max(start, span.lowerBound), span.upperBound)
      }
      let borders = [span.lowerBound] + starts + [span.upperBound]
      let letters = word.labels.map { alphabet.characters[alignment.labels[$0] - 1] }
      return Transcript.Word(
        text: alphabet.text(of: Array(alignment.labels[word.labels])), start: span.lowerBound,
        end: span.upperBound,
        confidence: calibration.confidence(of: word.logProbability, length: letters.count),
        characters: letters.enumerated().map { index, letter in
          Transcript.TimedCharacter(text: letter, start: borders[index], end: borders[index + 1])
        })
    }
  }

  /// The time of some of a clip's outputs; that of the first and the last reaches to its ends.
  func limits(of outputs: Range<Int>, outputCount: Int) -> ClosedRange<Double> {
    let start = outputs.lowerBound > 0 ? timing.start(of: outputs.lowerBound) : 0
    let end = outputs.upperBound < outputCount ? timing.start(of: outputs.upperBound) : seconds
    return min(max(start, 0), seconds)...min(max(end, start, 0), seconds)
  }

  private func spans(
    of words: [CTCWordAlignment.Word], firstOutput: Int, within limits: ClosedRange<Double>
  ) -> [ClosedRange<Double>] {
    let cores = cores(of: words, firstOutput: firstOutput, before: limits.upperBound)
    return cores.indices.map { index in
      let core = cores[index]
      let before =
        index > 0 ? (cores[index - 1].upperBound + core.lowerBound) / 2 : limits.lowerBound
      let after =
        index + 1 < cores.count
        ? (core.upperBound + cores[index + 1].lowerBound) / 2
        : limits.upperBound
      return loudness.speech(around: core, within: min(before, core.lowerBound)...after)
    }
  }

  /// The times from the first letter of each word to its last, one after the other.
  ///
  /// The last outputs may stand for more than there is of the sound; words there move forward, so
  /// that each still has a length.
  private func cores(
    of words: [CTCWordAlignment.Word], firstOutput: Int, before end: Double
  ) -> [ClosedRange<Double>] {
    var end = end
    let reversed = words.reversed().map { word in
      let first = timing.start(of: firstOutput + word.frames.lowerBound)
      let last = timing.start(of: firstOutput + word.frames.upperBound)
      // An output stands for a while, so a word of one output still has a length.
      let inset = word.frames.count == 1 ? timing.step / 4 : timing.step / 2
      let upper = max(min(last - inset, end), 0)
      let lower = max(min(first + inset, upper - timing.step / 4), 0)
      end = lower
      return lower...upper
    }
    return reversed.reversed()
  }
}
