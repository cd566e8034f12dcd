public import StapesAudio
internal import StapesCTC
package import StapesKernels
internal import StapesModel
internal import StapesStreaming
internal import StapesText
internal import StapesTranscript

extension Recognizer {
  /// Finds where texts are said in a recording, one after the other; what the recording holds
  /// before, between and after them is passed over.
  ///
  /// - Parameters:
  ///   - texts: the texts, in their order; the model's own normalisation is applied to them.
  ///   - path: the sound file, or "-" for standard input.
  ///   - audio: which channel to take, and the format of a file without header.
  ///   - textPath: the file that the texts come from, for errors; nil for none.
  /// - Returns: where they are said; texts of which nothing can be written are skipped, and what was
  ///   not written of the others is noted.
  /// - Throws: `RecognitionError.audio`; `.emptyText` where normalisation leaves nothing of any text,
  ///   `.unwritableTexts` where the model can write none, and `.textsDoNotFit`.
  public func align(
    _ texts: [String], toContentsOf path: String, audio: AudioOptions = AudioOptions(),
    textPath: String? = nil
  ) throws(RecognitionError) -> TextAlignment {
    try model.requireCharacters(for: "alignments")
    let written = try WrittenTexts(texts, by: model, path: textPath)
    let clip = try clip(sound(contentsOf: path, audio: audio))
    return try align(written, to: clip, from: logProbabilities(ofLong: clip), path: path)
  }

  /// Finds where a text is said in a clip.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - clip: the clip, at the model's rate.
  ///   - logProbabilities: what the network makes of it, [outputs × classes].
  ///   - path: how the clip is called, for errors.
  package func align(
    _ text: String, to clip: AudioClip, from logProbabilities: Matrix, path: String
  ) throws(RecognitionError) -> TextAlignment {
    try align(
      try WrittenTexts([text], by: model, path: path), to: clip, from: logProbabilities,
      path: path)
  }

  private func align(
    _ written: WrittenTexts, to clip: AudioClip, from logProbabilities: Matrix, path: String
  ) throws(RecognitionError) -> TextAlignment {
    let (texts, labels) = (written.texts, written.labels)
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
      utterances: utterances, seconds: clip.duration, warnings: clip.warnings,
      unwritable: written.unwritable.isEmpty ? nil : written.unwritable)
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

/// Texts as a model writes them.
private struct WrittenTexts {
  /// Those of which something can be written, as they were given.
  private(set) var texts: [String] = []
  /// The labels of each.
  private(set) var labels: [[Int]] = []
  /// What the model does not write.
  private(set) var unwritable: UnwritableTexts

  /// - Throws: `RecognitionError.emptyText` and `.unwritableTexts` where nothing is left.
  init(_ all: [String], by model: SpeechModel, path: String?) throws(RecognitionError) {
    unwritable = UnwritableTexts(path: path)
    for text in all {
      guard let written = model.writable(text, skipsLossy: false, noting: &unwritable) else {
        continue
      }
      texts.append(text)
      labels.append(written.labels)
    }
    guard texts.isEmpty else { return }
    throw unwritable.characters.isEmpty
      ? .emptyText(text: all.first ?? "", path: path) : .unwritableTexts(unwritable)
  }
}
