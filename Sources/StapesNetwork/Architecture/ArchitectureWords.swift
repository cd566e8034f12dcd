/// The words of a description, each with its place in the text.
struct ArchitectureWords {
  private struct Word {
    let text: String
    let line: Int
    let position: Int
  }

  /// A comma or a line end is the word ",".
  private var words: [Word] = []
  private var index = 0
  private var end = Word(text: "", line: 1, position: 1)

  /// Parts a text into words.
  init(_ text: String) {
    var (line, position, word, isComment) = (1, 1, "", false)
    for character in text {
      let isEnd = character.isNewline || character == "," || character == "#"
      if isEnd || character.isWhitespace || isComment {
        add(&word, line, position)
      } else {
        word += character.lowercased()
      }
      if character.isNewline || character == ",", !isComment || character.isNewline {
        words.append(Word(text: ",", line: line, position: position))
      }
      isComment = !character.isNewline && (isComment || character == "#")
      (line, position) = character.isNewline ? (line + 1, 1) : (line, position + 1)
    }
    add(&word, line, position)
    end = Word(text: "", line: line, position: position)
  }

  private mutating func add(_ word: inout String, _ line: Int, _ position: Int) {
    guard !word.isEmpty else { return }
    words.append(Word(text: word, line: line, position: position - word.count))
    word = ""
  }

  private var next: Word { index < words.count ? words[index] : end }

  /// Whether the item ends here.
  var isAtItemEnd: Bool { index == words.count || words[index].text == "," }

  /// Goes to the next item; false at the end of the text.
  mutating func skipSeparators() -> Bool {
    while index < words.count, words[index].text == "," { index += 1 }
    return index < words.count
  }

  /// Whether a word comes next.
  func isNext(_ word: String) -> Bool { next.text == word }

  /// Takes a word, if it comes next.
  mutating func take(_ word: String) -> Bool {
    guard isNext(word) else { return false }
    index += 1
    return true
  }

  /// Takes a whole number.
  mutating func count() throws(NetworkError) -> Int {
    guard let count = Int(next.text), count >= 0 else { throw error(allowed: "a whole number") }
    index += 1
    return count
  }

  /// Takes a number.
  mutating func number() throws(NetworkError) -> Double {
    guard let number = Double(next.text), number.isFinite else {
      throw error(allowed: "a number")
    }
    index += 1
    return number
  }

  /// Takes frames x frequencies, such as 11x41.
  mutating func extent() throws(NetworkError) -> Convolution2D.Extent {
    guard let (time, frequency) = pair else {
      throw error(allowed: "frames x frequencies such as 11x41")
    }
    index += 1
    return Convolution2D.Extent(time: time, frequency: frequency)
  }

  /// Takes a size, 320, or one with a number of layers, 3x320.
  mutating func repeatedSize() throws(NetworkError) -> (count: Int, size: Int) {
    if let size = Int(next.text), size >= 0 {
      index += 1
      return (1, size)
    }
    guard let pair, pair.0 >= 1 else {
      throw error(
        allowed: index == 0
          ? "an item such as stack 3, conv2 or 3x320 lstm" : "an item such as 3x320 lstm")
    }
    index += 1
    return (pair.0, pair.1)
  }

  private var pair: (Int, Int)? {
    let parts = next.text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let one = Int(parts[0]), let other = Int(parts[1]), one >= 0,
      other >= 0
    else { return nil }
    return (one, other)
  }

  /// That the next word is not one of those allowed.
  func error(allowed: String) -> NetworkError {
    .unreadable(
      line: next.line, position: next.position,
      found: next.text == "," && index == words.count ? "" : next.text, allowed: allowed)
  }
}
