public import StapesAudio
internal import StapesModel
public import StapesTranscript

extension Recognizer {
  /// Longer sound, in seconds, is heard as a stream, so that memory does not grow with it.
  package static let longestClip = 120.0

  private var longestClipLength: Int { Int(Self.longestClip * Double(sampleRate)) }

  /// Transcribes a sound file, the network computed by several child tasks.
  ///
  /// It gives what `transcribe(contentsOf:audio:)` gives, sooner.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: as there.
  ///   - threadCount: the number of child tasks, at least 1; more than there are cores do not help.
  /// - Throws: as there.
  public func transcribe(
    contentsOf path: String, audio: AudioOptions = AudioOptions(), threadCount: Int
  ) async throws(RecognitionError) -> Transcript {
    let clip = ClipWork.Clip(path: path, audio: audio, seconds: 0)
    guard options.splitsChannels else {
      return try await transcribe(clip, threadCount: threadCount)
    }
    let (channels, warnings) = try distinctChannels(of: clip)
    var parts: [(channel: Int, transcript: Transcript)] = []
    for channel in channels {
      let transcript = try await transcribe(
        clip.onlyChannel(channel), threadCount: threadCount)
      parts.append((channel + 1, transcript))
    }
    return Transcript(joining: parts, warnings: warnings)
  }

  private func transcribe(
    _ clip: ClipWork.Clip, threadCount: Int
  ) async throws(RecognitionError) -> Transcript {
    switch try hear(sound(of: clip)) {
    case .recording(let transcript): return transcript
    case .clip(let clip):
      return transcript(
        of: clip, await logProbabilities(of: [clip], threadCount: threadCount)[0])
    }
  }

  /// Transcribes a clip of any length, its channels one by one where that is asked for.
  package func transcribe(_ clip: ClipWork.Clip) throws(RecognitionError) -> Transcript {
    if options.splitsChannels { return try transcribeChannels(of: clip) }
    return try transcribe(sound(of: clip), timeout: clip.timeout)
  }

  /// Transcribes what is left of a sound file of any length.
  ///
  /// - Parameters:
  ///   - sound: the file.
  ///   - timeout: after how many seconds it is given up; nil for never.
  /// - Precondition: its samples are at the model's rate.
  func transcribe(
    _ sound: consuming SoundFile, timeout: Double? = nil
  ) throws(RecognitionError) -> Transcript {
    switch try hear(sound, timeout: timeout) {
    case .recording(let transcript): transcript
    case .clip(let clip): transcribe([clip])[0]
    }
  }

  /// What a sound file holds.
  private enum Heard {
    /// Sound that memory has room for, still to be transcribed.
    case clip(AudioClip)
    /// What a longer recording was transcribed to while it was read.
    case recording(Transcript)
  }

  private func hear(
    _ sound: consuming SoundFile, timeout: Double? = nil
  ) throws(RecognitionError) -> Heard {
    let begin = ContinuousClock.now
    var samples: [Float] = []
    var recording: Recording?
    while true {
      let block = try sound.block(sampleRate)
      if let timeout, ContinuousClock.now - begin > .seconds(timeout) {
        throw .timedOut(path: sound.path, seconds: timeout)
      }
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
    do throws(AudioError) {
      return .clip(try AudioClip(samples: samples, of: sound))
    } catch {
      throw .audio(error)
    }
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
  private var readings: JoinedReadings
  private var sampleCount = 0
  private var isSilent = true
  private let sampleRate: Int
  private let gain: Float

  /// Begins a recording whose samples are multiplied by a gain.
  init(_ recognizer: Recognizer, gain: Float) {
    self.gain = gain
    stream = RecognitionStream(recognizer)
    readings = JoinedReadings(
      count: recognizer.options.hypothesisCount,
      separator: recognizer.separatesUtterances ? " " : "")
    sampleRate = recognizer.sampleRate
  }

  mutating func append(_ samples: [Float]) {
    sampleCount += samples.count
    isSilent = isSilent && SoundJudgement.isSilent(samples)
    add(stream.hear(gain == 1 ? samples : samples.map { $0 * gain }))
  }

  mutating func finish(warnings: [AudioWarning]) -> Transcript {
    add(stream.finish())
    return Transcript(
      hypotheses: readings.hypotheses, seconds: Double(sampleCount) / Double(sampleRate),
      warnings: warnings,
      emptyReason: isSilent ? .silence : stream.hasHeardNoise ? .noise : nil)
  }

  private mutating func add(_ events: [RecognitionStream.Event]) {
    for case .utterance(let utterance) in events { readings.append(utterance.hypotheses) }
  }
}

extension SoundFile {
  /// The next samples: as many as asked for, fewer only at the end, none after it.
  mutating func block(_ count: Int) throws(RecognitionError) -> [Float] {
    do throws(AudioError) {
      return try read(frameCount: count)
    } catch {
      throw .audio(error)
    }
  }
}
