internal import StapesAudio
internal import StapesFiles
internal import StapesModel
internal import StapesStreaming
package import StapesTranscript

extension Recognizer {
  /// Longer sound, in seconds, is processed as a stream, so that memory does not grow with it.
  package static let longestClip = 120.0

  /// More channels than any call has.
  private static let mostChannels = 16

  private var longestClipLength: Int { Int(Self.longestClip * Double(sampleRate)) }

  /// Transcribes a clip or recording of any length; where it is asked for, each channel by itself,
  /// joined by the time of what is said.
  ///
  /// The file is read once. Channels that sound the same are transcribed once, and a warning says
  /// so.
  ///
  /// - Parameters:
  ///   - clip: the file; where channels are split, the one that it asks for is not used.
  ///   - threadCount: how many child tasks compute the network, at least 1.
  package func transcribe(
    _ clip: ClipWork.Clip, threadCount: Int = 1
  ) async throws(RecognitionError) -> Transcript {
    let (tracks, warnings) = try read(sound(of: clip, splitsChannels: options.splitsChannels))
    var parts: [(channel: Int, transcript: Transcript)] = []
    for (index, content) in tracks {
      switch content {
      case .recording(let transcript): parts.append((index + 1, transcript))
      case .clip(let clip):
        let outputs = await logProbabilities(of: [clip], threadCount: threadCount)[0]
        parts.append((index + 1, transcript(of: clip, outputs)))
      }
    }
    return options.splitsChannels
      ? Transcript(joining: parts, warnings: warnings) : parts[0].transcript
  }

  /// What a channel holds.
  private enum Content {
    /// Sound that memory has room for, still to be transcribed.
    case clip(AudioClip)
    /// What a longer recording was transcribed to while it was read.
    case recording(Transcript)
  }

  /// Reads the channels of a file, all at the same time.
  ///
  /// - Returns: those that differ from each one before them, counted from 0, and warnings for the
  ///   others.
  private func read(
    _ sound: consuming SoundFile
  ) throws(RecognitionError) -> (tracks: [(index: Int, content: Content)], [AudioWarning]) {
    let count = sound.trackCount
    guard count <= Self.mostChannels else {
      throw .tooManyChannels(path: sound.path, count: count, limit: Self.mostChannels)
    }
    let tracks = (0..<count).map { _ in Track() }
    var likeness = ChannelLikeness(channelCount: count)
    while case let block = try sound.block(sampleRate), !block.isEmpty {
      likeness.append(block)
      for (index, track) in tracks.enumerated() {
        let samples =
          count == 1 ? block : stride(from: index, to: block.count, by: count).map { block[$0] }
        try track.append(samples, of: sound.path, to: self)
      }
    }
    let (distinct, repeated) = likeness.finish()
    var contents: [(index: Int, content: Content)] = []
    for index in distinct {
      contents.append((index, try tracks[index].finish(of: sound, index)))
    }
    let warnings = repeated.map {
      AudioWarning.sameChannels(path: sound.path, first: $0.like + 1, second: $0.channel + 1)
    }
    return (contents, warnings)
  }

  /// A channel while it is read.
  private final class Track {
    private var samples: [Float] = []
    private var recording: Recording?

    func append(
      _ block: [Float], of path: String, to recognizer: Recognizer
    ) throws(RecognitionError) {
      samples += block
      if samples.count > recognizer.longestClipLength, recognizer.model.outputs.labels != nil {
        throw .clipTooLong(
          path: path, seconds: Double(samples.count) / Double(recognizer.sampleRate),
          limit: Int(Recognizer.longestClip))
      }
      let isDue = recording != nil && samples.count >= 10 * recognizer.sampleRate
      guard samples.count > recognizer.longestClipLength || isDue else { return }
      if recording == nil { recording = Recording(recognizer, gain: recognizer.gain(for: samples)) }
      recording?.append(samples)
      samples = []
    }

