internal import Glibc
internal import StapesAugmentation
internal import StapesFiles
internal import StapesKernels
public import StapesModel
package import StapesRanks
internal import StapesRecipe
internal import StapesText

/// Trains a neural language model of characters on sentences.
///
/// Each sentence is learned by itself, from its begin to its end: the loss is the cross-entropy of
/// each next character (backpropagation through the whole sentence; longer ones are cut). The same
/// sentences, options and seed give the same model at any number of threads.
public struct LanguageTrainer: Sendable {
  /// The options of the run.
  public let options: LanguageTrainingOptions
  /// The characters that the model learns; rarer ones count as unknown.
  public let characters: [String]
  /// How many sentences are learned from.
  public var sentenceCount: Int { sentences.count }
  /// How many characters are learned from, ends of sentences included.
  public let characterCount: Int
  /// How many sentences are held out for validation.
  public var validationCount: Int { validation.count }

  private let sentences: [[UInt16]]
  private let validation: [String]
  private let threadCount: Int
  /// Who shares the work: each rank learns from the same sentences, with the same options.
  package var ranks = RankGroup.alone

  /// The most characters of a sentence, and the most sentences to validate on.
  private static let (longestSentence, mostValidation) = (500, 2000)
  /// The sentences that go through the network together.
  private static let shardSize = 16
  /// A character that is rarer than one in so many is not learned.
  private static let rarest = 1_000_000

  /// Sets up a run.
  ///
  /// - Parameters:
  ///   - lines: the sentences, in which white space of any kind counts as single spaces; empty ones
  ///     are left out.
  ///   - options: how it learns; nil for what suits the amount of text.
  ///   - threadCount: how many threads compute; the result does not depend on it.
  /// - Throws: `TrainingError.tooLittleText`, and what `validate()` of the options throws.
  public init(
    lines: [String], options: LanguageTrainingOptions? = nil, threadCount: Int
  ) throws(TrainingError) {
    let pieces = lines.flatMap { line in
      Self.pieces(of: line.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
    guard pieces.count >= 2 else { throw .tooLittleText }
    let all = pieces.reduce(0) { $0 + $1.count + 1 }
    let options = options ?? .recommended(characterCount: all)
    try options.validate()
    let spacing = max(2, min(Int((1 / options.validationShare).rounded()), pieces.count))
    let isHeldBack = pieces.indices.map { $0 % spacing == spacing - 1 }
    let training = zip(pieces, isHeldBack).filter { !$0.1 }.map(\.0)
    let characters = Self.characters(of: training)
    let tokens = Self.tokens(of: characters)
    self.characters = characters
    sentences = training.map { $0.units.map { tokens[$0] ?? 1 } }
    validation = Array(
      zip(pieces, isHeldBack).filter(\.1).map { String($0.0) }.prefix(Self.mostValidation))
    characterCount = sentences.reduce(0) { $0 + $1.count + 1 }
    (self.options, self.threadCount) = (options, threadCount)
  }

  /// A line in pieces that are short enough, cut at spaces where there are any.
  private static func pieces(of line: String) -> [Substring] {
    var (pieces, rest) = ([Substring](), line[...])
    while let limit = rest.index(
      rest.startIndex, offsetBy: longestSentence, limitedBy: rest.endIndex), limit < rest.endIndex
    {
      let cut = rest[..<limit].lastIndex(of: " ") ?? limit
      pieces.append(rest[..<cut])
      rest = rest[cut...].drop { $0 == " " }
    }
    return rest.isEmpty ? pieces : pieces + [rest]
  }

  private static func characters(of sentences: [Substring]) -> [String] {
    var (counts, all) = ([Character: Int](), 0)
    for sentence in sentences {
      let units = sentence.units
      for character in units { counts[character, default: 0] += 1 }
      all += units.count
    }
    return counts.filter { $0.value * rarest >= all }.map { String($0.key) }.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
  }

  private static func tokens(of characters: [String]) -> [Character: UInt16] {
    var tokens: [Character: UInt16] = [:]
    for (index, character) in characters.enumerated() {
      tokens[Character(character)] = UInt16(index + 2)
    }
    return tokens
  }
}

extension LanguageTrainer {
  /// How far a run has come.
  public struct Progress: Sendable {
    /// The epoch, counted from 1.
    public let epoch: Int
    /// The mean loss of the epoch so far, in nats a character.
    public let loss: Double
    /// How many characters are learned from in a second.
    public let charactersPerSecond: Double
    /// About how long it will take to the end.
    public let secondsLeft: Double
  }

  /// What happens in a run.
  public enum Event: Sendable {
    /// A step was taken.
    case step(Progress)
    /// A round ended: an epoch, or a part of a long one. `perplexity` is that of a character of
    /// the sentences held out; the model is there when it is the best so far.
    case round(Progress, perplexity: Double, improved: NeuralLanguageModel?)
  }

  /// Trains, until the task is cancelled or all epochs are done.
  ///
  /// - Parameter report: is told what happens.
  /// - Returns: the best model, and whether the run was stopped before its end.
  /// - Throws: `TrainingError.stoppedBeforeFirstStep`, `.diverged` and `.network`.
  public func run(
    report: (Event) throws -> Void = { _ in }
  ) async throws -> (model: NeuralLanguageModel, wasStopped: Bool) {
    try await agreeWithOtherRanks()
    var run = try LanguageTrainingRun(self)
    return try await run.train(threadCount: threadCount, report: report)
  }

  /// A number, in text, that tells the sentences from others.
  var fingerprint: String {
    var sum = Checksum()
    for sentence in sentences { sum.add(sentence) }
    for sentence in validation { sum.add(sentence) }
    return String(sum.value, radix: 16)
  }

  /// The tokens of sentences, in shards that go through the network together.
  func shards(of batch: [Int]) -> [[[UInt16]]] {
    stride(from: 0, to: batch.count, by: Self.shardSize).map { first in
      batch[first..<min(first + Self.shardSize, batch.count)].map { sentences[$0] }
    }
  }

  /// The perplexity of a character of the sentences held out, ends included.
  func perplexity(of model: NeuralLanguageModel) async throws -> Double {
    // Whole batches, since what else is in one may show in the last digit.
    let size = NeuralLanguageModel.batchSize
    let share = ranks.share(of: (validation.count + size - 1) / size)
    let texts = Array(validation.dropFirst(size * share.lowerBound).prefix(size * share.count))
    let found = try await ranks.gather { model.logProbabilities(of: texts) }
    var (sum, count) = (0.0, 0)
    for logProbabilities in found.joined() {
      for logProbability in logProbabilities { sum += Double(logProbability) }
      count += logProbabilities.count
    }
    return exp(-sum / Double(max(count, 1)))
  }

  /// The sentences of an epoch in batches of about one length, in random order.
  func batches(ofEpoch epoch: Int) -> [[Int]] {
    var random = SplitMix64(
      seed: options.seed, stream: RandomStream.batches.rawValue, UInt64(epoch))
    let order = sentences.indices.shuffled(using: &random)
    let poolSize = 64 * options.batchSize
    var batches: [[Int]] = []
    for begin in stride(from: 0, to: order.count, by: poolSize) {
      let pool = order[begin..<min(begin + poolSize, order.count)].sorted {
        (sentences[$0].count, $0) < (sentences[$1].count, $1)
      }
      for first in stride(from: 0, to: pool.count, by: options.batchSize) {
        batches.append(Array(pool[first..<min(first + options.batchSize, pool.count)]))
      }
    }
    return batches.shuffled(using: &random)
  }
}
