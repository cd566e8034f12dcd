internal import FoundationEssentials
internal import StapesFiles

/// A part of a batch that runs by itself, perhaps on another machine.
///
/// Which part a file is in depends on nothing but its name in the batch and the number of parts.
public struct Shard: Sendable, Equatable {
  /// Which part it is, from 1.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// All of a batch.
  public static let whole = Shard(number: 1, of: 1)

  /// Makes a part.
  ///
  /// - Precondition: the number is in 1...count.
  public init(number: Int, of count: Int) {
    precondition(1 <= number && number <= count, "part \(number) of \(count)")
    (self.number, self.count) = (number, count)
  }

  /// Reads a description such as `3/8`; nil for what is none.
  public init?(parsing description: String) {
    let numbers = description.split(separator: "/", omittingEmptySubsequences: false).map {
      Int($0)
    }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1], number >= 1,
      number <= count
    else { return nil }
    self.init(number: number, of: count)
  }

  /// Reads which part a scheduler of jobs has given to this process: an array of SLURM, a rank of
  /// Open MPI, or one of MPICH and its kin (PMI); nil where none has.
  ///
  /// - Parameter environment: the process's environment.
  public init?(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    if let id = number("SLURM_ARRAY_TASK_ID"), let count = number("SLURM_ARRAY_TASK_COUNT") {
      // The numbers of an array need not begin at 0, nor follow each other.
      let first = number("SLURM_ARRAY_TASK_MIN") ?? 0
      let step = max(1, number("SLURM_ARRAY_TASK_STEP") ?? 1)
      self.init(parsing: "\((id - first) / step + 1)/\(count)")
      return
    }
    for (rank, size) in [
      ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
    ] {
      guard let rank = number(rank), let size = number(size) else { continue }
      self.init(parsing: "\(rank + 1)/\(size)")
      return
    }
    return nil
  }

  /// A name for its files, such as `3-of-8`.
  var name: String { "\(number)-of-\(count)" }

  /// Whether it has a file of this name.
  public func contains(_ name: String) -> Bool {
    var hash = ContentHash()
    hash.add(name)
    return Int(hash.value % UInt64(count)) == number - 1
  }
}
