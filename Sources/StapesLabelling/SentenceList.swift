package import StapesFiles
internal import StapesText

/// Sentences to be read aloud, of which that is next whose letters and words were labelled least.
package struct SentenceList: Sendable {
  /// The sentences.
  package let sentences: [String]

  /// Takes the sentences of a text, one on each line.
  ///
  /// - Parameter text: lines that hold no letter are passed over.
  package init(_ text: String) {
    sentences = text.split(whereSeparator: \.isNewline).map { $0.trimmed }
      .filter { $0.contains(where: \.isLetter) && $0.utf8.count <= 1000 }
  }

  /// Reads the sentences of a file.
  ///
  /// - Throws: `FileError`.
  package init(contentsOf path: String) throws(FileError) {
    self.init(String(decoding: try FileSystem.read(path, role: "list"), as: UTF8.self))
  }

  /// The number of the sentence to read next; nil where none is left.
  ///
  /// - Parameters:
  ///   - texts: what is labelled already; sentences among them are not read again.
  ///   - skipped: numbers of sentences that are not wanted.
  package func next(after texts: [String], skipping skipped: Set<Int> = []) -> Int? {
    var counts: [Substring: Int] = [:]
    for text in texts { for unit in Self.units(of: text) { counts[unit, default: 0] += 1 } }
    let done = Set(texts.map(Self.plain))
    let left = sentences.indices.filter {
      !skipped.contains($0) && !done.contains(Self.plain(sentences[$0]))
    }
    let gains = left.map { index -> (gain: Double, index: Int) in
      let units = Set(Self.units(of: sentences[index]))
      let sum = units.sorted().reduce(0) { $0 + 1 / Double(1 + counts[$1, default: 0]) }
      return (sum / Double(max(units.count, 1)), index)
    }
    return gains.max { ($0.gain, $1.index) < ($1.gain, $0.index) }?.index
  }

  /// The words of a text, and the pairs of letters that follow each other in them.
  private static func units(of text: String) -> [Substring] {
    plain(text).split(separator: " ").flatMap { word -> [Substring] in
      let places = word.indices
      return [word] + zip(places, places.dropFirst()).map { word[$0...$1] }
    }
  }

  private static func plain(_ text: String) -> String {
    let letters = text.lowercased().map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }
    return String(letters).split(separator: " ").joined(separator: " ")
  }
}
