import FoundationEssentials
import Glibc
import StapesAudio
import StapesAugmentation
import StapesCorpus
import StapesFeatures
import StapesKernels
import StapesTraining

/// A language of three letters, each a tone of its own pitch, in clips of one to four letters.
struct ToneCorpus {
  static let sampleRate = 8000

  /// The frequency of each letter, in hertz.
  private static let tones = ["a": 500.0, "b": 1000.0, "c": 2000.0]

  /// Writes clips of random words into a folder.
  static func write(_ count: Int, to folder: String, seed: UInt64 = 1) throws -> Corpus {
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
  static func write(
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

  /// Options under which the letters are learnt in a few seconds.
  static var options: TrainingOptions {
    var options = TrainingOptions()
    options.features = FeatureConfiguration(sampleRate: sampleRate)
    options.epochCount = 30
    options.batchSeconds = 4
    options.shardSize = 4
    options.learningRate.peak = 0.02
    (options.layerCount, options.hiddenSize, options.dropout) = (1, 16, 0.1)
    options.averageDecay = 0.8
    options.augmentation.speed = 0.97...1.03
    options.augmentation.noiseShare = 0.3
    return options
  }
}

/// What a run told, sorted by kind.
struct RunReport {
  var summary: TrainingSummary?
  var steps: [TrainingStep] = []
  var passedOver: [[String]] = []
  var notices: [TrainingNotice] = []
  var epochs: [TrainingEpoch] = []
  var outcome: TrainingOutcome?

  /// Runs a trainer to its end.
  init(of trainer: Trainer, watching: (TrainingEvent) -> Void = { _ in }) async throws {
    for try await event in trainer.run() {
      watching(event)
      switch event {
      case .reading: break
      case .prepared(let summary): self.summary = summary
      case .step(let step): steps.append(step)
      case .passedOver(let clips): passedOver.append(clips)
      case .notice(let notice): notices.append(notice)
      case .epoch(let epoch): epochs.append(epoch)
      case .finished(let outcome): self.outcome = outcome
      }
    }
  }
}
