import ArgumentParser
import Stapes

/// Which labelled clips are read.
struct DataOptions: ParsableArguments {
  @Flag(help: "Take also clips that a list names outside its own folder.")
  var allowOutside = false

  /// Reads labelled clips.
  ///
  /// - Throws: `CorpusError`.
  func corpus(_ paths: [String]) throws -> Corpus {
    try Corpus(readingFrom: paths, allowsOutside: allowOutside)
  }
}
