internal import FoundationEssentials
public import StapesAudio
internal import StapesFiles
public import StapesRecognition
internal import StapesText
public import StapesTranscript

/// Sound files and folders of them to transcribe into a folder of the same tree.
///
/// The output folder keeps a journal of what was done, so that a batch that was stopped, however
/// that was, goes on where it ended, and one that is run again does only what is missing or has
/// changed. A file has not changed when its size and times of change (mtime and ctime) are those of
/// the journal; where only the times differ, when its content has the same hash. Nothing in the
/// output folder is replaced but what a batch wrote there and nobody has changed since.
public struct BatchRun: Sendable {
  /// A sound file and where its transcript goes.
  public struct Item: Sendable, Equatable {
    /// What the sound file is called: its path below the folder that all inputs have in common.
    public let path: String
    /// The transcript in each format, in their order, relative to the output folder.
    public let outputPaths: [String]
    /// The file's length in seconds, by its header; 0 where that does not tell.
    public internal(set) var seconds: Double
    /// Where the file is, or its copy.
    var file: String
    /// Its absolute path, or its address without what gives access.
    let source: String
    /// Where it is on a server; nil for one that is here.
    var address: Address?
    /// Why there is no copy of it; nil where there is one, or none is needed.
    var refusal: RecognitionError?
    /// The file as it was found; nil where it cannot be looked at.
    var node: FileNode?
    /// What the journal keeps of that.
    var identity: FileIdentity?
    /// What stands at the place of each transcript.
    var states: [OutputState] = []

    init(
      path: String, outputPaths: [String], seconds: Double, file: String, source: String,
      node: FileNode?
    ) {
      (self.path, self.outputPaths, self.seconds) = (path, outputPaths, seconds)
      (self.file, self.source, self.node) = (file, source, node)
      identity = node.map { FileIdentity(of: $0) }
    }
  }

  /// How an item ended.
  public struct Outcome: Sendable {
    /// The item.
    public let item: Item
    /// What was odd about the sound.
    public let warnings: [AudioWarning]
    /// Why the transcript has no text; nil where it has one, or is not there.
    public let emptyReason: Transcript.EmptyReason?
    /// Why there is no transcript; nil when it was written.
    public internal(set) var error: RecognitionError?
    /// Transcripts that somebody has changed since they were written, and that stay; relative to
    /// the output folder.
    public internal(set) var keptOutputs: [String] = []
    /// How much sound the file holds, in seconds, as far as that is known by now.
    public var seconds: Double { record.seconds }
    /// A text about the file, such as a warning, by the name of what a copy is of.
    public func named(_ text: String) -> String { item.named(text) }
    /// What the journal says of it.
    var record: BatchJournal.Record
    /// The transcripts, complete but for their names.
    var texts: [FinishedText] = []
    /// Whether the file was changed while it was read, so that nothing of this is to be believed.
    var isStale = false
  }

  /// Something that could not be transcribed.
  public struct Failure: Sendable, Equatable {
    /// What the sound file or folder is called.
    public let path: String
    /// Of which kind the cause is, in a few words.
    public let cause: String
    /// What is wrong, and what helps.
    public let message: String
  }

  /// The output folder.
  public let outputFolder: String
  /// How it is done.
  public let options: BatchOptions
  /// What is left to transcribe, by path.
  public let items: [Item]
  /// How many files need nothing, since earlier runs have transcribed them.
  public let settledCount: Int
  /// What failed in earlier runs, and is not tried again.
  public let earlierFailures: [Failure]
  /// How many files of other kinds are in the input folders; they are left alone.
  public let otherFileCount: Int
  /// Items that keep the ending of the sound file in the name of their transcript, since another
  /// item or the list of failures would otherwise have the same name.
  public let renamedItems: [Item]

  /// Transcripts that somebody has changed since they were written, and that stay as they are;
  /// relative to the output folder, sorted.
  public let keptOutputs: [String]
  /// Files in the way of transcripts, which no batch has written; with the output folder's path.
  public let occupiedOutputs: [String]
  /// Transcripts that a batch wrote, of files that are gone or have theirs under another name now;
  /// relative to the output folder, sorted.
  public let staleOutputs: [String]
  /// How many of the transcripts that need nothing another build of the tool made.
  public let otherBuildCount: Int

  /// What all files are called, those of other parts included.
  let names: [String]
  let outputs: BatchOutputs
  /// The time for records of this run.
  let time: Int
  let unreadable: [SoundTree.Unreadable]
  /// How the parts divide the batch, as a number; nil where they do not, or names alone do.
  let division: UInt64?
  /// Records of files that have another time of change, but the same content.
  let touched: [BatchJournal.Record]

  /// The name of the list of failures in the output folder.
  public static let failureListName = "errors.tsv"

