internal import StapesText

extension CorpusCheck {
  /// Fewer characters than this say nothing about which are rare.
  private static let leastCharacters = 1000

  /// What is wrong with the texts.
  var textItems: Items {
    var items = Items()
    for clip in clips {
      // A clip without any text was given as background; readers leave out all others.
      if clip.text.isEmpty, !clip.clip.text.isEmpty {
        items.add(.emptyText, clip, "nothing is left of “\(clip.clip.text)”")
      }
      if let word = clip.text.split(separator: " ").first(where: { Script.isMixed($0) }) {
        items.add(.mixedScripts, clip, "“\(word)”: \(Script.spelling(of: word))")
      }
      let written = clip.clip.text
      if !written.composed.unicodeScalars.elementsEqual(written.unicodeScalars) {
        items.add(.decomposedText, clip, "not in Normalization Form C")
      }
    }
    addRareCharacters(to: &items)
    return items
  }

  /// Characters in fewer than three training clips, and characters in none.
  private func addRareCharacters(to items: inout Items) {
    var clipCounts: [String: Int] = [:]
    var characterCount = 0
    for clip in clips where !clip.isForValidation {
      for character in characters(of: clip) { clipCounts[character, default: 0] += 1 }
      characterCount += clip.text.count
    }
    for clip in clips {
      let characters = characters(of: clip)
      if clip.isForValidation {
        let unknown = characters.filter { clipCounts[$0] == nil }
        guard !unknown.isEmpty, characterCount > 0 else { continue }
        items.add(.untrainedCharacter, clip, unknown.map(\.named).joined(separator: ", "))
      } else if characterCount >= Self.leastCharacters {
        let rare = characters.filter { clipCounts[$0, default: 0] < 3 }
        guard !rare.isEmpty else { continue }
        let details = rare.map { "\($0.named) in \(clipCounts[$0, default: 0]) of all clips" }
        items.add(.rareCharacter, clip, details.joined(separator: ", "))
      }
    }
  }

  /// The characters of a clip's text as a model writes them, each once, in order.
  private func characters(of clip: ClipFacts) -> [String] {
    Alphabet(transcripts: [clip.text], rules: requirements.text.rules).characters
  }

  /// Speakers and sentences that are both trained and validated on.
  var overlapItems: Items {
    var items = Items()
    let training = clips.filter { !$0.isForValidation }
    let validation = clips.filter(\.isForValidation)
    let speakers = Set(training.compactMap(\.clip.speaker))
    // Where the words are few, the same sentences are no accident.
    let words = Set(training.flatMap { $0.text.split(separator: " ") })
    let sentences = Set(training.map(\.text))
    for clip in validation {
      if let speaker = clip.clip.speaker, speakers.contains(speaker) {
        items.add(.sharedSpeaker, clip, "speaker \(speaker)")
      }
      let wordCount = clip.text.split(separator: " ").count
      if words.count > 100, wordCount >= 4, sentences.contains(clip.text) {
        items.add(.sharedSentence, clip, "“\(clip.text)”")
      }
    }
    return items
  }
}

extension String {
  /// The character and its code points, such as “é” (U+00E9).
  fileprivate var named: String {
    "“\(self)” (\(unicodeScalars.map(\.named).joined(separator: " ")))"
  }
}
