import ArgumentParser

/// Whether the channels of a file are mixed, or transcribed one by one.
struct ChannelOptions: ParsableArguments {
  enum Channels: String, ExpressibleByArgument, CaseIterable {
    case mix, split
  }

  @Option(
    help: """
      mix averages the channels; split transcribes each by itself, as for calls with one speaker \
      on each, and merges the texts by time, each line marked with its channel, such as [1].
      """)
  var channels = Channels.mix

  /// Whether each channel is transcribed by itself.
  var areSplit: Bool { channels == .split }

  /// Checks that nothing else is asked for that needs one sound.
  ///
  /// - Throws: `ValidationError`.
  func validate(with sound: SoundOptions, readingCount: Int = 1) throws {
    guard areSplit else { return }
    if sound.channel != nil {
      throw ValidationError("--channels split transcribes every channel; omit --channel")
    }
    if readingCount != 1 {
      throw ValidationError("--channels split gives a single hypothesis; omit --nbest")
    }
  }
}
