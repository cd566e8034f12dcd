import FoundationEssentials
import Glibc
import StapesAudio
import StapesAugmentation
import StapesCorpus
import StapesLayouts
import StapesFeatures
import StapesKernels
import StapesText
import TestSupport
import Testing

/// What a model asks of clips that hears 16 kHz, in frames of 25 ms every 10 ms, and has an output
/// for every three of them.
private func requirements() -> ClipRequirements {
  ClipRequirements(text: TextNormalization(), sampleRate: 16_000, longestClipSeconds: 40) {
    $0 < 400 ? 0 : (($0 - 400) / 160 + 3) / 3
  }
}

/// Clips with one planted flaw each: it is found, and nothing else is.
@Suite struct CorpusCheckTests {
  private static let rate = 16_000

  /// Something like speech: syllables of broad noise at changing levels, in full band.
  private static func speech(seconds: Double, seed: UInt64, rate: Int = rate) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<Int(seconds * Double(rate))).map { index in
      let syllable = pow(abs(sin(8 * Double(index) / Double(rate))), 2) + 0.003
      return Float(0.3 * syllable * Double.random(in: -1...1, using: &random))
    }
  }

  private static func write(
    _ samples: [Float], rate: Int = rate, text: String = "some words", to path: String
  ) throws -> LabelledClip {
    try AudioFileWriter.writeWAV(samples: samples, sampleRate: rate, to: path)
    return LabelledClip(
      path: path, text: text, duration: Double(samples.count) / Double(rate), identifier: path)
  }

  /// What is found about a clean clip and one with these samples.
  private func kinds(
    _ samples: [Float], rate: Int = rate, text: String = "some words"
  ) async throws -> [Finding.Kind] {
    try await withTemporaryFolder { folder in
      let clips = [
        try Self.write(Self.speech(seconds: 2, seed: 1), to: folder + "/clean.wav"),
        try Self.write(samples, rate: rate, text: text, to: folder + "/flawed.wav"),
      ]
      let check = try await CorpusCheck(
        listeningTo: Corpus(clips: clips), requirements: requirements(), threadCount: 2)
      #expect(check.findings.flatMap(\.items).allSatisfy { $0.path == clips[1].path })
      return check.findings.map(\.kind)
    }
  }

  private let clean = speech(seconds: 2, seed: 2)

  @Test func cleanClipsGiveNoFinding() async throws {
    #expect(try await kinds(clean).isEmpty)
    #expect(try await kinds(Self.speech(seconds: 0.3, seed: 5), text: "yes").isEmpty)
  }

  @Test func levelsOutOfOrderAreFound() async throws {
    #expect(try await kinds(clean.map { min(max(4 * $0, -0.9), 0.9) }) == [.clippedSound])
    #expect(try await kinds(clean.map { _ in 0 }) == [.silentSound])
    #expect(try await kinds(clean.map { _ in 0.25 }) == [.silentSound])
    #expect(try await kinds(clean.map { $0 * 0.002 }) == [.faintSound])
    #expect(try await kinds(clean.map { $0 + 0.1 }) == [.offsetSound])
  }

  @Test func noiseAloneIsFoundAndTonesAreNot() async throws {
    var random = SplitMix64(seed: 3)
    let noise = Waveform.silence(sampleCount: 32_000, decibels: -30, using: &random)
    #expect(try await kinds(noise) == [.steadySound])
  }

  @Test func soundOfALowerRateStoredAtAHigherOneIsFound() async throws {
    let narrow = try Resampler.resample(clean, from: 16_000, to: 8000)
    let stored = try Resampler.resample(narrow, from: 8000, to: 16_000)
    #expect(try await kinds(stored) == [.bandLimitedSound])
    #expect(try await kinds(narrow, rate: 8000) == [.lowSampleRate])
    // A vowel whose overtones fade by 12 dB an octave ends by itself.
    let vowel = (0..<32_000).map { index in
      let time = Double(index) / 16_000
      let level = 0.2 * pow(abs(sin(5 * time)), 2) + 0.0002
      return (1...60).reduce(Float(0)) { sum, overtone in
        let number = Double(overtone)
        return sum + Float(level / (number * number) * sin(2 * .pi * 120 * number * time))
      }
    }
    #expect(try await kinds(vowel).isEmpty)
  }

  @Test func higherRatesAreNoted() async throws {
    #expect(
      try await kinds(Self.speech(seconds: 2, seed: 8, rate: 44_100), rate: 44_100)
        == [.otherSampleRate])
  }

  /// One clip and one text at the border: CTC needs an output for each letter and one more between
  /// equal neighbours; 60 ms give 4 frames of 25 ms every 10 ms, which give 2 outputs at stride 3.
  @Test func textsAreHeldAgainstTheOutputsOfTheNetwork() async throws {
    let short = Array(clean[..<960])
    #expect(try await kinds(short, text: "ab").isEmpty)
    #expect(try await kinds(short, text: "aa") == [.textTooLong])
    #expect(try await kinds(short, text: "abc") == [.textTooLong])
    #expect(try await kinds(Array(clean[..<300]), text: "a") == [.textTooLong])
  }

  @Test func samplesThatAreNoNumbersAndFilesCutShortAreFound() async throws {
    try await withTemporaryFolder { folder in
      let floats = clean.indices.map { $0 == 700 ? Float.nan : clean[$0] }
      let bad = folder + "/bad.wav"
      try floatWAV(samples: floats, sampleRate: Self.rate).write(to: URL(filePath: bad))
      let whole = try Self.write(clean, to: folder + "/short.wav")
      let bytes = try Data(contentsOf: URL(filePath: whole.path))
      try bytes[..<(bytes.count / 2)].write(to: URL(filePath: whole.path))
      let broken = folder + "/broken.wav"
      try Data("RIFF".utf8).write(to: URL(filePath: broken))
      let clips = [
        LabelledClip(path: bad, text: "one", duration: 2, identifier: "bad"), whole,
        LabelledClip(path: broken, text: "one", duration: 2, identifier: "broken"),
      ]
      let check = try await CorpusCheck(
        listeningTo: Corpus(clips: clips), requirements: requirements(), threadCount: 1)
      #expect(
        check.findings.map(\.kind) == [.unreadableSound, .nonFiniteSound, .truncatedSound])
      #expect(check.findings.map { $0.items.map(\.path) } == [[broken], [bad], [whole.path]])
      #expect(check.findings[1].items[0].detail == "frame 700")
    }
  }
}

