internal import Glibc
internal import StapesAudio
internal import StapesConcurrency
internal import StapesCorpus
internal import StapesDecoding
internal import StapesFeatures
internal import StapesFiles
internal import StapesKernels
public import StapesModel
internal import StapesNetwork
public import StapesRecognition
internal import StapesSpotting
internal import StapesText

/// How well phrases are spotted: misses against false alarms an hour, each phrase by itself.
///
/// A phrase counts as found where its hit lies within its clip, or ends up to half a second behind
/// it; all hits elsewhere are false alarms, also those in clips of other phrases. Thresholds are
/// chosen on every other stream, and confirmed on the others.
public struct SpottingEvaluation: Sendable {
  /// What was measured of a phrase.
  public struct Phrase: Sendable {
    /// Its text.
    public let text: String
    /// The threshold chosen for the wanted rate, in 0...1.
    public let threshold: Double
    /// The counts at this threshold, on the streams on which it was chosen and on the others.
    public let chosen, confirmed: DetectionCounts
    /// The counts over all streams at each of `falseAlarmRates`: at the lowest threshold that has no
    /// more false alarms.
    public let curve: [DetectionCounts]
    /// How long after the end of the phrase it was found, in seconds, ascending, at the threshold.
    public let delays: [Double]
  }

  /// The false alarms an hour at which the curve of misses is computed.
  public static let falseAlarmRates = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20]

  /// The phrases, in the order of their texts.
  public let phrases: [Phrase]
  /// The wanted false alarms an hour of each phrase.
  public let falseAlarmsPerHour: Double
  /// All sound, in hours.
  public let hours: Double

  /// Measures a model.
  ///
  /// - Parameters:
  ///   - recognizer: the model.
  ///   - mix: the sound.
  ///   - falseAlarmsPerHour: the wanted rate.
  ///   - threadCount: how many streams are computed at a time; no number changes the result.
  ///   - report: is told how many streams are done.
  /// - Throws: `SpottingError`, `AudioError` and `CancellationError`.
  public init(
    of recognizer: Recognizer, on mix: SpottingMix, falseAlarmsPerHour: Double, threadCount: Int,
    report: @escaping @Sendable (_ clipsDone: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws {
    let texts = mix.clips.clips.map { recognizer.model.normalized($0.text) }
    let wanted = Set(texts).sorted().map { SpottingPhrases.Phrase(text: $0) }
    let spotter = try Spotter(recognizer, phrases: SpottingPhrases(wanted))
    let timing = StreamTiming(recognizer.model)
    let traces = try await concurrentResults(
      count: mix.streamCount, threadCount: threadCount, makeTools: {}
    ) { _, index in
      let stream = try mix.stream(index, sampleRate: recognizer.sampleRate)
      let found = try SpottingStream(spotter, sampleRate: recognizer.sampleRate)
        .scores(of: stream.samples, least: SpottingTrace.least)
      report(index + 1, mix.streamCount)
      return spotter.phrases.indices.map { phrase in
        SpottingTrace(
          found[phrase],
          places: stream.places.filter { texts[$0.clip] == spotter.phrases[phrase].text },
          sampleCount: stream.samples.count, spelling: spotter.spelled[phrase],
          refractory: spotter.refractory, timing: timing)
      }
    }
    self.falseAlarmsPerHour = falseAlarmsPerHour
    hours = (traces.compactMap(\.first).reduce(0) { $0 + $1.seconds }) / 3600
    phrases = spotter.phrases.indices.map { phrase in
      let all = traces.map { $0[phrase] }
      let halves = [0, 1].map { half in
        all.indices.filter { $0 % 2 == half }.map { all[$0] }
      }
      let threshold = halves[0].threshold(for: falseAlarmsPerHour)
      return Phrase(
        text: spotter.phrases[phrase].text, threshold: min(exp(threshold), 1),
        chosen: halves[0].counts(at: threshold), confirmed: halves[1].counts(at: threshold),
        curve: Self.falseAlarmRates.map { all.counts(at: all.threshold(for: $0)) },
        delays: all.flatMap { $0.delays(at: threshold) }.sorted())
    }
  }

  /// The settings that a model keeps of it: its phrases, and their thresholds.
  public var settings: SpottingSettings {
    SpottingSettings(
      phrases: phrases.map { .init(text: $0.text, threshold: $0.threshold) },
      falseAlarmsPerHour: falseAlarmsPerHour)
  }
}

/// When outputs of a model are there, in samples from the start of a stream.
struct StreamTiming: Sendable {
  private let (step, first, middle): (Double, Double, Double)
  let sampleRate: Double

  init(_ model: SpeechModel) {
    let (features, network) = (model.features, model.network.configuration)
    let timing = OutputTiming(model)
    sampleRate = Double(features.sampleRate)
    step = timing.step * sampleRate
    middle = timing.firstMiddle * sampleRate
    first =
      middle + Double((network.architecture.stackCount - 1) * features.hopLength) / 2
      + Double(features.frameLength) / 2
  }

  /// The last sample that an output needs.
  func arrival(of output: Int) -> Double { first + Double(output) * step }

  /// The middle of the sound that an output stands for.
  func middle(of output: Int) -> Double { middle + Double(output) * step }
}

/// The scores of a phrase in a stream.
struct SpottingTrace: Sendable {
  /// Scores below this natural log are omitted.
  static let least = log(0.002)
  /// How far behind a clip its phrase may be found, in seconds.
  private static let grace = 0.5

  private let scores: [(frame: Int, score: PhraseSpotter.Score)]
  private let places: [SpottingMix.Place]
  private let spelling: PhraseSpotter.Phrase
  private let refractory: Int
  private let timing: StreamTiming
  private let sampleCount: Int

  init(
    _ scores: [(frame: Int, score: PhraseSpotter.Score)], places: [SpottingMix.Place],
    sampleCount: Int, spelling: PhraseSpotter.Phrase, refractory: Int, timing: StreamTiming
  ) {
    self.scores = scores.map {
      ($0.frame, PhraseSpotter.Score(phrase: 0, start: $0.score.start, value: $0.score.value))
    }
    (self.places, self.sampleCount, self.spelling) = (places, sampleCount, spelling)
    (self.refractory, self.timing) = (refractory, timing)
  }

  /// How long the stream is.
  var seconds: Double { Double(sampleCount) / timing.sampleRate }

  /// The hits at a threshold: where each is, and in which place, if any.
  private func hits(at threshold: Double) -> [(frame: Int, place: Int?)] {
    var trigger = PhraseTrigger([spelling], thresholds: [threshold], refractory: refractory)
    let grace = Self.grace * timing.sampleRate
    return scores.flatMap { trigger.step([$0.score], frame: $0.frame) }.map { hit in
      let frame = hit.frames.upperBound - 1
      let middle = timing.middle(of: frame)
      let place = places.firstIndex {
        Double($0.samples.lowerBound) <= middle && middle <= Double($0.samples.upperBound) + grace
      }
      return (frame, place)
    }
  }

  /// What it comes to at a threshold.
  func counts(at threshold: Double) -> DetectionCounts {
    let hits = hits(at: threshold)
    var counts = DetectionCounts()
    counts.saidCount = places.count
    counts.missCount = places.count - Set(hits.compactMap(\.place)).count
    counts.falseAlarmCount = hits.count { $0.place == nil }
    let own = places.reduce(0) { $0 + $1.samples.count }
    counts.hours = Double(sampleCount - own) / timing.sampleRate / 3600
    return counts
  }

  /// How long after the end of each phrase it was found first, in seconds.
  func delays(at threshold: Double) -> [Double] {
    var found: [Int: Double] = [:]
    for (frame, place) in hits(at: threshold) {
      guard let place, found[place] == nil else { continue }
      found[place] =
        (timing.arrival(of: frame) - Double(places[place].spokenEnd)) / timing.sampleRate
    }
    return found.values.sorted()
  }

  /// All scores, as natural logs.
  var values: [Double] { scores.map(\.score.value) }
}

extension [SpottingTrace] {
  /// What all streams come to at a threshold.
  func counts(at threshold: Double) -> DetectionCounts {
    reduce(DetectionCounts()) { $0.adding($1.counts(at: threshold)) }
  }

  /// The lowest threshold with no more false alarms an hour than wanted, to a hundredth of a natural
  /// log.
  func threshold(for rate: Double) -> Double {
    let highest = flatMap(\.values).max() ?? 0
    var (low, high) = (Int((SpottingTrace.least * 100).rounded(.up)), Int(highest * 100) + 1)
    while low < high {
      let middle = (low + high) >> 1
      if counts(at: Double(middle) / 100).falseAlarmRate <= rate {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return Double(high) / 100
  }
}
