internal import FoundationEssentials
internal import StapesFiles

/// A part of a batch that runs by itself, perhaps on another machine.
///
/// Which files it has depends on nothing but what all parts can see; see `Division`.
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

  /// A name for its files, such as `3-of-8`.
  var name: String { "\(number)-of-\(count)" }

  /// Whether it has a file of this name where names alone divide a batch.
  public func contains(_ name: String) -> Bool {
    var hash = ContentHash()
    hash.add(name)
    return Int(hash.value % UInt64(count)) == number - 1
  }
}
