internal import StapesDecoding
internal import StapesLanguage
internal import StapesModel
internal import StapesText

extension SpeechModel {
  /// The label that parts words; nil for a model that writes single words.
  var separator: Int? { try? alphabet.labels(of: " ").first }

  /// The model's vocabulary as the decoder needs it; nil when it writes any word.
  var lexicon: Lexicon? { vocabulary.map(lexicon) }

  private func lexicon(of words: [String]) -> Lexicon {
    Lexicon(words: words.compactMap { try? alphabet.labels(of: $0) }, separator: separator)
  }

  /// What is known of the language as the decoder needs it; nil for nothing.
  ///
  /// Of a model of words, those are written that the alphabet can spell and, where the recogniser
  /// has a vocabulary of its own, that vocabulary has; the words of hotwords, and those that the
  /// model may write beside its usual language model.
  ///
  /// - Throws: `RecognitionError.foreignLanguageModel` when nothing in it could be written.
  func fusion(
    with model: LanguageModel?, hotwords: WritableHotwords?, weights: LanguageWeights,
    allowsAnyWord: Bool
  ) throws(RecognitionError) -> LanguageFusion? {
    let favoured = Set((hotwords?.words ?? []) + (languageModel?.furtherWords ?? [])).sorted()
    var vocabulary = allowsAnyWord ? nil : vocabulary
    vocabulary?.append(contentsOf: favoured.filter { !(self.vocabulary ?? []).contains($0) })
    guard let model else {
      return hotwords.map {
        LanguageFusion(
          hotwords: $0.automaton, separator: separator, lexicon: vocabulary.map(lexicon))
      }
    }
    var fusion: LanguageFusion
    switch model {
    case .neural(let model):
      fusion = try neuralFusion(with: model, vocabulary: vocabulary, weights: weights)
    case .ngrams(let model) where model.unit == .character:
      fusion = try characterFusion(with: model, vocabulary: vocabulary, weights: weights)
    case .ngrams(let model):
      fusion = try wordFusion(
        with: model, vocabulary: vocabulary, favoured: favoured, weights: weights)
    }
    fusion.hotwords = hotwords?.automaton
    fusion.labelPriors = labelPriors
    return fusion
  }

  private func characterFusion(
    with model: NGramModel, vocabulary: [String]?, weights: LanguageWeights
  ) throws(RecognitionError) -> LanguageFusion {
    // Blank is no character.
    let characters = [""] + alphabet.characters.map { $0 == " " ? LanguageUnit.space : $0 }
    let tokens = characters.map { model.index(of: $0) ?? model.unknownWord }
    let hasLetter = zip(characters, tokens).contains { character, token in
      character != LanguageUnit.space && token != model.unknownWord
    }
    guard hasLetter else { throw .foreignLanguageModel }
    return LanguageFusion(
      characters: model, numbers: tokens, separator: separator,
      lexicon: vocabulary.map(lexicon), weights: weights)
  }

  private func neuralFusion(
    with model: NeuralLanguageModel, vocabulary: [String]?, weights: LanguageWeights
  ) throws(RecognitionError) -> LanguageFusion {
    let tokens = alphabet.characters.map(model.token(of:))
    let hasLetter = zip(alphabet.characters, tokens).contains { character, token in
      character != " " && token != model.unknownToken
    }
    guard hasLetter else { throw .foreignLanguageModel }
    return LanguageFusion(
      predictor: model, numbers: [model.unknownToken] + tokens, separator: separator,
      lexicon: vocabulary.map(lexicon), weights: weights)
  }

  private func wordFusion(
    with model: NGramModel, vocabulary: [String]?, favoured: [String], weights: LanguageWeights
  ) throws(RecognitionError) -> LanguageFusion {
    let speller = Speller(alphabet)
    guard let vocabulary else {
      let first = model.spokenWords.lowerBound
      let count = model.spokenWords.count
      let others = favoured.filter { model.index(of: $0) == nil }
      let lexicon = Lexicon(wordNumbers: 0..<count + others.count, separator: separator) {
        speller.spell($0 < count ? model.word(at: first + $0) : others[$0 - count], into: &$1)
      }
      guard lexicon.hasWords else { throw .foreignLanguageModel }
      return LanguageFusion(
        words: model, lexicon: lexicon,
        numbers: model.spokenWords.map { $0 } + others.map { _ in nil },
        weights: weights)
    }
    let listed = Set(favoured)
    let numbers = vocabulary.map {
      model.index(of: $0) ?? (listed.contains($0) ? nil : model.unknownWord)
    }
    guard numbers.contains(where: { $0 != model.unknownWord }) else { throw .foreignLanguageModel }
    let lexicon = Lexicon(wordNumbers: vocabulary.indices, separator: separator) { word, labels in
      // Without unknown words, the language model restricts the vocabulary.
      guard weights.unknownWordPenalty != nil || numbers[word] != model.unknownWord else { return }
      speller.spell(vocabulary[word], into: &labels)
    }
    return LanguageFusion(
      words: model, lexicon: lexicon, numbers: numbers, isClosed: true, weights: weights)
  }
}
