internal import StapesText

extension TranscriptFormat {
  /// A transcript as a JSON object on one line.
  static func objectLine(_ transcript: Transcript, path: String) -> String {
    canonicalJSON(Record(transcript, path: path, hasCharacters: false)).escapedAsJSON + "\n"
  }

  /// The same object with the characters of words, and with a line for each of its parts, words
  /// and hypotheses.
  static func object(_ transcript: Transcript, path: String) -> String {
    let record = Record(transcript, path: path, hasCharacters: true)
    let parts = [
      ("path", canonicalJSON(record.path)), ("seconds", canonicalJSON(record.seconds)),
      ("text", canonicalJSON(record.text)),
      ("emptyReason", record.emptyReason.map { canonicalJSON($0) } ?? ""),
      ("confidence", canonicalJSON(record.confidence)),
      ("words", list(record.words)), ("hypotheses", list(record.hypotheses)),
    ]
    let lines = parts.filter { !$0.1.isEmpty }.map { "  \"\($0)\": \($1.escapedAsJSON)" }
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }

  private static func list(_ values: [some Encodable]) -> String {
    let lines = values.map { "\n    \(canonicalJSON($0))" }
    return lines.isEmpty ? "[]" : "[\(lines.joined(separator: ","))\n  ]"
  }
}

/// A transcript as its JSON object has it.
private struct Record: Encodable {
  struct Character: Encodable {
    let text: String
    let start, end: Double
  }

  struct Word: Encodable {
    let text: String
    let start, end, confidence: Double
    let channel: Int?
    let characters: [Character]?
  }

  struct Hypothesis: Encodable {
    let text: String
    let logProbability, posterior: Double?
    let languageScore, confidence: Double
  }

  let path: String
  let seconds: Double
  let text: String
  let emptyReason: Transcript.EmptyReason?
  let confidence: Double
  let words: [Word]
  let hypotheses: [Hypothesis]

  init(_ transcript: Transcript, path: String, hasCharacters: Bool) {
    let best = transcript.hypotheses[0]
    self.path = path
    seconds = rounded(transcript.seconds)
    text = transcript.text
    emptyReason = transcript.emptyReason
    confidence = rounded(best.confidence)
    words = best.words.map { word in
      let characters = word.characters.map {
        Character(text: $0.text, start: rounded($0.start), end: rounded($0.end))
      }
      return Word(
        text: word.text, start: rounded(word.start), end: rounded(word.end),
        confidence: rounded(word.confidence), channel: word.channel,
        characters: hasCharacters ? characters : nil)
    }
    hypotheses = transcript.hypotheses.map {
      Hypothesis(
        text: $0.text,
        // JSON has no number for what cannot be.
        logProbability: $0.logProbability.isFinite ? rounded($0.logProbability) : nil,
        posterior: $0.posterior.map { ($0 * 1e6).rounded() / 1e6 },
        languageScore: rounded($0.languageScore), confidence: rounded($0.confidence))
    }
  }
}
