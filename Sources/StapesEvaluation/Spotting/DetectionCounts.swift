internal import Glibc

/// What spotting one phrase came to at a threshold: misses, and false alarms in some hours.
public struct DetectionCounts: Sendable, Equatable {
  /// How often the phrase was said.
  public var saidCount = 0
  /// How often of these it was not found.
  public var missCount = 0
  /// How often it was found where it was not said.
  public var falseAlarmCount = 0
  /// The sound in which it was not said, in hours.
  public var hours = 0.0

  /// None.
  public init() {}

  /// The share of misses; 0 where nothing was said.
  public var missRate: Double { Double(missCount) / Double(max(saidCount, 1)) }
  /// False alarms an hour.
  public var falseAlarmRate: Double { hours > 0 ? Double(falseAlarmCount) / hours : 0 }

  /// Adds the counts of other sound.
  public func adding(_ other: DetectionCounts) -> DetectionCounts {
    var sum = self
    sum.saidCount += other.saidCount
    sum.missCount += other.missCount
    sum.falseAlarmCount += other.falseAlarmCount
    sum.hours += other.hours
    return sum
  }

  /// The interval of 95 % of the share of misses (Wilson 1927).
  public var missInterval: ClosedRange<Double> {
    guard saidCount > 0 else { return 0...1 }
    let (n, p, z) = (Double(saidCount), missRate, 1.96)
    let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, middle - half)...min(1, middle + half)
  }

  /// The interval of 95 % of the false alarms an hour: that of a Poisson distribution, by Byar's
  /// approximation (Breslow and Day 1987).
  public var falseAlarmInterval: ClosedRange<Double> {
    guard hours > 0 else { return 0...Double.infinity }
    func bound(_ count: Double, _ z: Double) -> Double {
      count > 0 ? count * pow(1 - 1 / (9 * count) + z / (3 * count.squareRoot()), 3) : 0
    }
    let count = Double(falseAlarmCount)
    return bound(count, -1.96) / hours...bound(count + 1, 1.96) / hours
  }
}