  /// Finds the sound files, compares them with the journal, and reads the headers of those that are
  /// left.
  ///
  /// - Parameters:
  ///   - inputs: folders of sound files and further folders, and sound files. Folders take part
  ///     with the files whose names end as sound files do. Several inputs keep their places below
  ///     the folder that they have in common.
  ///   - listed: further ones; where one is missing, that is a failure of this file alone.
  ///   - outputFolder: the folder for the transcripts; made when it is not there.
  ///   - options: how it is done.
  /// - Throws: `RecognitionError.noSoundFiles`, and `.file` for a folder that cannot be read, a
  ///   journal that is no file, and a file that would be read and replaced.
  public init(
    _ inputs: [String], listed: [String] = [], outputFolder: String,
    options: BatchOptions = BatchOptions()
  ) throws(RecognitionError) {
    let tree = try SoundTree(
      inputs: inputs, listed: listed, isRaw: options.audio.rawFormat != nil)
    guard !tree.files.isEmpty else {
      if let first = tree.unreadable.first {
        throw first.error
      }
      throw .noSoundFiles(path: inputs.first ?? "the list")
    }
    names = tree.files.map(\.name)
    let places = OutputNames(
      of: names, endings: options.formats.map(\.fileExtension), reserved: [Self.failureListName])
    let journal = try BatchJournal(outputFolder: outputFolder)
    outputs = BatchOutputs(
      folder: outputFolder, journal: journal, options: options, tree: tree, paths: places.paths)
    let divided =
      options.shard.count > 1 && !options.dividesByName
      ? Division(of: tree, among: options.shard.count, rawFormat: options.audio.rawFormat) : nil
    division = divided?.signature(of: tree)
    var survey = BatchSurvey(
      options: options, outputs: outputs, isPreliminary: options.claimPatience != nil)
    for (index, file) in tree.files.enumerated() {
      let isOwn =
        divided.map { $0.parts[index] == options.shard.number - 1 }
        ?? options.shard.contains(file.name)
      if isOwn || options.takesAllParts {
        try survey.look(at: file, outputPaths: places.paths[index])
      }
    }
    self.outputFolder = outputFolder
    self.options = options
    time = journal.nextTime
    items = survey.items
    settledCount = survey.settledCount
    earlierFailures = survey.failures
    touched = survey.touched
    keptOutputs = survey.keptOutputs.sorted()
    occupiedOutputs =
      survey.occupiedOutputs + (try Self.foreignFailureList(in: outputFolder, options))
    staleOutputs = outputs.staleOutputs
    otherBuildCount = survey.otherBuildCount
    let renamed = Set(zip(names, places.isRenamed).filter(\.1).map(\.0.byteName))
    renamedItems = items.filter { renamed.contains($0.path.byteName) }
    otherFileCount = tree.otherCount
    unreadable = tree.unreadable
  }
}

/// How a batch is done.
public struct BatchOptions: Sendable {
  /// How transcripts are written, each in a file of its own; different ones.
  public var formats: [TranscriptFormat]
  /// Which channel is taken, the format of files without header, what decodes others, and after how
  /// many seconds a file is given up.
  public var audio: AudioOptions
  /// Which part of the files is done.
  public var shard: Shard
  /// Whether names alone say which part a file is in, rather than how much sound all files have, so
  /// that it stays there while files are added.
  public var dividesByName = false
  /// Where the parts share an output folder and all of them claim each file before they do it: after
  /// how many seconds without a sign of life a process counts as dead, so that others do what it had
  /// claimed; nil where nothing is claimed.
  public var claimPatience: Double?
  /// Whether the files of all parts are done, rather than those of this part alone.
  public var takesAllParts = false
  /// What fetches files from servers.
  package var download = Download()
  /// Whether files that failed before and have not changed are tried again.
  public var retriesFailures: Bool
  /// Files that were changed in the last seconds are left for another time, since they may still be
  /// written.
  public var leastAge = 0.0
  /// Whether files that no batch wrote, and transcripts that were changed since, are replaced.
  public var overwrites = false
  /// Whether files in the way of transcripts count as failures of these alone, rather than stop the
  /// run before any work.
  public var goesOnBesideOccupied = false
  /// The recipe by which version 0.1.0 called the same model and options; nil where it cannot be
  /// told, so that what it did is done again.
  public var earlierRecipe: UInt64?
  /// Which build of the tool this is; kept with each record, and of no influence.
  public var build = ""
  /// A number that changes with the model and all options that change a text: what was done with
  /// another one is done again.
  public var recipe: UInt64

  /// Makes options.
  public init(
    formats: [TranscriptFormat] = [.txt], audio: AudioOptions = AudioOptions(),
    shard: Shard = .whole, retriesFailures: Bool = false, recipe: UInt64 = 0
  ) {
    self.formats = formats
    self.audio = audio
    self.shard = shard
    self.retriesFailures = retriesFailures
    self.recipe = recipe
  }
}

extension BatchRun {
  /// What is left to do, what was done before, and what is left alone.
  package var summary: String {
    let seconds = items.reduce(0) { $0 + $1.seconds }
    let rest = [
      (items.count { $0.seconds == 0 }, "whose length is not known yet"),
      (settledCount, "done before"), (earlierFailures.count, "failed before"),
      (otherFileCount, "of other kinds left alone"),
    ]
    let work =
      items.isEmpty
      ? "nothing to do" : "\(counted(items.count, "sound file")), \(clockTime(seconds)) of sound"
    return ([work] + rest.filter { $0.0 > 0 }.map { "\(counted($0, "file")) \($1)" })
      .joined(separator: "; ")
  }
}
