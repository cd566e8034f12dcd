import ArgumentParser

/// Whether the channels of a file are mixed, or transcribed one by one.
struct ChannelOptions: ParsableArguments {
  enum Channels: String, ExpressibleByArgument, CaseIterable {
    case mix, split
  }

  @Option(
    help: """
      split transcribes each channel by itself, as for calls with a speaker on each, and joins the \
      texts by time; [1] stands before what the first channel says.
      """)
  var channels = Channels.mix

  /// Whether each channel is transcribed by itself.
  var areSplit: Bool { channels == .split }

  /// Checks that nothing else is asked for that needs one sound.
  ///
  /// - Throws: `ValidationError`.
  func validate(with sound: SoundOptions, files: [String], readingCount: Int = 1) throws {
    guard areSplit else { return }
    if sound.channel != nil {
      throw ValidationError("--channels split takes all channels; leave out --channel")
    }
    if files.contains("-") {
      throw ValidationError(
        "--channels split reads a file once for each channel, which standard input cannot be; give "
          + "a file")
    }
    if readingCount != 1 {
      throw ValidationError("--channels split has one reading; leave out --nbest")
    }
  }
}
