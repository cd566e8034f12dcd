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
