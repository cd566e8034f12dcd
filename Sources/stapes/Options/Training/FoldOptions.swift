import ArgumentParser
import Stapes

/// How training is repeated on parts of the data, to learn how good a model of it will be.
struct FoldOptions: ParsableArguments {
  /// Into how many parts clips are dealt out.
  enum Folds: ExpressibleByArgument {
    case count(Int)
    case speakers

    init?(argument: String) {
      if argument == "speakers" {
        self = .speakers
      } else if let count = Int(argument), (2...1000).contains(count) {
        self = .count(count)
      } else {
        return nil
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      """
      Train so many times, each time without one part of the clips, and measure each model on that \
      part; "speakers" leaves out one speaker at a time. No model is kept.
      """, valueName: "number|speakers"))
  var folds: Folds?

  @Flag(
    help: """
      Train on one, two and three thirds of the clips, and measure each model on a fifth that is \
      held out: would more clips help? No model is kept.
      """)
  var learningCurve = false

  /// Whether training is repeated.
  var areGiven: Bool { folds != nil || learningCurve }

  func validate() throws {
    guard folds == nil || !learningCurve else {
      throw ValidationError("--folds and --learning-curve are two measurements: give one")
    }
  }

  /// The parts of a corpus, of which each has clips to train on and to validate on.
  func parts(of corpus: Corpus, seed: UInt64) throws -> [CorpusFold] {
    let parts = try partition(of: corpus, seed: seed)
    guard parts.allSatisfy({ $0.training.clips.count >= 2 }) else {
      throw ValidationError(
        "\(counted(corpus.clips.count, "clip")) are too few: each training needs two or more, one "
          + "of them to validate on; give more clips")
    }
    return parts
  }

  private func partition(of corpus: Corpus, seed: UInt64) throws -> [CorpusFold] {
    switch folds {
    case nil:
      guard let parts = corpus.learningCurve(seed: seed) else {
        throw ValidationError("--learning-curve needs at least ten clips")
      }
      return parts
    case .speakers:
      guard let parts = corpus.foldsBySpeaker() else {
        throw ValidationError(
          "--folds speakers needs at least two speakers, and a speaker for every clip; "
            + "give a number of parts instead")
      }
      return parts
    case .count(let count):
      guard let parts = corpus.folds(count: count, seed: seed) else {
        throw ValidationError("--folds \(count) needs at least as many clips")
      }
      return parts
    }
  }
}
