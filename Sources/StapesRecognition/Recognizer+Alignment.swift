public import StapesAudio
internal import StapesCTC
internal import StapesKernels
internal import StapesModel
internal import StapesText

extension Recognizer {
  /// Finds where texts are said in a recording, one after the other; what the recording holds
  /// before, between and after them is passed over.
  ///
  /// - Parameters:
  ///   - texts: the texts, in their order; the model's own normalisation is applied to them.
  ///   - path: the sound file, or "-" for standard input.
  ///   - audio: which channel to take, and the format of a file without header.
  ///   - textPath: the file that the texts come from, for errors; nil for none.
  /// - Throws: `RecognitionError.audio`; `.emptyText` for a text of which the normalisation leaves
  ///   nothing, `.unwritablePhrase` for one with a character that the model does not write, and
  ///   `.textsDoNotFit`.
  public func align(
    _ texts: [String], toContentsOf path: String, audio: AudioOptions = AudioOptions(),
    textPath: String? = nil
  ) throws(RecognitionError) -> TextAlignment {
    try model.requireCharacters(for: "alignments")
    let labels = try labels(of: texts, in: textPath)
    let clip = try clip(sound(contentsOf: path, audio: audio))
    return try align(
      texts, labels: labels, to: clip, from: logProbabilities(ofLong: clip), path: path)
  }

  /// Finds where a text is said in a clip.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - clip: the clip, at the model's rate.
  ///   - logProbabilities: what the network makes of it, [outputs × classes].
  ///   - path: how the clip is called, for errors.
  func align(
    _ text: String, to clip: AudioClip, from logProbabilities: Matrix, path: String
  ) throws(RecognitionError) -> TextAlignment {
    try align(
      [text], labels: try labels(of: [text], in: path), to: clip, from: logProbabilities,
      path: path)
  }

  private func align(
    _ texts: [String], labels: [[Int]], to clip: AudioClip, from logProbabilities: Matrix,
    path: String
  ) throws(RecognitionError) -> TextAlignment {
    guard let segments = CTC.segments(logProbabilities: logProbabilities, texts: labels) else {
      throw .textsDoNotFit(path: path, seconds: clip.duration)
    }
    let times = WordTimes(of: clip.samples, model: model)
    let calibration = model.calibration ?? ConfidenceCalibration()
    let rooms = rooms(for: segments, outputCount: logProbabilities.rowCount)
    let utterances = zip(zip(texts, labels), zip(segments, rooms)).compactMap { text, place in
      let outputs = silence(around: place.0, within: place.1, in: logProbabilities)
      return CTC.words(
        logProbabilities: logProbabilities.rows(outputs), labels: text.1,
        separator: model.separator
      ).map { alignment in
        let words = times.words(
          of: alignment, firstOutput: outputs.lowerBound,
          within: times.limits(of: place.1, outputCount: logProbabilities.rowCount),
          calibration: calibration.words)
        return TextAlignment.Utterance(
          text: text.0, start: words.first?.start ?? 0, end: words.last?.end ?? 0,
          score: alignment.logProbability / Double(text.1.count),
          logProbability: alignment.logProbability,
          confidence: calibration.texts.confidence(
            of: alignment.logProbability, length: text.1.count),
          words: words)
      }
    }
    return TextAlignment(
      utterances: utterances, seconds: clip.duration, warnings: clip.warnings)
  }

  /// The labels of texts.
  private func labels(of texts: [String], in path: String?) throws(RecognitionError) -> [[Int]] {
    var all: [[Int]] = []
    for text in texts {
      let labels = try model.labels(of: model.textNormalization.normalized(text), in: path)
      guard !labels.isEmpty else { throw .emptyText(text: text, path: path) }
      all.append(labels)
    }
    return all
  }

  /// For each segment the outputs up to midway to its neighbours, which it may call its own.
  private func rooms(for segments: [Range<Int>], outputCount: Int) -> [Range<Int>] {
    let borders = zip(segments, segments.dropFirst()).map { ($0.upperBound + $1.lowerBound) / 2 }
    return zip([0] + borders, borders + [outputCount]).map { $0..<$1 }
  }

  /// A segment with the outputs around it that are most probably blank.
  private func silence(
    around segment: Range<Int>, within room: Range<Int>, in logProbabilities: Matrix
  ) -> Range<Int> {
    func isBlank(_ output: Int) -> Bool { BlankRun.isBlank(logProbabilities.row(output)) }
    var (first, end) = (segment.lowerBound, segment.upperBound)
    while first > room.lowerBound, isBlank(first - 1) { first -= 1 }
    while end < room.upperBound, isBlank(end) { end += 1 }
    return first..<end
  }
}

extension Recognizer {
  /// The network's outputs for a recording of any length, [outputs × classes].
  private func logProbabilities(ofLong clip: AudioClip) -> Matrix {
    guard clip.duration > Self.longestClip else { return logProbabilities(of: [clip])[0] }
    var stream = PosteriorStream(self)
    var outputs = Matrix(rowCount: 0, columnCount: model.alphabet.classCount)
    let (samples, length) = (clip.samples, 10 * sampleRate)
    for start in stride(from: 0, to: samples.count, by: length) {
      let end = min(start + length, samples.count)
      outputs.appendRows(of: stream.append(Array(samples[start..<end])))
    }
    outputs.appendRows(of: stream.finish())
    return outputs
  }
}