    func finish(of sound: borrowing SoundFile, _ index: Int) throws(RecognitionError) -> Content {
      if !samples.isEmpty { recording?.append(samples) }
      if let transcript = recording?.finish(warnings: sound.warnings(ofTrack: index)) {
        return .recording(transcript)
      }
      return .clip(
        try rethrowing(
          AudioClip(samples: samples, of: sound, track: index), as: RecognitionError.audio))
    }
  }

  /// Opens a clip to be read at the model's rate.
  func sound(
    of clip: ClipWork.Clip, splitsChannels: Bool = false
  ) throws(RecognitionError) -> SoundFile {
    try sound(
      contentsOf: clip.path, audio: clip.audio, offset: clip.offset, duration: clip.duration,
      splitsChannels: splitsChannels)
  }

  /// Opens a file, or a segment of it, to be read at the model's rate.
  func sound(
    contentsOf path: String, audio: AudioOptions, offset: Double = 0, duration: Double? = nil,
    splitsChannels: Bool = false
  ) throws(RecognitionError) -> SoundFile {
    var audio = audio
    audio.sampleRate = sampleRate
    return try rethrowing(
      SoundFile(
        contentsOf: path, options: audio, offset: offset, duration: duration,
        splitsChannels: splitsChannels),
      as: RecognitionError.audio)
  }

  /// Reads the samples of a file that was opened at the model's rate.
  func clip(_ sound: consuming SoundFile) throws(RecognitionError) -> AudioClip {
    let samples = try sound.block(Int.max)
    return try rethrowing(AudioClip(samples: samples, of: sound), as: RecognitionError.audio)
  }

  /// Transcribes finite samples at the model's rate.
  func transcribe(_ samples: [Float]) -> Transcript {
    guard samples.count > longestClipLength, model.outputs.labels == nil else {
      return transcribe([AudioClip(samples: samples, sampleRate: sampleRate)])[0]
    }
    var recording = Recording(self, gain: gain(for: samples))
    for start in stride(from: 0, to: samples.count, by: 10 * sampleRate) {
      recording.append(Array(samples[start..<min(start + 10 * sampleRate, samples.count)]))
    }
    return recording.finish(warnings: [])
  }
}

/// A long recording on the way to its transcript.
private struct Recording: ~Copyable {
  private var stream: RecognitionStream
  private var joined: JoinedHypotheses
  private var sampleCount = 0
  private var isSilent = true
  private let sampleRate: Int
  private let gain: Float

  /// Begins a recording whose samples are multiplied by a gain.
  init(_ recognizer: Recognizer, gain: Float) {
    self.gain = gain
    stream = RecognitionStream(recognizer)
    joined = JoinedHypotheses(
      count: recognizer.options.hypothesisCount,
      separator: recognizer.separatesUtterances ? " " : "")
    sampleRate = recognizer.sampleRate
  }

  mutating func append(_ samples: [Float]) {
    sampleCount += samples.count
    isSilent = isSilent && SpeechDetector.isSilent(samples)
    add(stream.hear(gain == 1 ? samples : samples.map { $0 * gain }))
  }

  mutating func finish(warnings: [AudioWarning]) -> Transcript {
    add(stream.finish())
    return Transcript(
      hypotheses: joined.hypotheses, seconds: Double(sampleCount) / Double(sampleRate),
      warnings: warnings,
      emptyReason: isSilent ? .silence : stream.hasHeardNoise ? .noise : nil)
  }

  private mutating func add(_ events: [RecognitionStream.Event]) {
    for case .utterance(let utterance) in events { joined.append(utterance.hypotheses) }
  }
}

extension SoundFile {
  /// The next samples: as many as asked for, fewer only at the end, none after it.
  mutating func block(_ count: Int) throws(RecognitionError) -> [Float] {
    try rethrowing(read(frameCount: count), as: RecognitionError.audio)
  }
}