/// Findings that need no sound, or only a few facts of it.
@Suite struct CorpusCheckTextTests {
  private func clip(
    _ name: String, _ text: String, seconds: Double = 2, speaker: String? = nil
  ) -> LabelledClip {
    LabelledClip(path: name, text: text, speaker: speaker, duration: seconds, identifier: name)
  }

  private func findings(
    _ training: [LabelledClip], validation: [LabelledClip] = []
  ) -> [Finding.Kind: [String]] {
    let check = CorpusCheck(
      texts: Corpus(clips: training), validation: Corpus(clips: validation),
      requirements: requirements())
    return Dictionary(
      uniqueKeysWithValues: check.findings.map { ($0.kind, $0.items.map(\.path)) })
  }

  /// Sentences enough to tell what is rare.
  private var sentences: [LabelledClip] {
    (0..<60).map { clip("\($0)", "the quick brown fox jumps over", seconds: 2) }
  }

  @Test func ordinaryTextsGiveNoFinding() {
    #expect(findings(sentences) == [:])
    #expect(findings([clip("a", "naïve café"), clip("b", "слово и дело")]) == [:])
  }

  @Test func textsWithoutAnythingToLearnAreFound() {
    #expect(
      findings([clip("a", "word"), clip("b", "?!"), clip("background", "")]) == [.emptyText: ["b"]])
  }

  @Test func charactersThatHardlyOccurAreFound() {
    let found = findings(sentences + [clip("x", "the lazy dög"), clip("y", "dög the lazy")])
    #expect(found[.rareCharacter] == ["x", "y"])
  }

  @Test func lettersOfAnotherScriptAreFound() {
    // The first letter of the second is Cyrillic.
    let found = findings([clip("a", "cat"), clip("b", "\u{441}at"), clip("c", "кот")])
    #expect(found == [.mixedScripts: ["b"]])
  }

  @Test func decomposedAccentsAreNoted() {
    #expect(findings([clip("a", "cafe\u{301}"), clip("b", "café")]) == [.decomposedText: ["a"]])
  }

  @Test func lengthsThatDoNotGoWithTheTextAreFound() {
    var clips = (0..<40).map { number in
      let text = String(repeating: "abcde ", count: 2 + number % 7)
      return clip("\(number)", text, seconds: 0.5 + 0.15 * Double(text.count))
    }
    #expect(findings(clips) == [:])
    clips.append(clip("slow", "abcde abcde", seconds: 20))
    clips.append(clip("fast", String(repeating: "abcde ", count: 8), seconds: 1.7))
    #expect(findings(clips) == [.slowText: ["slow"], .fastText: ["fast"]])
  }

  @Test func whatValidationSharesOrLacksIsFound() {
    let letters = "abcdefghijkl".map(String.init)
    let words = letters.flatMap { first in
      letters.map { clip(first + $0, "\(first)\($0)w and so on", speaker: "s1") }
    }
    let shared = clip("shared", "one two three four", speaker: "s2")
    let validation = [
      clip("v1", "One two three four!", speaker: "s3"), clip("v2", "wa", speaker: "s1"),
      clip("v3", "žlutý", speaker: "s3"),
    ]
    let found = findings(words + [shared], validation: validation)
    #expect(found[.sharedSentence] == ["v1"])
    #expect(found[.sharedSpeaker] == ["v2"])
    #expect(found[.untrainedCharacter] == ["v3"])
  }

  @Test func copiesAreFoundByTheirSamples() {
    func facts(
      _ name: String, _ text: String, _ fingerprint: UInt64, isForValidation: Bool = false
    ) -> ClipFacts {
      ClipFacts(
        clip: clip(name, text), text: text, isForValidation: isForValidation,
        sound: .success(
          SoundFacts(sampleRate: 16_000, sampleCount: 32_000, fingerprint: fingerprint)))
    }
    let check = CorpusCheck(
      requirements: requirements(),
      clips: [
        facts("a", "one", 1), facts("b", "two", 2), facts("c", "one", 1), facts("d", "ten", 2),
        facts("e", "one", 1, isForValidation: true), facts("f", "six", 6, isForValidation: true),
      ])
    let found = check.findings.filter { $0.kind != .untrainedCharacter }
    #expect(
      found.map(\.kind) == [.soundWithTwoTexts, .trainedValidationSound, .repeatedSound])
    #expect(found.map { $0.items.map(\.path) } == [["d"], ["e"], ["c"]])
  }
}
