internal import Glibc
package import Stapes
internal import StapesText

/// The body of an answer, and what it is.
package struct TranscriptionAnswer: Equatable {
  /// The body.
  package let text: String
  /// Its `Content-Type`.
  package let type: String

  /// Writes a transcript as it was asked for.
  package init(_ transcript: Transcript, to request: TranscriptionRequest, language: String) {
    switch request.format {
    case .text:
      text = TranscriptFormat.txt.file(of: transcript, path: "")
      type = "text/plain; charset=utf-8"
    case .srt:
      text = TranscriptFormat.srt.file(of: transcript, path: "")
      type = "application/x-subrip"
    case .vtt:
      text = TranscriptFormat.vtt.file(of: transcript, path: "")
      type = "text/vtt; charset=utf-8"
    case .json:
      text = canonicalJSON(Brief(transcript, request))
      type = "application/json"
    case .verboseJSON:
      text = canonicalJSON(Verbose(transcript, request, language))
      type = "application/json"
    case .diarizedJSON:
      text = canonicalJSON(Diarized(transcript))
      type = "application/json"
    }
  }
}

/// The answer of few words.
private struct Brief: Encodable {
  let text: String
  let logprobs: [TokenProbability]?
  let hypotheses: [Hypothesis]?
  let usage: DurationUsage

  struct Hypothesis: Encodable { let text: String; let confidence: Double }

  init(_ transcript: Transcript, _ request: TranscriptionRequest) {
    text = transcript.text
    logprobs =
      request.hasLogProbabilities
      ? transcript.hypotheses[0].words.map(TokenProbability.init) : nil
    hypotheses =
      request.settings.hypothesisCount > 1
      ? transcript.hypotheses.map { Hypothesis(text: $0.text, confidence: $0.confidence) } : nil
    usage = DurationUsage(seconds: rounded(transcript.seconds))
  }
}

/// How probable a word is, as a natural logarithm.
struct TokenProbability: Encodable {
  let token: String
  let logprob: Double
  let bytes: [UInt8]

  init(_ word: Transcript.Word) {
    token = word.text
    bytes = Array(word.text.utf8)
    logprob = rounded(log(max(word.confidence, 1e-9)))
  }
}

/// The answer with all that is known, in the form that Whisper gave it.
private struct Verbose: Encodable {
  struct Segment: Encodable {
    let id: Int
    let seek = 0
    let start, end: Double
    let text: String
    let tokens: [Int] = []
    let temperature = 0.0
    let averageLogProbability: Double
    let compressionRatio = 1.0
    let noSpeechProbability = 0.0

    enum CodingKeys: String, CodingKey {
      case id, seek, start, end, text, tokens, temperature
      case averageLogProbability = "avg_logprob"
      case compressionRatio = "compression_ratio"
      case noSpeechProbability = "no_speech_prob"
    }

    init(_ number: Int, _ words: ArraySlice<Transcript.Word>) {
      id = number
      start = rounded(words.first?.start ?? 0)
      end = rounded(words.last?.end ?? 0)
      text = words.map(\.text).joined(separator: " ")
      let sum = words.reduce(0) { $0 + log(max($1.confidence, 1e-9)) }
      averageLogProbability = rounded(sum / Double(max(words.count, 1)))
    }
  }

  let task = "transcribe"
  let language, text: String
  let duration: Double
  let words: [TimedWord]?
  let segments: [Segment]?
  let usage: DurationUsage

  init(_ transcript: Transcript, _ request: TranscriptionRequest, _ language: String) {
    self.language = language
    text = transcript.text
    duration = rounded(transcript.seconds)
    usage = DurationUsage(seconds: duration)
    let spoken = transcript.hypotheses[0].words
    words =
      request.hasWords
      ? spoken.map { TimedWord($0, withCharacters: request.hasCharacters) } : nil
    segments =
      request.hasSegments
      ? spoken.segments.enumerated().map { Segment($0.offset, $0.element) } : nil
  }
}

/// The answer that tells channels apart.
private struct Diarized: Encodable {
  struct Segment: Encodable {
    let id, type, speaker, text: String
    let start, end: Double
  }

  let task = "transcribe"
  let text: String
  let duration: Double
  let segments: [Segment]
  let usage: DurationUsage

  init(_ transcript: Transcript) {
    text = transcript.hypotheses[0].words.map(\.text).joined(separator: " ")
    duration = rounded(transcript.seconds)
    usage = DurationUsage(seconds: duration)
    let turns = transcript.turns.map { (channel: $0.channel, words: $0.words[...]) }
    let parts =
      turns.isEmpty
      ? transcript.hypotheses[0].words.segments.map { (channel: 1, words: $0) } : turns
    segments = parts.enumerated().map { index, part in
      Segment(
        id: "seg_\(index + 1)", type: "transcript.text.segment",
        speaker: speakerName(part.channel), text: part.words.map(\.text).joined(separator: " "),
        start: rounded(part.words.first?.start ?? 0),
        end: rounded(part.words.last?.end ?? 0))
    }
  }
}

/// The letter that stands for a channel, counted from 1: A, B and so on.
private func speakerName(_ channel: Int) -> String {
  guard (1...26).contains(channel), let letter = Unicode.Scalar(64 + channel) else {
    return "\(channel)"
  }
  return String(letter)
}

extension [Transcript.Word] {
  /// The words between pauses, and in parts that are not too long.
  fileprivate var segments: [ArraySlice<Transcript.Word>] {
    let (pause, longest) = (0.8, 20.0)
    var segments: [ArraySlice<Transcript.Word>] = []
    var start = startIndex
    for index in indices.dropFirst()
    where self[index].start - self[index - 1].end > pause
      || self[index].end - self[start].start > longest
    {
      segments.append(self[start..<index])
      start = index
    }
    if start < endIndex { segments.append(self[start...]) }
    return segments
  }
}
