/// Characters of texts that an alphabet does not have, and what became of them.
public struct ForeignCharacters: Sendable, Equatable {
  /// One of them.
  public struct Entry: Sendable, Equatable {
    /// The character.
    public let character: String
    /// What is written instead, as `e` for `é`; empty where it is a sign that is left out, and nil
    /// where nothing stands for it.
    public let replacement: String?
    /// How often it was met.
    public fileprivate(set) var count: Int
  }

  /// The characters in the order in which they were met.
  public private(set) var entries: [Entry] = []

  /// None yet.
  public init() {}

  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// Adds those of other texts.
  public static func += (sum: inout ForeignCharacters, other: ForeignCharacters) {
    for entry in other.entries { sum.add(entry.character, entry.replacement, entry.count) }
  }

  mutating func add(_ character: String, _ replacement: String?, _ count: Int = 1) {
    let index = entries.firstIndex { $0.character == character && $0.replacement == replacement }
    if let index {
      entries[index].count += count
    } else {
      entries.append(Entry(character: character, replacement: replacement, count: count))
    }
  }

  /// Those for which nothing stands, each with how often it was met, such as `"я" (3), "ж"`.
  public var unwritable: String {
    entries.filter { $0.replacement == nil }.map { entry in
      entry.count == 1 ? "\"\(entry.character)\"" : "\"\(entry.character)\" (\(entry.count))"
    }.joined(separator: ", ")
  }

  /// Those for which something stands, such as `"é" (3) as "e"`.
  public var replaced: String {
    entries.compactMap { entry in
      guard let replacement = entry.replacement else { return nil }
      let count = entry.count == 1 ? "" : " (\(entry.count))"
      let base = entry.character.unicodeScalars.first?.isCombining == true ? "◌" : ""
      return "\"\(base)\(entry.character)\"\(count) "
        + (replacement.isEmpty ? "as nothing" : "as \"\(replacement)\"")
    }.joined(separator: ", ")
  }
}

extension Alphabet {
  /// A text in the characters of the alphabet: what it lacks is written without its marks (`é` as
  /// `e`, `ß` as `ss`), signs that it lacks are left out, and so is what nothing stands for.
  ///
  /// - Parameters:
  ///   - text: a text that is already normalised.
  ///   - foreign: the characters that the alphabet lacks are added to it.
  /// - Returns: the text; nil where nothing stands for more than half of its letters, or nothing at
  ///   all is left.
  public func fitted(_ text: String, noting foreign: inout ForeignCharacters) -> String? {
    var (result, own, lost, kept) = ("", ForeignCharacters(), 0, 0)
    for character in text.composed {
      if isWritable(character) {
        result.append(character)
        kept += character == " " ? 0 : 1
        continue
      }
      for unit in character.units {
        if isWritable(unit) {
          result.append(unit)
          kept += 1
        } else if unit == " " {
          own.add(" ", nil)
        } else if let replacement = replacement(for: unit) {
          own.add(String(unit), replacement)
          result += replacement
          kept += 1
        } else {
          own.add(String(unit), nil)
          lost += 1
        }
      }
    }
    foreign += own
    let words = result.split(separator: " ")
    return words.isEmpty || lost > kept ? nil : words.joined(separator: " ")
  }

  private func isWritable(_ character: Character) -> Bool {
    (try? labels(of: String(character))) != nil
  }

  /// What stands for a character that the alphabet lacks; nil for nothing.
  private func replacement(for unit: Character) -> String? {
    if unit.unicodeScalars.allSatisfy(\.isCombining) { return "" }
    let plain = String(scalars: String(unit).decomposed.unicodeScalars.filter { !$0.isCombining })
    let candidates = [plain, plainLetters[unit] ?? "", plain.lowercased(), plain.uppercased()]
    return candidates.first { candidate in
      !candidate.isEmpty && candidate.allSatisfy(isWritable)
    }
  }
}

/// Letters that are written with others where there is no key for them.
private let plainLetters: [Character: String] = [
  "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
  "ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ς": "σ", "Æ": "AE", "Œ": "OE", "Ø": "O", "Đ": "D",
  "Ð": "D", "Þ": "TH", "Ł": "L", "Ħ": "H", "ẞ": "SS", "ґ": "г", "ى": "ي", "ی": "ي", "ک": "ك",
  "ي": "ی", "ك": "ک", "ة": "ه", "\u{2019}": "'",
]
