package import StapesAudio

extension Transcript {
  /// What is said in one channel until another goes on.
  public struct Turn: Sendable, Equatable {
    /// The channel, counted from 1.
    public let channel: Int
    /// Its words; at least one.
    public internal(set) var words: [Word]

    /// The words after the channel in brackets, such as `[1] good morning`.
    public var text: String {
      "[\(channel)] " + words.map(\.text).joined(separator: " ")
    }

    fileprivate var start: Double { words[0].start }
  }

  /// What is said in the channels, in the order of time; none unless they were transcribed one by
  /// one.
  public var turns: [Turn] { Turn.all(of: tracks) }

  /// The words of the best hypothesis, those of each channel by themselves; of a transcript of
  /// one sound, all of them without a channel.
  var tracks: [(channel: Int?, words: [Word])] {
    let words = hypotheses[0].words
    guard !channels.isEmpty else { return [(nil, words)] }
    return channels.map { channel in (channel, words.filter { $0.channel == channel }) }
  }

  /// Joins the transcripts of channels by time.
  ///
  /// - Parameters:
  ///   - parts: the channels, counted from 1, and their transcripts with words.
  ///   - warnings: what is odd about the channels besides.
  package init(joining parts: [(channel: Int, transcript: Transcript)], warnings: [AudioWarning]) {
    let best = parts.map { $0.transcript.hypotheses[0] }
    let tracks = zip(parts, best).map { part, best in
      (channel: Int?(part.channel), words: best.words.map { $0.inChannel(part.channel) })
    }
    var seen: Set<AudioWarning> = []
    let words = tracks.flatMap(\.words).sorted {
      ($0.start, $0.channel ?? 0) < ($1.start, $1.channel ?? 0)
    }
    self.init(
      hypotheses: [
        Hypothesis(
          text: Turn.all(of: tracks).map(\.text).joined(separator: " "),
          logProbability: best.reduce(0) { $0 + $1.logProbability },
          languageScore: best.reduce(0) { $0 + $1.languageScore },
          confidence: best.reduce(1) { $0 * $1.confidence }, words: words)
      ],
      seconds: parts.map(\.transcript.seconds).max() ?? 0,
      warnings: (warnings + parts.flatMap(\.transcript.warnings)).filter {
        seen.insert($0).inserted
      },
      emptyReason: parts.first?.transcript.emptyReason, channels: parts.map(\.channel))
  }
}

extension Transcript.Turn {
  /// A pause within a channel, in seconds, in which another may have its turn.
  private static let pause = 0.5

  /// The turns of tracks: what each says without a pause, in the order in which that begins, and
  /// joined where the same goes on.
  fileprivate static func all(
    of tracks: [(channel: Int?, words: [Transcript.Word])]
  ) -> [Transcript.Turn] {
    var utterances: [Transcript.Turn] = []
    for (channel, words) in tracks {
      guard let channel else { continue }
      var end = -Double.infinity
      for word in words {
        if word.start - end < pause {
          utterances[utterances.count - 1].words.append(word)
        } else {
          utterances.append(Transcript.Turn(channel: channel, words: [word]))
        }
        end = word.end
      }
    }
    utterances.sort { ($0.start, $0.channel) < ($1.start, $1.channel) }
    return utterances.reduce(into: []) { turns, next in
      if let last = turns.last, last.channel == next.channel {
        turns[turns.count - 1].words += next.words
      } else {
        turns.append(next)
      }
    }
  }
}

extension Transcript.Word {
  /// The same, of a channel.
  fileprivate func inChannel(_ channel: Int) -> Self {
    Self(
      text: text, start: start, end: end, confidence: confidence, characters: characters,
      channel: channel)
  }
}
