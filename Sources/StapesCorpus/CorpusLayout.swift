/// A way in which labelled clips lie on disk.
public enum CorpusLayout: String, Sendable, CaseIterable, Codable {
  /// Sound files whose names tell label, speaker and number: `7_jackson_32.wav`.
  case nameEncoded
  /// A folder for each label, with the sound files in it: `yes/clip.wav`.
  case classFolders
  /// A text file beside each sound file: `clip.wav` and `clip.txt`.
  case sidecarText
  /// Folders by speaker and chapter, with the chapter's texts in one file.
  case libriSpeech
  /// A Kaldi data directory: `wav.scp`, `text`, and `utt2spk` and `segments` when there.
  case kaldi
  /// `metadata.csv` with the fields `id|raw text|normalised text`, and the sound in `wavs`.
  case ljSpeech
  /// A table with a header that names a column of sound files and one of texts.
  case table
  /// A table of Common Voice: tabs between the columns `path`, `sentence` and others.
  case commonVoice
  /// One JSON object a line, with `audio_filepath` and `text`.
  case jsonLines

  /// What the layout is called.
  public var name: String {
    switch self {
    case .nameEncoded: "name-encoded files"
    case .classFolders: "class folders"
    case .sidecarText: "text files beside the sound"
    case .libriSpeech: "LibriSpeech tree"
    case .kaldi: "Kaldi data directory"
    case .ljSpeech: "LJSpeech metadata.csv"
    case .table: "table with a header"
    case .commonVoice: "Common Voice table"
    case .jsonLines: "JSON lines"
    }
  }

  /// What lies where, in one line.
  public var example: String {
    switch self {
    case .nameEncoded: "7_jackson_32.wav: the label 7, spoken by jackson, clip 32"
    case .classFolders: "yes/a.wav, no/b.wav: the folder's name is the label"
    case .sidecarText: "a.wav with a.txt, in any folders"
    case .libriSpeech:
      "84/121123/84-121123-0000.flac with 84/121123/84-121123.trans.txt, whose lines are "
        + "84-121123-0000 GO DO YOU HEAR"
    case .kaldi: "wav.scp with lines \"a audio/a.wav\", text with lines \"a THE WORDS\""
    case .ljSpeech: "metadata.csv with lines LJ001-0001|text|normalised text, wavs/LJ001-0001.wav"
    case .table:
      "clips.csv: a line file,text or wav_filename,wav_filesize,transcript, then a clip a line"
    case .commonVoice:
      "train.tsv with the columns client_id, path and sentence, the sound in clips/"
    case .jsonLines:
      "train.jsonl with lines {\"audio_filepath\": \"a.wav\", \"text\": \"the words\"}"
    }
  }
}
