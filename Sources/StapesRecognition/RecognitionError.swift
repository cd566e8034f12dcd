public import StapesAudio
public import StapesDecoding
public import StapesFiles
public import StapesLanguage
public import StapesModel
internal import StapesText

/// Why something could not be recognised.
public enum RecognitionError: Error, Equatable {
  /// Stapes comes with no model of this name.
  case noSuchBundledModel(name: String, available: [String])
  /// The model cannot be used.
  case model(ModelError)
  /// The sound cannot be read.
  case audio(AudioError)
  /// A setting lies outside what is allowed.
  case settingOutOfRange(name: String, found: Int, allowed: ClosedRange<Int>)
  /// A time lies outside what is allowed; all in seconds.
  case secondsOutOfRange(name: String, found: Double, allowed: ClosedRange<Double>)
  /// A setting of the search lies outside what is allowed.
  case search(SearchError)
  /// The language model cannot be read.
  case languageModel(LanguageError)
  /// The language model has not a word, or not a character, that the model can write.
  case foreignLanguageModel
  /// A list of phrases or hotwords cannot be read.
  case unreadableList(LanguageError)
  /// A hotword's boost is no number.
  case malformedBoost(found: String, path: String, line: Int)
  /// A list of phrases holds none; `path` is its file, if it has one.
  case noPhrases(path: String?)
  /// Nothing of some texts can be written by the model.
  case unwritableTexts(UnwritableTexts)
  /// A model tells clips apart, and something needs one that writes characters; `what` in the
  /// plural.
  case noCharacters(neededFor: String)
  /// A model writes characters, and something needs one that tells clips apart.
  case noClasses
  /// Nothing is left of a text that is to be aligned; `path` is where it stands, if it is in a
  /// file.
  case emptyText(text: String, path: String?)
  /// A recording is too short for the texts that are to be aligned with it.
  case textsDoNotFit(path: String, seconds: Double)
  /// Samples in memory hold one that is infinite or not a number.
  case nonFiniteSample(index: Int)
  /// A file has more channels than are transcribed one by one.
  case tooManyChannels(path: String, count: Int, limit: Int)
  /// A clip is too long to be explained.
  case clipTooLong(path: String, seconds: Double, limit: Int)
  /// A clip is too short to hold a text.
  case textTooLong(text: String, seconds: Double)
  /// A file or folder cannot be read, or cannot or must not be written.
  case file(FileError)
  /// The name of a file or folder is not in UTF-8; its other bytes are written as `\xFF`.
  case foreignName(path: String)
  /// A folder holds no sound file.
  case noSoundFiles(path: String)
  /// No batch has written to a folder.
  case noJournal(path: String)
  /// A table of audited clips cannot be read.
  case unreadableTable(path: String, reason: String)
  /// A file was replaced or written to while it was read.
  case changedMeanwhile(path: String)
}

extension RecognitionError: CustomStringConvertible {
  /// What is wrong, why, and what helps.
  public var description: String {
    switch self {
    case .noSuchBundledModel(let name, let available):
      "no model called \(name) comes with Stapes; there is \(available.joined(separator: ", "))"
    case .model(let error): error.description
    case .audio(let error): error.description
    case .settingOutOfRange(let name, let found, let allowed):
      "the \(name) is \(found); give \(allowed.lowerBound) to \(allowed.upperBound)"
    case .secondsOutOfRange(let name, let found, let allowed):
      "the \(name) is \(found) seconds; give \(allowed.lowerBound) to \(allowed.upperBound)"
    case .search(let error): error.description
    case .languageModel(let error): error.description
    case .foreignLanguageModel:
      "the language model has no word that the model can write; train it on text in the model's "
        + "characters, which `stapes info` lists"
    case .unreadableList(let error): error.description
    case .malformedBoost(let found, let path, let line):
      "\(path), line \(line): the boost \"\(found)\" is no number from -1000 to 1000; write a phrase, a tab and a "
        + "number such as 1.5, or the phrase alone"
    case .noPhrases(let path):
      place(path) + "there is no phrase in the list; give one on each line"
    case .unwritableTexts(let texts): texts.description
    case .noCharacters(let what):
      "\(what) need a model that transcribes, and this one is a classifier (see "
        + "`stapes info`); give another model"
    case .noClasses:
      "a confusion matrix needs a classifier, and this model transcribes; "
        + "train one with --task classify, or omit --confusion"
    case .emptyText(let text, let path):
      place(path) + "normalisation leaves nothing of the text \"\(text)\"; remove it"
    case .textsDoNotFit(let path, let seconds):
      "\(path): the texts do not fit into \(seconds.formatted(decimals: 2)) s of sound; give those "
        + "that are spoken in it"
    case .nonFiniteSample(let index):
      "sample \(index) is not a finite number; correct the samples first"
    case .tooManyChannels(let path, let count, let limit):
      "\(path) has \(count) channels, of which at most \(limit) are transcribed one by one; mix "
        + "them, or choose one"
    case .clipTooLong(let path, let seconds, let limit):
      "\(path): the clip is \(seconds.formatted(decimals: 1)) s long; cut out at most \(limit) s"
    case .textTooLong(let text, let seconds):
      "\"\(text)\" does not fit into \(seconds.formatted(decimals: 2)) s of sound; give a shorter "
        + "text, or a longer clip"
    case .file(let error): error.description
    case .foreignName(let path):
      "\(path): its name is not in UTF-8, so that no list can hold it; give it another name"
    case .noSoundFiles(let path):
      "\(path): there is no sound file in this folder; give one with WAV, FLAC, Ogg, MP3 or AIFF "
        + "files, or name their format with --raw"
    case .noJournal(let path):
      "\(path): no batch has written to this folder; give the output folder of `stapes batch`"
    case .unreadableTable(let path, let reason):
      "\(path): the table cannot be read: \(reason); give one that `stapes audit` wrote, divided by "
        + "tabs, with only its verdicts changed"
    case .changedMeanwhile(let path):
      "\(path): the file was changed while it was read; run the command again when it is complete"
    }
  }
}

/// What stands before an error in a file; nothing where there is none.
private func place(_ path: String?) -> String { path.map { "\($0): " } ?? "" }
