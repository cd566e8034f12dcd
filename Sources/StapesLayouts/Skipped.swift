internal import StapesText

/// A line of a list of clips.
public struct ListLine: Sendable, Hashable {
  /// The path of the list.
  public let path: String
  /// The number of the line, which counts from 1.
  public let number: Int
}

/// A clip, or what might have been one, that cannot be used.
public struct Skipped: Sendable, Equatable {
  /// The file that it is about; where there is none, the clip's name below its folder.
  public let path: String
  /// Why it was skipped.
  public let reason: SkipReason
  /// The line that names it; nil where no list does.
  public package(set) var line: ListLine?

  package init(path: String, reason: SkipReason, line: ListLine? = nil) {
    (self.path, self.reason, self.line) = (path, reason, line)
  }
}

extension Skipped: CustomStringConvertible {
  /// The file and why it was skipped; a sentence on unreadable sound names the file itself.
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

extension [Skipped] {
  /// How many were skipped for each kind of reason, with the first of each; of malformed lines
  /// the first few, since each has a cause of its own.
  package var summary: String {
    guard !isEmpty else { return "nothing was found" }
    var kinds: [(count: Int, examples: [Skipped])] = []
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
