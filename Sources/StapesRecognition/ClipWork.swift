package import StapesAudio
package import StapesTranscript

/// Many clips to transcribe, shared out among tasks.
///
/// Clips are taken longest first, so that no long one is left for the end, and those of about one
/// length together, since the network is faster on several at once. How they are shared out does
/// not change any transcript.
package struct ClipWork: Sendable {
  /// A clip, or a segment of a file.
  package struct Clip: Sendable {
    var path: String
    var audio: AudioOptions
    var offset: Double
    /// How much of the file to take, in seconds; nil for all from the offset on.
    var duration: Double?
    /// About how long it is; only the order and the groups depend on it.
    package var seconds: Double
    /// Whether `seconds` is known, rather than guessed before the file was read.
    package var isMeasured = true

    package init(
      path: String, audio: AudioOptions = AudioOptions(), offset: Double = 0,
      duration: Double? = nil, seconds: Double
    ) {
      (self.path, self.audio, self.offset) = (path, audio, offset)
      (self.duration, self.seconds) = (duration, seconds)
    }
  }

  /// What is done with a file that may be too long to be held in memory, or to be waited for, or
  /// whose channels are taken one by one.
  package typealias LongRecognition<Found> =
    @Sendable (Clip) async throws(RecognitionError) -> Found

  private let clips: [Clip]

  /// The most clips that go through the network together, and the most seconds.
  private static let largestGroup = (count: 16, seconds: 60.0)

  package init(_ clips: [Clip]) { self.clips = clips }

  /// The clips in groups that go through the network together, in the order of their turns.
  ///
  /// A group takes at most half of what would be each thread's share of the rest, so the groups
  /// become smaller and all threads end at about the same time (guided self-scheduling,
  /// Polychronopoulos and Kuck 1987). A single thread has none to wait for.
  package func groups(threadCount: Int) -> [[Int]] {
    var waiting = clips.indices.sorted { a, b in
      (clips[b].seconds, a) < (clips[a].seconds, b)
    }[...]
    var secondsLeft = clips.reduce(0) { $0 + $1.seconds }
    let shareCount = threadCount > 1 ? 2 * threadCount : 1
    var groups: [[Int]] = []
    while let longest = waiting.popFirst() {
      var (group, seconds) = ([longest], clips[longest].seconds)
      let mostSeconds = min(Self.largestGroup.seconds, secondsLeft / Double(shareCount))
      let mostClips = min(Self.largestGroup.count, (waiting.count + 1) / shareCount)
      while group.count < mostClips, let next = waiting.first,
        seconds + clips[next].seconds <= mostSeconds
      {
        group.append(waiting.removeFirst())
        seconds += clips[next].seconds
      }
      groups.append(group)
      secondsLeft -= seconds
    }
    return groups
  }

  /// Transcribes the clips.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - threadCount: how many tasks share the work, at least 1; more than there are cores do not
  ///     help.
  ///   - finish: makes the result for the clip at an index, on the task that transcribed it.
  ///   - report: takes each result as it comes, one at a time.
  ///
  /// Once the task is cancelled, no further clips are begun.
  ///
  /// - Throws: what `report` throws, once the clips in hand are done; no others are begun then.
  package func run<Output: Sendable, Failure: Error>(
    with recognizer: Recognizer, threadCount: Int,
    finish: @escaping @Sendable (Int, Result<Transcript, RecognitionError>) -> Output,
    report: (Int, Output) throws(Failure) -> Void
  ) async throws(Failure) {
    try await run(
      with: recognizer, threadCount: threadCount, recognize: { recognizer.transcribe($0) },
      recognizeLong: { (clip) throws(RecognitionError) in try await recognizer.transcribe(clip) },
      finish: finish, report: report)
  }

  /// Reads the clips, and does something else with them than to transcribe them.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser, at whose rate they are read.
  ///   - threadCount: as above.
  ///   - recognize: what to do with some clips together, which gives something for each.
  ///   - recognizeLong: what to do with a file that is too long for a clip; nil where it is taken
  ///     for one nevertheless.
  ///   - finish: as above.
  ///   - report: as above.
  package func run<Found, Output: Sendable, Failure: Error>(
    with recognizer: Recognizer, threadCount: Int,
    recognize: @escaping @Sendable ([AudioClip]) -> [Found],
    recognizeLong: LongRecognition<Found>? = nil,
    finish: @escaping @Sendable (Int, Result<Found, RecognitionError>) -> Output,
    report: (Int, Output) throws(Failure) -> Void
  ) async throws(Failure) {
    precondition(threadCount >= 1, "\(threadCount) threads")
    let failure = await withTaskGroup(of: [(Int, Output)].self) { tasks in
      var failure: Failure?
      var waiting = groups(threadCount: threadCount).makeIterator()
      func begin() {
        guard !Task.isCancelled, let group = waiting.next() else { return }
        tasks.addTask {
          await self.recognize(group, with: recognizer, by: recognize, recognizeLong)
            .map { ($0, finish($0, $1)) }
        }
      }
      for _ in 0..<threadCount { begin() }
      for await results in tasks {
        if failure == nil { begin() }
        for (index, output) in results where failure == nil {
          do throws(Failure) {
            try report(index, output)
          } catch {
            failure = error
          }
        }
      }
      return failure
    }
    if let failure { throw failure }
  }

  /// Recognises a group of clips; those that cannot be read do not stop the others.
  private func recognize<Found>(
    _ group: [Int], with recognizer: Recognizer,
    by recognize: ([AudioClip]) -> [Found], _ recognizeLong: LongRecognition<Found>?
  ) async -> [(Int, Result<Found, RecognitionError>)] {
    var read: [(index: Int, clip: AudioClip)] = []
    var results: [(Int, Result<Found, RecognitionError>)] = []
    for index in group {
      let clip = clips[index]
      do throws(RecognitionError) {
        if let recognizeLong,
          clip.seconds > Recognizer.longestClip || !clip.isMeasured || clip.audio.timeout != nil
            || recognizer.options.splitsChannels
        {
          results.append((index, .success(try await recognizeLong(clip))))
        } else {
          read.append((index, try recognizer.clip(recognizer.sound(of: clip))))
        }
      } catch {
        results.append((index, .failure(error)))
      }
    }
    for ((index, _), found) in zip(read, recognize(read.map(\.clip))) {
      results.append((index, .success(found)))
    }
    return results
  }
}
