internal import StapesAudio
internal import StapesFiles
internal import StapesModel
package import StapesTranscript

extension Recognizer {
  /// Longer sound, in seconds, is processed as a stream, so that memory does not grow with it.
  package static let longestClip = 120.0

  private var longestClipLength: Int { Int(Self.longestClip * Double(sampleRate)) }

  /// Transcribes a clip or recording of any length; where it is asked for, each channel by itself,
  /// joined by the time of what is said.
  ///
  /// Channels that sound the same are transcribed once, and a warning says so.
  ///
  /// - Parameters:
  ///   - clip: the file; where channels are split, the one that it asks for is not used, and its
  ///     timeout is that of each.
  ///   - threadCount: how many child tasks compute the network, at least 1.
  package func transcribe(
    _ clip: ClipWork.Clip, threadCount: Int = 1
  ) async throws(RecognitionError) -> Transcript {
    guard options.splitsChannels else {
      return try await transcribeSound(of: clip, threadCount: threadCount)
    }
    let (channels, warnings) = try distinctChannels(of: clip)
    var parts: [(channel: Int, transcript: Transcript)] = []
    for channel in channels {
      let transcript = try await transcribeSound(
        of: clip.onlyChannel(channel), threadCount: threadCount)
      parts.append((channel + 1, transcript))
    }
    return Transcript(joining: parts, warnings: warnings)
  }

  private func transcribeSound(
    of clip: ClipWork.Clip, threadCount: Int
  ) async throws(RecognitionError) -> Transcript {
    switch try read(sound(of: clip)) {
    case .recording(let transcript): return transcript
    case .clip(let clip):
      return transcript(
        of: clip, await logProbabilities(of: [clip], threadCount: threadCount)[0])
    }
  }

  /// What a sound file holds.
  private enum Content {
    /// Sound that memory has room for, still to be transcribed.
    case clip(AudioClip)
    /// What a longer recording was transcribed to while it was read.
    case recording(Transcript)
  }

  private func read(_ sound: consuming SoundFile) throws(RecognitionError) -> Content {
    var samples: [Float] = []
    var recording: Recording?
    while true {
      let block = try sound.block(sampleRate)
      samples += block
      if block.isEmpty { break }
      if samples.count > longestClipLength, model.outputs.labels != nil {
        throw .clipTooLong(
          path: sound.path, seconds: Double(samples.count) / Double(sampleRate),
          limit: Int(Self.longestClip))
      }
      let isDue = recording != nil && samples.count >= 10 * sampleRate
      guard samples.count > longestClipLength || isDue else { continue }
      if recording == nil { recording = Recording(self, gain: gain(for: samples)) }
      recording?.append(samples)
      samples = []
    }
    if !samples.isEmpty { recording?.append(samples) }
    if let transcript = recording?.finish(warnings: sound.warnings) {
      return .recording(transcript)
    }
    return .clip(
      try rethrowing(AudioClip(samples: samples, of: sound), as: RecognitionError.audio))
  }

  /// Opens a clip to be read at the model's rate.
  func sound(of clip: ClipWork.Clip) throws(RecognitionError) -> SoundFile {
    try sound(
      contentsOf: clip.path, audio: clip.audio, offset: clip.offset, duration: clip.duration)
  }

  /// Opens a file, or a segment of it, to be read at the model's rate.
  func sound(
    contentsOf path: String, audio: AudioOptions, offset: Double = 0, duration: Double? = nil
  ) throws(RecognitionError) -> SoundFile {
    var audio = audio
    audio.sampleRate = sampleRate
    return try rethrowing(
      SoundFile(contentsOf: path, options: audio, offset: offset, duration: duration),
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
