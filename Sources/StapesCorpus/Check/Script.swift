/// The alphabets whose letters are taken for each other, as Latin, Greek and Cyrillic “o” are.
enum Script: String {
  case latin = "Latin"
  case greek = "Greek"
  case cyrillic = "Cyrillic"

  /// The script of a letter; nil for any other, and for what is no letter.
  init?(_ character: Character) {
    guard let scalar = character.unicodeScalars.first, scalar.properties.isAlphabetic else {
      return nil
    }
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
    case 0x400...0x52F, 0x1C80...0x1C8F: self = .cyrillic
    default: return nil
    }
  }

  /// Whether a word has letters of more than one of them.
  static func isMixed(_ word: some StringProtocol) -> Bool {
    // Most words of most texts are settled by their bytes.
    guard word.utf8.contains(where: { $0 >= 0x80 }) else { return false }
    let scripts = word.lazy.compactMap(Script.init)
    guard let first = scripts.first else { return false }
    return scripts.contains { $0 != first }
  }

  /// The letters of each script in a word, such as “п Cyrillic, a Latin”.
  static func spelling(of word: some StringProtocol) -> String {
    var parts: [(letters: String, script: Script)] = []
    for character in word {
      guard let script = Script(character) else { continue }
      if let last = parts.indices.last, parts[last].script == script {
        parts[last].letters.append(character)
      } else {
        parts.append((String(character), script))
      }
    }
    return parts.map { "\($0.letters) \($0.script.rawValue)" }.joined(separator: ", ")
  }
}
