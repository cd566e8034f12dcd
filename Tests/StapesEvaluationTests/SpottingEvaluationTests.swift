import Foundation
import StapesAudio
import StapesCorpus
import StapesEvaluation
import StapesKernels
import StapesModel
import StapesRecognition
import TestSupport
import Testing

@Suite struct SpottingEvaluationTests {
  /// Writes sounds into a folder as clips.
  private func corpus(_ texts: [String], in folder: String, level: Float = 1) throws -> Corpus {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return Corpus(
      clips: try texts.enumerated().map { index, text in
        let samples = ToneLanguage.samples(saying: text).map { $0 * level }
        let path = "\(folder)/\(index).wav"
        try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
        return LabelledClip(
          path: path, text: text, duration: Double(samples.count) / 8000, identifier: path)
      })
  }

  private func power(_ samples: some Collection<Float>) -> Float {
    samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)
  }

  @Test func `a mix holds each clip and recording once, the clips as loud as the recordings`()
    throws
  {
    try withTemporaryFolder { folder in
      let clips = try corpus(["ab", "ca", "b", "ab"], in: "\(folder)/clips", level: 0.01)
      let background = try corpus(["ccc", "bbbb", "cbcbc"], in: "\(folder)/background")
      let mix = try SpottingMix(clips: clips, background: background, sampleRate: 8000, seed: 5)
      let stream = try mix.stream(0, sampleRate: 8000)
      #expect(mix.streamCount == 1)
      #expect(stream.places.map(\.clip).sorted() == [0, 1, 2, 3])
      var pauses = stream.samples.count
      for clip in clips.clips + background.clips { pauses -= Int((clip.duration * 8000).rounded()) }
      // A pause of 0.1 to 0.5 s is before and behind each clip.
      #expect((8 * 800...8 * 4000).contains(pauses))
      for place in stream.places {
        let sound = stream.samples[place.samples]
        #expect(abs(power(sound) / 0.012 - 1) < 0.6)
        #expect(place.samples.contains(place.spokenEnd - 1))
        // The last tone ends 80 ms before the clip's end.
        #expect(abs(place.samples.upperBound - 640 - place.spokenEnd) < 480)
      }
      let again = try SpottingMix(clips: clips, background: background, sampleRate: 8000, seed: 5)
      #expect(try again.stream(0, sampleRate: 8000).samples == stream.samples)
      let other = try SpottingMix(clips: clips, background: background, sampleRate: 8000, seed: 6)
      #expect(try other.stream(0, sampleRate: 8000).samples != stream.samples)
    }
  }

  @Test func `noise lies as far below the sound as is asked for`() throws {
    try withTemporaryFolder { folder in
      let clips = try corpus(["ab"], in: "\(folder)/clips")
      let background = try corpus(["ccc"], in: "\(folder)/background")
      _ = try corpus(["bbbbbb"], in: "\(folder)/noise")
      func samples(_ noise: String) throws -> [Float] {
        try SpottingMix(
          clips: clips, background: background, noiseFolder: noise, signalToNoiseDecibels: 6,
          sampleRate: 8000
        ).stream(0, sampleRate: 8000).samples
      }
      let (clean, noisy) = (try samples(""), try samples("\(folder)/noise"))
      let ratio = power(clean) / power(zip(noisy, clean).map { $0 - $1 })
      #expect(abs(10 * log10(ratio) - 6) < 0.01)
    }
  }

  @Test
  func `a model that reads all misses nothing, and a phrase of the background is a false alarm`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let clips = try corpus(
        Array(repeating: ["ab", "cb"], count: 12).flatMap(\.self), in: "\(folder)/clips")
      // "cb" is in the background, "ab" never is.
      let background = try corpus(
        Array(repeating: "ccb c aa", count: 200), in: "\(folder)/background")
      let recognizer = try Recognizer(model: .model(ToneLanguage.model()))
      let mix = try SpottingMix(clips: clips, background: background, sampleRate: 8000)
      let found = try await SpottingEvaluation(
        of: recognizer, on: mix, falseAlarmsPerHour: 1, threadCount: 2)
      #expect(found.phrases.map(\.text) == ["ab", "cb"])
      let (clean, confused) = (found.phrases[0], found.phrases[1])
      #expect(clean.chosen.saidCount + clean.confirmed.saidCount == 12)
      #expect(clean.confirmed.missCount == 0 && clean.confirmed.falseAlarmCount == 0)
      #expect(clean.curve.allSatisfy { $0.missCount == 0 && $0.falseAlarmCount == 0 })
      // Nothing tells the clips from the background, so a low rate of false alarms misses all.
      #expect(confused.curve[0].missRate > 0.9)
      #expect(confused.curve.allSatisfy { $0.falseAlarmRate <= 20 })
      // Its last letter is read before the tone has ended.
      #expect(clean.delays.count == 12)
      #expect(clean.delays.allSatisfy { (-0.15...0.15).contains($0) })
      #expect(found.settings.phrases.map(\.text) == ["ab", "cb"])
      #expect(found.settings.falseAlarmsPerHour == 1)
    }
  }

  @Test func `intervals are those of the books`() {
    var counts = DetectionCounts()
    (counts.saidCount, counts.missCount, counts.falseAlarmCount, counts.hours) = (10, 1, 10, 2)
    // Wilson (1927) for 1 of 10; Poisson for 10 is 4.795 to 18.39 (Breslow and Day 1987).
    #expect(abs(counts.missInterval.lowerBound - 0.0179) < 0.0005)
    #expect(abs(counts.missInterval.upperBound - 0.4042) < 0.0005)
    #expect(abs(counts.falseAlarmInterval.lowerBound - 4.795 / 2) < 0.01)
    #expect(abs(counts.falseAlarmInterval.upperBound - 18.39 / 2) < 0.01)
    counts.falseAlarmCount = 0
    #expect(counts.falseAlarmInterval.lowerBound == 0)
    #expect(abs(counts.falseAlarmInterval.upperBound - 3.69 / 2) < 0.05)
  }
}
