internal import StapesFiles
internal import StapesScanning
internal import StapesText

/// A way in which labelled clips lie on disk.
///
/// A layout is told by its name, and lives in a file of its own in this folder; `order` alone knows
/// them all.
public struct CorpusLayout: Sendable {
  /// What the layout is called.
  public let name: String
  /// What lies where, in one line.
  public let example: String
  /// How clips of this layout are found and read.
  let reader: Reader

  /// The four kinds of layouts.
  enum Reader: Sendable {
    /// The folder as a whole has marks of its own; nil without them.
    case folder(@Sendable (Folder) throws(LayoutError) -> Reading?)
    /// A file lists clips with their texts.
    case list(ListFormat)
    /// A file beside each sound holds its labels.
    case labels(LabelFormat)
    /// The names of files or folders may be labels, which nothing in them confirms.
    case guess(@Sendable (Folder) -> Reading?)
  }

  init(_ name: String, example: String, _ reader: Reader) {
    self.name = name
    self.example = example
    self.reader = reader
  }
}

extension CorpusLayout: CaseIterable {
  /// The layouts in the order in which they are tried, those with marks of their own first and
  /// guesses last; those of a group are looked for together.
  static var order: [[CorpusLayout]] {
    [
      [.kaldi], [.sphinx], [.voxForge], [.ljSpeech], [.libriSpeech],
      [.commonVoice, .table, .jsonLines], [.stm], [.ctm], [.plainList],
      [.audacity, .timit, .sidecarText, .lab, .subtitles, .elan, .textGrid, .timitWords],
      [.nameEncoded], [.classFolders],
    ]
  }

  /// All layouts.
  public static var allCases: [CorpusLayout] { order.flatMap(\.self) }
}

extension CorpusLayout: Equatable {
  /// Whether two layouts are one.
  public static func == (one: CorpusLayout, other: CorpusLayout) -> Bool { one.name == other.name }
}

/// A kind of file that lists clips with their texts.
struct ListFormat: Sendable {
  /// Where such files are looked for in a folder, and how many of them make one corpus.
  enum Place: Sendable {
    /// One directly in the folder.
    case top
    /// One in each folder.
    case folders
    /// Any number anywhere.
    case anywhere
  }

  /// Whether a file of a folder may be such a list, by its name.
  let fits: @Sendable (Folder.File) -> Bool
  var place = Place.top
  /// Whether sound that no list names is none of its business.
  var isPartial = false
  /// Reads a list; nil where the file is none of this kind.
  let read: @Sendable (ListFile, inout SoundFinder) -> [ListedLine]?
}

/// A file that may list clips.
struct ListFile {
  /// Its path.
  let path: String
  /// Its content.
  let content: TextFile
  /// What the files of its folder hold; nil where they lie on disk.
  var memory: [ByteName: [UInt8]]?

  /// The folder that it lies in.
  var folder: String { path.folderPath }
  /// Its name without the folder.
  var name: Substring { path.split(separator: "/").last ?? "" }
}

/// A line of a list, by its number, which counts from 1: a clip, or why there is none.
typealias ListedLine = (number: Int, clip: Result<ListedClip, LineFault>)

/// A kind of file that lies beside a sound and holds its labels.
struct LabelFormat: Sendable {
  /// How the names of such files end, in small letters.
  let endings: Set<String>
  /// Whether all files of these endings must be of this kind for one to be: what their lines look
  /// like may be a text as well.
  var mustFitAll = false
  /// Reads labels; nil where the file is of another kind.
  let read: @Sendable (TextFile) -> Labels?
}
