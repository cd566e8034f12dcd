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
