internal import StapesAudio
internal import StapesCorpus
internal import StapesText

/// What the choice of a recipe looks at.
struct CorpusMeasures {
  /// The length of all clips together, in hours.
  let hours: Double
  /// The sample rate of most clips, in hertz; nil when none can be read.
  let sampleRate: Int?
  /// The number of words in half of the clips or fewer.
  let medianWordCount: Int
  /// Whether the texts are made of a few words, each of which comes again and again.
  let hasFewWords: Bool
  /// For each clip that says anything, its length in seconds and the outputs that CTC needs for
  /// its text.
  private let needs: [(seconds: Double, outputCount: Int)]

  /// Measures a corpus by its texts and the headers of up to 300 of its files.
  init(of corpus: Corpus, text: TextNormalization) {
    let texts = corpus.clips.map { text.normalized($0.text) }
    let spoken = zip(corpus.clips, texts).filter { !$1.isEmpty }
    hours = spoken.reduce(0) { $0 + $1.0.duration } / 3600
    needs = spoken.map { clip, text in (clip.duration, text.requiredOutputCount) }
    let words = spoken.map { $1.split(separator: " ") }
    // Where nothing parts words, one has about two characters.
    let wordCounts = zip(spoken, words).map { spoken, words in
      text.partsWords ? words.count : (spoken.1.units.count + 1) / 2
    }.sorted()
    medianWordCount = wordCounts.isEmpty ? 0 : wordCounts[wordCounts.count / 2]
    let vocabularySize = Set(words.joined()).count
    hasFewWords = vocabularySize <= 1000 && 5 * vocabularySize <= wordCounts.reduce(0, +)
    let probes = min(300, corpus.clips.count)
    var rates: [Int: Int] = [:]
    for probe in 0..<probes {
      let clip = corpus.clips[probe * corpus.clips.count / probes]
      if let rate = try? AudioProperties.sampleRate(ofFileAt: clip.path, options: clip.audio) {
        rates[rate, default: 0] += 1
      }
    }
    sampleRate = rates.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  /// Whether the text of nearly all clips, 99 in 100, fits well when every so many seconds make one
  /// output: with half as many outputs again as CTC needs, for faster voices and for the blanks
  /// between letters.
  ///
  /// A few clips whose text is three times as dense as usual do not count: it is hardly theirs.
  func fits(secondsPerOutput: Double) -> Bool {
    let misfits = needs.filter { 1.5 * Double($0.outputCount) * secondsPerOutput > $0.seconds }
    let densities = needs.map { Double($0.outputCount) / $0.seconds }.sorted()
    let limit = densities.isEmpty ? 0 : 3 * densities[densities.count / 2]
    let strange = misfits.count { Double($0.outputCount) > limit * $0.seconds }
    let ignored = strange <= max(1, needs.count / 10) ? strange : 0
    return Double(misfits.count - ignored) <= 0.01 * Double(needs.count)
  }
}
