internal import StapesKernels
public import StapesTranscript

/// Words and transcripts for tests.
public enum PlantedWords {
  /// A word whose characters share its time evenly.
  public static func word(
    _ text: String, _ start: Double, _ end: Double, confidence: Double = 1
  ) -> Transcript.Word {
    let step = (end - start) / Double(max(text.count, 1))
    let characters = text.enumerated().map { index, character in
      Transcript.TimedCharacter(
        text: String(character), start: start + Double(index) * step,
        end: start + Double(index + 1) * step)
    }
    return Transcript.Word(
      text: text, start: start, end: end, confidence: confidence, characters: characters)
  }

  /// A transcript of some words.
  public static func transcript(_ words: [Transcript.Word], seconds: Double? = nil) -> Transcript {
    let reading = Transcript.Hypothesis(
      text: words.map(\.text).joined(separator: " "), logProbability: -1, confidence: 0.5,
      words: words)
    return Transcript(hypotheses: [reading], seconds: seconds ?? words.last?.end ?? 0)
  }

  /// Words of a sentence, one every `step` seconds, with a pause after some.
  public static func sentence(
    _ text: String, step: Double = 0.4, pauses: [Int: Double] = [:]
  ) -> [Transcript.Word] {
    var time = 0.5
    return text.split(separator: " ").enumerated().map { index, word in
      defer { time += step + (pauses[index] ?? 0) }
      return Self.word(String(word), time, time + step * 0.9)
    }
  }

  /// Words of all lengths at all paces; some too long for a line, some on top of each other.
  public static func random(seed: UInt64) -> [Transcript.Word] {
    var random = SplitMix64(seed: seed)
    var time = 0.0
    return (0..<Int.random(in: 0...60, using: &random)).map { _ in
      let isLong = Int.random(in: 0..<12, using: &random) == 0
      let length = Int.random(in: isLong ? 43...200 : 1...12, using: &random)
      let letters = Array("aébc<&\">0")
      let text = String((0..<length).map { _ in letters[Int.random(in: 0..<9, using: &random)] })
      let pause = [0, 0, 0.02, 0.2, 1.4, 1.5, 6, -0.05][Int.random(in: 0..<8, using: &random)]
      let duration = [0, 0.01, 0.2, 0.5, 1, 9][Int.random(in: 0..<6, using: &random)]
      let start = max(time + pause, 0)
      time = start + duration
      return word(text, start, time, confidence: Double.random(in: 0...1, using: &random))
    }
  }
}
