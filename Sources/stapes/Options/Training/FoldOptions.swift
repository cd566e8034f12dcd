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
      Cross-validation: train on all but one of this many parts (2 to 1000), or on all but one of \
      the speakers, evaluate on the rest, for each in turn. No model is kept.
      """, valueName: "number|speakers"))
  var folds: Folds?

  @Flag(
    help: """
      Learning curve: train on one, two and three thirds of the clips, and evaluate each model on \
      another fifth, which shows whether more clips would help. No model is kept.
      """)
  var learningCurve = false

  /// Whether training is repeated.
  var areGiven: Bool { folds != nil || learningCurve }

  func validate() throws {
    guard folds == nil || !learningCurve else {
      throw ValidationError("--folds and --learning-curve exclude each other; give one of them")
    }
  }

  /// The parts of a corpus, of which each has clips to train on and to validate on.
  func parts(of corpus: Corpus, seed: UInt64) throws -> [CorpusFold] {
    let parts = try partition(of: corpus, seed: seed)
    guard parts.allSatisfy({ $0.training.clips.count >= 2 }) else {
      throw ValidationError(
        "\(counted(corpus.clips.count, "clip")) are too few: each training needs two or more, one "
          + "of them for validation; give more clips")
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
          "--folds speakers needs two or more speakers, and the speaker of every clip; "
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
