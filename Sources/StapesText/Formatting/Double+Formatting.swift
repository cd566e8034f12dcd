extension Double {
  /// The number with so many digits after the point.
  package func formatted(decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (self * scale).rounded()
    guard scaled.magnitude < 1e15 else { return "\(self)" }
    let digits = String(Int(scaled.magnitude))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let text = decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
    return (scaled < 0 ? "-" : "") + text
  }

  /// The number to so many decimals, as text.
  package func rounded(to decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { value, _ in value * 10 }
    let rounded = (self * scale).rounded() / scale
    return decimals == 0 ? "\(Int(rounded))" : "\(rounded)"
  }
}

/// A duration in seconds as hours, minutes and seconds, such as 1:02:03 or 4:05; ?:?? for one that is
/// not known, as what is left of a run before its first step, or beyond a billion.
package func clockTime(_ seconds: Double) -> String {
  guard seconds < 1e9 else { return "?:??" }
  let whole = Int(max(seconds, 0).rounded())
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(whole % 60)
}

extension Duration {
  /// The duration in seconds.
  package var inSeconds: Double { self / .seconds(1) }
}

/// A count with its noun, such as "1,199 clips".
package func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A count with commas between its thousands.
package func grouped(_ count: Int) -> String {
  let digits = Array(String(count))
  return digits.indices.map { index in
    let isGroup = index > 0 && (digits.count - index).isMultiple(of: 3)
    return (isGroup ? "," : "") + String(digits[index])
  }.joined()
}
