internal import StapesLanguage

/// What is known of the language of a prefix.
struct LanguagePlace: Sendable {
  /// What an n-gram model remembers of the whole words, or characters.
  var state = NGramModel.State()
  /// What a predictor predicted, before `token` where there is one.
  var prediction: CharacterPrediction?
  /// The token by which the predictor has still to go on; nil for none.
  var token: Int32?
  /// Where it stands among the hotwords.
  var hotword: Int32 = 0
  /// What all of it adds to the score, without anything in advance.
  var score = 0.0
  /// What the score will be, with what is then charged in advance, when the word at the end is
  /// whole; not a number until it is asked for.
  var endScore = Double.nan
}

extension LanguageFusion {
  /// The place at the begin of a sentence.
  var begin: LanguagePlace {
    var place = LanguagePlace()
    switch source {
    case .nothing: break
    case .words(let model), .characters(let model): place.state = model.initialState
    case .predictor(let predictor): place.prediction = predictor.begin
    }
    place.hotword = hotwords?.begin ?? 0
    return place
  }

  /// The place after a label that is no separator.
  func place(after place: LanguagePlace, label: Int32) -> LanguagePlace {
    var next = place
    next.endScore = .nan
    if let hotwords { next.hotword = hotwords.node(after: place.hotword, label: label) }
    if !countsWords { goOn(&next, by: label) }
    return next
  }

  /// What a label that is no separator adds to the score of a place, with what hotwords credit it
  /// with in advance.
  func gain(at place: LanguagePlace, label: Int32) -> Double {
    var gain = 0.0
    if let hotwords {
      gain = hotwords.credit(at: hotwords.node(after: place.hotword, label: label))
    }
    return countsWords ? gain : gain + gainOfCharacter(at: place, label: label)
  }

  /// Whether a label that is no separator can add to the score of a place.
  var gains: Bool { hotwords != nil || !countsWords }

  /// What a place among the hotwords is credited with in advance.
  func credit(at hotword: Int32) -> Double { hotwords?.credit(at: hotword) ?? 0 }

  /// The place after the separator; its score is −∞ where the word before it may not end.
  func placeAfterWord(of place: LanguagePlace, node: Int32, isInWord: Bool) -> LanguagePlace {
    guard let separator else { return place }
    var next = place
    next.endScore = .nan
    if isInWord { endWord(of: &next, node: node) }
    if !countsWords { goOn(&next, by: separator) }
    return next
  }

  /// The score of a prefix as a whole sentence; −∞ where its last word may not end.
  func finish(_ place: LanguagePlace, node: Int32, isInWord: Bool) -> Double {
    var place = place
    if isInWord { endWord(of: &place, node: node) }
    return end(place)
  }

  /// The score of the whole words of a prefix as a sentence.
  func end(_ place: LanguagePlace) -> Double {
    let logProbability: Float
    switch source {
    case .nothing: return place.score
    case .words(let model), .characters(let model): logProbability = model.finish(place.state)
    case .predictor(let predictor):
      logProbability = predicted(place).logProbabilities[predictor.endToken]
    }
    return place.score + charge(Double(logProbability), isUnknown: false)
  }

  /// Whether the language model predicts.
  public var predicts: Bool {
    if case .predictor = source { true } else { false }
  }

  /// The same places with all predictions made.
  func predicted(_ places: [LanguagePlace]) -> [LanguagePlace] {
    guard case .predictor(let predictor) = source else { return places }
    var places = places
    let waiting = places.indices.filter { places[$0].token != nil }
    guard !waiting.isEmpty else { return places }
    let predictions = predictor.predictions(
      after: waiting.map { index in
        (before: predicted(places[index]), token: Int(places[index].token ?? 0))
      })
    for (index, prediction) in zip(waiting, predictions) {
      places[index].prediction = prediction
      places[index].token = nil
    }
    return places
  }

  private func predicted(_ place: LanguagePlace) -> CharacterPrediction {
    guard let prediction = place.prediction else {
      preconditionFailure("a place without a prediction")
    }
    return prediction
  }

  /// What a label adds by itself to a model of characters.
  private func gainOfCharacter(at place: LanguagePlace, label: Int32) -> Double {
    switch source {
    case .nothing, .words: return 0
    case .characters(let model):
      let token = Int(tokens[Int(label)])
      let logProbability = model.score(token, from: place.state).logProbability
      return charge(Double(logProbability), isUnknown: token == model.unknownWord)
    case .predictor(let predictor):
      precondition(place.token == nil, "a prediction that was not made")
      let token = Int(tokens[Int(label)])
      return charge(
        Double(predicted(place).logProbabilities[token]), isUnknown: token == predictor.unknownToken
      )
    }
  }

  /// Goes on by a label in a model of characters.
  private func goOn(_ place: inout LanguagePlace, by label: Int32) {
    place.score += gainOfCharacter(at: place, label: label)
    switch source {
    case .nothing, .words: break
    case .characters(let model):
      place.state = model.score(Int(tokens[Int(label)]), from: place.state).state
    case .predictor: place.token = tokens[Int(label)]
    }
  }

  /// Ends the word at a node of the lexicon.
  private func endWord(of place: inout LanguagePlace, node: Int32) {
    if case .words(let model) = source {
      let word = lexicon?.word(at: node).map { tokens[$0] }
      guard word != nil || isOpen else {
        place.score = -.infinity
        return
      }
      let token = Int(word ?? Int32(model.unknownWord))
      let isListed = token == Int(Self.listed)
      let step = model.score(isListed ? model.unknownWord : token, from: place.state)
      place.state = step.state
      place.score +=
        isListed
        ? charge(Double(step.logProbability), cost: weights.unknownWordPenalty ?? 0)
        : charge(Double(step.logProbability), isUnknown: token == model.unknownWord)
    }
    place.score += weights.wordBonus
    guard let hotwords else { return }
    place.hotword = hotwords.nodeAfterWord(place.hotword)
    place.score += hotwords.boost(at: place.hotword)
  }
}
