public import ArgumentParser

/// A length of time, as 90s, 20m or 1.5h.
public struct TimeSpan: ExpressibleByArgument {
  /// The length in seconds, above 0.
  let seconds: Double

  /// Reads a number and its unit.
  public init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = argument.last.flatMap({ units[$0] }), let number = Double(argument.dropLast()),
      number > 0, (number * unit).isFinite
    else { return nil }
    seconds = number * unit
  }
}
