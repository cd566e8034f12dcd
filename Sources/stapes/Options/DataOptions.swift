import ArgumentParser
import Stapes

/// Which labelled clips are read.
struct DataOptions: ParsableArguments {
  @Flag(help: "Accept clips that a manifest names outside its own folder.")
  var allowOutside = false

  @OptionGroup var decoding: DecodingOptions

  /// Reads labelled clips.
  ///
  /// - Throws: `LayoutError`.
  func corpus(_ paths: [String]) throws -> Corpus {
    try Corpus(readingFrom: paths, allowsOutside: allowOutside, audio: decoding.audio)
  }
}

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
