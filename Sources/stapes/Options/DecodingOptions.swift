import ArgumentParser
import Stapes

/// What decodes sound of kinds that Stapes does not decode itself.
struct DecodingOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-ffmpeg"),
    help: """
      Do not run ffmpeg to decode formats that Stapes does not read itself (m4a, mp4, webm, amr, \
      wma and others).
      """)
  var noFFmpeg = false

  /// The options for the library.
  var audio: AudioOptions {
    AudioOptions(ffmpeg: noFFmpeg ? nil : AudioOptions().ffmpeg)
  }
}
