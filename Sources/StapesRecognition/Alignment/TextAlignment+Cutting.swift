public import StapesAudio
internal import StapesFiles
internal import StapesTranscript

extension TextAlignment {
  /// How much sound is kept before and after an utterance, in seconds, where its neighbours leave
  /// room.
  private static let margin = 0.1

  /// Cuts the recording into its utterances: `NAME-0001.wav` with its text in `NAME-0001.txt`, and
  /// so on, which training reads.
  ///
  /// - Parameters:
  ///   - path: the recording, at whose own rate the utterances are written.
  ///   - audio: which channel to take, and the format of a file without header.
  ///   - folder: the folder for the utterances; made when it is not there.
  /// - Throws: `RecognitionError.audio` and `.file`.
  public func cut(
    from path: String, audio: AudioOptions = AudioOptions(), into folder: String
  ) throws(RecognitionError) {
    try rethrowing(FileSystem.makeFolder(folder), as: RecognitionError.file)
    let names = Self.partNames(of: path, count: utterances.count)
    let clip = try rethrowing(
      AudioClip(contentsOf: path, options: audio), as: RecognitionError.audio)
    for (index, samples) in samples(of: clip).enumerated() {
      try rethrowing(
        AudioFileWriter.writeWAV(
          samples: Array(samples), sampleRate: clip.sampleRate,
          to: "\(folder)/\(names[index]).wav"), as: RecognitionError.audio)
    }
    for (index, utterance) in utterances.enumerated() {
      try rethrowing(
        FinishedText.write(utterance.text + "\n", to: "\(folder)/\(names[index]).txt"),
        as: RecognitionError.file)
    }
  }

  /// The names of the utterances of a recording, without endings.
  package static func partNames(of path: String, count: Int) -> [String] {
    let name = path.fileName.withoutPathExtension
    return (0..<count).map { "\(name)-\(padded($0 + 1, digitCount: 4))" }
  }

  /// The samples of each utterance, with a margin that ends midway to the next at the latest.
  private func samples(of clip: AudioClip) -> [ArraySlice<Float>] {
    let borders =
      [0] + zip(utterances, utterances.dropFirst()).map { ($0.end + $1.start) / 2 }
      + [seconds]
    func sample(_ time: Double) -> Int {
      min(max(Int(time * Double(clip.sampleRate)), 0), clip.samples.count)
    }
    return utterances.enumerated().map { index, utterance in
      let begin = sample(max(utterance.start - Self.margin, borders[index]))
      return clip.samples[
        begin..<max(sample(min(utterance.end + Self.margin, borders[index + 1])), begin)]
    }
  }
}
