internal import FoundationEssentials
internal import Glibc
internal import StapesAudio
internal import StapesAugmentation
public import StapesCorpus
public import StapesKernels

/// A language of three letters, each a tone of its own pitch, in clips of one to four letters.
public struct ToneCorpus {
  /// The rate of the clips, in hertz.
  public static let sampleRate = 8000

  /// The frequency of each letter, in hertz.
  private static let tones = ["a": 500.0, "b": 1000.0, "c": 2000.0]

  /// Writes clips of random words into a folder.
  public static func write(_ count: Int, to folder: String, seed: UInt64 = 1) throws -> Corpus {
    var random = SplitMix64(seed: seed)
    var clips: [LabelledClip] = []
    for number in 0..<count {
      let letters = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]
      }
      clips.append(
        try write(letters.joined(), to: "\(folder)/\(seed)-\(number).wav", using: &random))
    }
    return Corpus(clips: clips)
  }

  /// Writes a clip of one word.
  public static func write(
    _ word: String, to path: String, toneSeconds: ClosedRange<Double> = 0.12...0.2,
    using random: inout SplitMix64
  ) throws -> LabelledClip {
    var samples: [Float] = []
    for letter in word {
      let count = Int(Double.random(in: toneSeconds, using: &random) * Double(sampleRate))
      let step = 2 * Double.pi * (tones[String(letter)] ?? 0) / Double(sampleRate)
      samples += (0..<count).map { Float(0.3 * sin(step * Double($0))) }
      samples += Waveform.silence(
        sampleCount: sampleRate / 20, decibels: -50, using: &random)
    }
    try AudioFileWriter.writeWAV(samples: samples, sampleRate: sampleRate, to: path)
    return LabelledClip(
      path: path, text: word, duration: Double(samples.count) / Double(sampleRate),
      identifier: String(path.split(separator: "/").last ?? ""))
  }
}
