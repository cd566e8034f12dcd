extension Corpus: CustomStringConvertible {
  /// The sources, a line each, then the sum where there are several, then what was left out and
  /// why.
  public var description: String {
    var lines = sources.map(\.description)
    if sources.count > 1 {
      lines.append("together: \(counted(clips.count, "clip")), \(formatted(seconds: seconds))")
    }
    if !leftOut.isEmpty { lines.append("left out: " + leftOut.summary) }
    return lines.joined(separator: "\n")
  }
}

extension Corpus {
  /// The clips that are skipped because their sources give different texts for them.
  public var conflicts: [LeftOut] {
    leftOut.filter { if case .conflictingTexts = $0.reason { true } else { false } }
  }
}

extension Corpus.Source: CustomStringConvertible {
  /// What was found where, such as "fsdd: name-encoded files; 2,700 clips, 0.33 hours, 6 speakers,
  /// 10 different texts".
  public var description: String {
    var facts = [counted(clipCount, "clip"), formatted(seconds: seconds)]
    if speakerCount > 0 { facts.append(counted(speakerCount, "speaker")) }
    facts.append(counted(textCount, "different text"))
    if byteOrderMarkCount > 0 {
      facts.append("byte order marks taken off \(counted(byteOrderMarkCount, "text file"))")
    }
    if carriageReturnCount > 0 {
      facts.append("\(counted(carriageReturnCount, "line")) ending as on Windows")
    }
    if windows1252Count > 0 {
      facts.append("\(counted(windows1252Count, "text file")) read as Windows-1252")
    }
    return "\(path): \(layout.name); \(facts.joined(separator: ", "))"
  }
}

extension Corpus.LeftOut: CustomStringConvertible {
  /// The file and why it was left out; a sentence on unreadable sound names the file itself.
  public var description: String {
    if case .unreadableAudio(let sentence) = reason { return sentence }
    return "\(path): \(reason)" + (line.map { " (\($0.path), line \($0.number))" } ?? "")
  }

  /// The file, and what is particular about it, for those that name the reason themselves.
  fileprivate var place: String {
    if case .unreadableAudio(let sentence) = reason { return sentence }
    let place = reason.detail.map { "\(path), \($0)" } ?? path
    return line.map { "\(place), named in \($0.path), line \($0.number)" } ?? place
  }
}

extension [Corpus.LeftOut] {
  /// How many were left out for each kind of reason, with the first of each; of malformed lines
  /// the first few, since each has a cause of its own.
  var summary: String {
    guard !isEmpty else { return "nothing was found" }
    var kinds: [(count: Int, examples: [Corpus.LeftOut])] = []
    for item in self {
      guard let index = kinds.firstIndex(where: { $0.examples[0].reason.kind == item.reason.kind })
      else {
        kinds.append((1, [item]))
        continue
      }
      kinds[index].count += 1
      if case .malformedLine = item.reason, kinds[index].examples.count < 3 {
        kinds[index].examples.append(item)
      }
    }
    return kinds.map { count, examples in
      let start = count > examples.count ? "first: " : ""
      let places = examples.map(\.place).joined(separator: "; ")
      return "\(grouped(count)) \(examples[0].reason.kind) (\(start)\(places))"
    }.joined(separator: ", ")
  }
}

/// A count with its noun, such as "1,199 clips".
func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A count with commas between its thousands.
func grouped(_ count: Int) -> String {
  let digits = Array(String(count))
  return digits.indices.map { index in
    let isGroup = index > 0 && (digits.count - index).isMultiple(of: 3)
    return (isGroup ? "," : "") + String(digits[index])
  }.joined()
}

/// Hours to the hundredth, or below a tenth of an hour minutes to the hundredth.
func formatted(seconds: Double) -> String {
  let isShort = seconds < 360
  let value = isShort ? seconds / 60 : seconds / 3600
  let hundredths = Int((value * 100).rounded())
  let fraction = String(hundredths % 100 + 100).dropFirst()
  return "\(grouped(hundredths / 100)).\(fraction) \(isShort ? "minutes" : "hours")"
}
