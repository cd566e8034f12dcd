package import StapesModel
public import StapesText

/// Texts of a list or file that hold characters which a model does not write, and what was done.
public struct UnwritableTexts: Sendable, Equatable, CustomStringConvertible {
  /// The characters.
  public fileprivate(set) var characters = ForeignCharacters()
  /// How many of the texts hold such characters.
  public fileprivate(set) var count = 0
  /// The texts that are skipped, as they were given.
  public fileprivate(set) var skipped: [String] = []
  /// The file that they come from; nil for none.
  public let path: String?

  /// None yet.
  package init(path: String?) { self.path = path }

  /// Adds those of other texts.
  package mutating func add(_ other: UnwritableTexts) {
    characters += other.characters
    count += other.count
    skipped += other.skipped
  }

  /// Whether there are any.
  public var isEmpty: Bool { count == 0 && skipped.isEmpty }

  /// What is amiss, what is done about it, and what helps.
  public var description: String {
    var facts: [String] = []
    if !characters.replaced.isEmpty { facts.append("\(characters.replaced) is written") }
    if !characters.unwritable.isEmpty {
      facts.append("the model does not write \(characters.unwritable)")
    }
    if !skipped.isEmpty {
      let shown = skipped.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      let more = skipped.count > 5 ? " and \(skipped.count - 5) more" : ""
      facts.append("skipped: \(shown)\(more)")
    }
    let texts = count == 1 ? "1 text is" : "\(count) texts are"
    let start = count == 0 ? "some texts are empty" : "\(texts) not in the model's characters"
    return (path.map { "\($0): " } ?? "") + "\(start): \(facts.joined(separator: "; ")); "
      + "`stapes info` lists the model's characters"
  }
}

extension SpeechModel {
  /// The labels of a text, in which characters that the model does not write are replaced where
  /// something stands for them.
  ///
  /// - Parameters:
  ///   - text: the text as it was given.
  ///   - unwritable: is told what the model does not write.
  ///   - skipsLossy: whether a text is skipped of which a single character cannot be written, as
  ///     another word would be left; else it is skipped where more than half cannot be.
  /// - Returns: the text as it is written, and its labels; nil where it is skipped.
  package func writable(
    _ text: String, skipsLossy: Bool, noting unwritable: inout UnwritableTexts
  ) -> (text: String, labels: [Int])? {
    let normalized = self.normalized(text)
    var foreign = ForeignCharacters()
    let fitted = alphabet.fitted(normalized, noting: &foreign)
    if !foreign.isEmpty {
      unwritable.count += 1
      unwritable.characters += foreign
    }
    guard let fitted, !skipsLossy || foreign.unwritable.isEmpty,
      let labels = try? alphabet.labels(of: fitted)
    else {
      unwritable.skipped.append(text)
      return nil
    }
    return (fitted, labels)
  }
}
