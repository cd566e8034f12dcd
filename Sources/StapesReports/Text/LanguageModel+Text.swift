package import StapesLanguage
internal import StapesText

extension NGramReport {
  /// What was found, in lines for people.
  package func summary(unit: LanguageUnit) -> String {
    var lines = [
      "\(counted(sentenceCount, "sentence")), \(counted(tokenCount, unit.rawValue)), "
        + "\(differentTokenCount) different"
    ]
    for (index, (found, discounts)) in zip(foundCounts, discounts).enumerated() {
      let amounts = discounts.amounts.map { $0.formatted(decimals: 3) }.joined(separator: " ")
      let kept = index < keptCounts.count ? keptCounts[index] : 0
      let source =
        discounts.isFallback ? " (defaults, because too few n-grams occur once to four times)" : ""
      lines.append(
        "\(index + 1)-grams: \(found) found, \(kept) kept, discounts \(amounts)\(source)")
    }
    return lines.joined(separator: "\n")
  }
}

extension Perplexity {
  /// The figures in lines for people.
  package func text(unit: LanguageUnit) -> String {
    func line(_ name: String, _ sum: Sum) -> String {
      "\(name) \(sum.perWord.formatted(decimals: 3)) per word, "
        + "\(sum.perCharacter.formatted(decimals: 4)) per character\n"
    }
    return line("with unknown words    ", all) + line("without unknown words ", known)
      + "\(counted(all.sentenceCount, "sentence")), \(counted(all.wordCount, "word")), "
      + "\(counted(all.characterCount, "character")), "
      + "\(counted(unknownCount, "unknown \(unit.rawValue)"))\n"
  }
}

/// The figures as one JSON object.
package struct PerplexityRecord: Encodable {
  struct Figures: Encodable {
    let perWord, perCharacter, logProbability: Double
    let wordCount, characterCount: Int

    init(_ sum: Perplexity.Sum) {
      (perWord, perCharacter) = (sum.perWord, sum.perCharacter)
      logProbability = sum.logProbability
      (wordCount, characterCount) = (sum.wordCount, sum.characterCount)
    }
  }

  let all, known: Figures
  let sentenceCount, unknownCount: Int

  package init(_ perplexity: Perplexity) {
    (all, known) = (Figures(perplexity.all), Figures(perplexity.known))
    (sentenceCount, unknownCount) = (perplexity.all.sentenceCount, perplexity.unknownCount)
  }
}
