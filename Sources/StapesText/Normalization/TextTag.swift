/// Notes within a text of what is audible but not spoken, or could not be understood.
///
/// Tags are whatever stands in square or curly brackets; in angle brackets without a space inside
/// them at either end; between double plus signs; and in parentheses or asterisks, which ordinary
/// sentences have too, where it is of words for noises only.
enum TextTag {
  /// The text with a space for each tag.
  static func dropping(
    from scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar] {
    guard scalars.contains(where: \.opensTag) else { return scalars }
    var result = scalars
    // A tag may stand within another, but nobody writes many of them so.
    for _ in 0..<10 {
      guard let shorter = pass(over: result, counting: &changes) else { break }
      result = shorter
    }
    if changes.isNoting { noteParentheses(in: result, counting: &changes) }
    return result
  }

  /// The text without the tags that hold no other; nil where there are none.
  private static func pass(
    over scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) -> [Unicode.Scalar]? {
    var result: [Unicode.Scalar] = []
    var (index, found) = (0, false)
    while index < scalars.count {
      if let end = end(ofTagAt: index, in: scalars) {
        changes.note(.droppedTag, String(scalars: scalars[index..<end]))
        result.append(" ")
        (index, found) = (end, true)
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return found ? result : nil
  }

  /// Where a tag ends that begins at a place; nil where none does.
  private static func end(ofTagAt start: Int, in scalars: [Unicode.Scalar]) -> Int? {
    let open = scalars[start]
    switch open {
    case "[": return end(of: start, in: scalars, closing: "]") { !$0.isBlank }
    case "{": return end(of: start, in: scalars, closing: "}") { !$0.isBlank }
    case "<":
      return end(of: start, in: scalars, closing: ">") { $0.first != " " && $0.last != " " }
    case "(": return end(of: start, in: scalars, closing: ")", where: isNoise)
    case "*": return end(of: start, in: scalars, closing: "*", where: isNoise)
    case "+":
      guard start + 1 < scalars.count, scalars[start + 1] == "+" else { return nil }
      let end = end(of: start + 1, in: scalars, closing: "+") { !$0.contains(" ") }
      return end.flatMap { $0 < scalars.count && scalars[$0] == "+" ? $0 + 1 : nil }
    default: return nil
    }
  }

  private static func end(
    of start: Int, in scalars: [Unicode.Scalar], closing: Unicode.Scalar,
    where isTag: (ArraySlice<Unicode.Scalar>) -> Bool
  ) -> Int? {
    let rest = scalars[(start + 1)...]
    guard let end = rest.firstIndex(where: { $0 == closing || $0 == scalars[start] }),
      scalars[end] == closing, end > start + 1, isTag(rest[..<end])
    else { return nil }
    return end + 1
  }

  /// Whether all words are of noises; numbers, as of how often, do not count.
  private static func isNoise(_ content: ArraySlice<Unicode.Scalar>) -> Bool {
    let words = content.split { !TextNormalization.isPartOfWord($0) }.map {
      String(scalars: $0).lowercased()
    }
    let spoken = words.filter { word in !word.utf8.allSatisfy { (48...57).contains($0) } }
    return !spoken.isEmpty && spoken.allSatisfy { noises.contains($0) }
      && !spoken.allSatisfy { joining.contains($0) }
  }

  /// Notes what stays in parentheses.
  private static func noteParentheses(
    in scalars: [Unicode.Scalar], counting changes: inout TextChanges
  ) {
    var rest = scalars[...]
    while let open = rest.firstIndex(of: "(") {
      guard let close = rest[open...].firstIndex(of: ")") else { return }
      if rest[open...close].contains(where: TextNormalization.isPartOfWord) {
        changes.note(.keptParentheses, String(scalars: rest[open...close]))
      }
      rest = rest[(close + 1)...]
    }
  }
}

extension ArraySlice<Unicode.Scalar> {
  fileprivate var isBlank: Bool { allSatisfy { $0 == " " } }
}

extension String {
  /// A text of scalars.
  init(scalars: some Sequence<Unicode.Scalar>) {
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}

extension Unicode.Scalar {
  fileprivate var opensTag: Bool {
    switch self {
    case "[", "{", "<", "(", "*", "+": true
    default: false
    }
  }
}

/// Words that stand beside others in the name of a noise, and name none by themselves.
private let joining = words(
  """
  and audience background bell crowd cross distorted door foreign her his horn in instrumental loud \
  muted of overlap overlapping phone playing plays sound sounds speaking speech talk talking the \
  their throat unknown with
  """)

/// What transcribers write of noises, in some languages.
private let noises = joining.union(
  words(
    """
    applause barking barks beep beeps bleep breath breathes breathing breaths cheering cheers \
    chuckle chuckles chuckling clapping claps clearing clears click clicking clicks cough coughing \
    coughs crosstalk cries crying exhale exhales exhaling fades gasp gasps giggle giggles giggling \
    groan groans growls grunt grunts hum humming hums inaudible indistinct inhale inhales inhaling \
    jingle knocking knocks laugh laughing laughs laughter mhm moan moans mumbles mumbling music \
    noise noises noisy pause pauses ringing rings sigh sighing sighs sil silence silent singing \
    sings sneeze sneezes sniff sniffing sniffs snoring snort snorts sob sobbing sobs spn nsn static \
    ticking unclear unintelligible unk vocalized wheeze wheezes whisper whispering whispers whistle \
    whistles whistling yawn yawning yawns yell yelling yells atmet gelächter geräusch husten hustet \
    lachen lacht musik räuspert rauschen seufzt stille unverständlich applaudissements bruit \
    musique rire rires soupir toux aplausos incomprensible música ruido risa risas silencio suspiro \
    applausi incomprensibile musica risate rumore silenzio sospiro аплодисменты кашель музыка \
    неразборчиво пауза смех смеется смеётся тишина шум צחוק מוזיקה שקט שיעול ضحك موسيقى صمت سعال \
    हँसी संगीत 笑 笑い 笑声 拍手 掌声 音楽 音乐 咳 咳嗽 沈黙 無音
    """))

private func words(_ text: String) -> Set<String> {
  Set(text.split(separator: " ").map(String.init))
}
