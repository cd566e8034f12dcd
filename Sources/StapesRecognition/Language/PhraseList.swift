internal import Glibc
internal import StapesDecoding
internal import StapesFiles
internal import StapesKernels
internal import StapesLanguage
internal import StapesModel
internal import StapesText

/// The only texts that a recogniser chooses from.
///
/// Each is scored by its exact probability, and the hypotheses of a clip are phrases, best first,
/// each with its posterior: how probable it is if one of the list was said, and all are as likely
/// beforehand. For the latter, what its letters are worth as such is subtracted from a model that
/// may write any word, where its `LabelPriors` are known.
///
/// Whether one of them was said at all is decided against free text. The best text of any kind that
/// the model finds stands for whatever else may have been said; it counts e^−m times as likely
/// beforehand as a phrase for each of its letters, with m = `RecognitionOptions.unknownMargin`.
/// When it still is more probable than the best phrase, the first hypothesis is empty, with the
/// log-probability of the free text.
public struct PhraseList: Sendable, Equatable {
  /// The phrases as they were given.
  public let phrases: [String]
  /// The file they come from; nil for none.
  package let path: String?

  /// Takes phrases.
  ///
  /// The model's own normalisation of texts is applied to them; those that are empty then, and
  /// those that come again, do not count.
  public init(_ phrases: [String]) {
    (self.phrases, path) = (phrases, nil)
  }

  /// Reads phrases from a file, one a line.
  ///
  /// - Parameter path: a file of UTF-8, also packed by gzip, or "-" for standard input.
  /// - Throws: `RecognitionError.unreadableList`.
  public init(contentsOf path: String) throws(RecognitionError) {
    var phrases: [String] = []
    _ = try rethrowing(
      forEachLine(of: path, role: "list") { phrases.append($0) },
      as: RecognitionError.unreadableList)
    (self.phrases, self.path) = (phrases, path)
  }
}

extension SpeechModel {
  /// A list of phrases as the decoder needs it.
  ///
  /// - Parameters:
  ///   - list: the list.
  ///   - unwritable: is told what the model does not write; phrases that hold it are skipped.
  /// - Throws: `RecognitionError.noPhrases`, and `.unwritableTexts` where all of them are.
  func decoder(
    of list: PhraseList, noting unwritable: inout UnwritableTexts
  ) throws(RecognitionError) -> PhraseDecoder {
    var phrases: [[Int]] = []
    for phrase in list.phrases where !normalized(phrase).isEmpty {
      guard let labels = writable(phrase, skipsLossy: true, noting: &unwritable)?.labels else {
        continue
      }
      phrases.append(labels)
    }
    guard !phrases.isEmpty else {
      throw unwritable.isEmpty ? .noPhrases(path: list.path) : .unwritableTexts(unwritable)
    }
    return PhraseDecoder(phrases: phrases)
  }
}
