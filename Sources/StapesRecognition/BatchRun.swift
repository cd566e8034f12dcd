internal import FoundationEssentials
public import StapesAudio
internal import StapesModel

/// A folder of sound files to transcribe into a folder of the same tree.
public struct BatchRun: Sendable {
  /// A sound file and where its transcript goes.
  public struct Item: Sendable, Equatable {
    /// The sound file, relative to the input folder.
    public let path: String
    /// The transcript in each format, in their order, relative to the output folder.
    public let outputPaths: [String]
    /// The file's length in seconds; 0 where it cannot be told.
    public let seconds: Double
  }

  /// How an item ended.
  public struct Outcome: Sendable {
    /// The item.
    public let item: Item
    /// What was odd about the sound.
    public let warnings: [AudioWarning]
    /// Why there is no transcript; nil when it was written.
    public let error: RecognitionError?
  }

  /// The input folder.
  public let folder: String
  /// The output folder.
  public let outputFolder: String
  /// What to transcribe, by path.
  public let items: [Item]
  /// How many files of other kinds are in the input folder; they are left alone.
  public let otherFileCount: Int
  /// Items that keep the ending of the sound file in the name of their transcript, since another
  /// item or the list of failures would otherwise have the same name.
  public let renamedItems: [Item]

  private let formats: [TranscriptFormat]
  private let audio: AudioOptions
  private let unreadableFolders: [String]

  /// The name of the list of failures in the output folder.
  public static let failureListName = "errors.tsv"

  /// Finds the sound files of a folder, and reads their headers.
  ///
  /// - Parameters:
  ///   - folder: the folder of sound files and further folders.
  ///   - outputFolder: the folder for the transcripts; made when it is not there.
  ///   - formats: how they are written, each in a file of its own; different ones.
  ///   - audio: which channel to take, and the format of files without header.
  /// - Throws: `RecognitionError.unreadableFolder` and `.noSoundFiles`.
  public init(
    folder: String, outputFolder: String, formats: [TranscriptFormat] = [.txt],
    audio: AudioOptions = AudioOptions()
  ) throws(RecognitionError) {
    let found = try SoundFolder(path: folder, isRaw: audio.rawFormat != nil)
    guard !found.soundFiles.isEmpty else { throw .noSoundFiles(path: folder) }
    let names = OutputNames(
      of: found.soundFiles, endings: formats.map(\.fileExtension),
      reserved: [Self.failureListName])
    self.folder = folder
    self.outputFolder = outputFolder
    self.formats = formats
    self.audio = audio
    items = zip(found.soundFiles, names.paths).map { path, outputPaths in
      let properties = try? AudioProperties(
        ofFileAt: folder + "/" + path, rawFormat: audio.rawFormat)
      return Item(path: path, outputPaths: outputPaths, seconds: properties?.seconds ?? 0)
    }
    renamedItems = zip(items, names.isRenamed).filter(\.1).map(\.0)
    otherFileCount = found.otherCount
    unreadableFolders = found.unreadableFolders
  }

  /// Transcribes all items; one that fails does not stop the others.
  ///
  /// Each transcript is written to a temporary file that is then renamed, so a file in the output
  /// folder is always complete. Failures are listed in the output folder's `errors.tsv`, with the
  /// columns `path` and `error`; a list of an earlier run is removed when nothing failed. When the
  /// task is cancelled, no further item is begun, and what is finished stays.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - threadCount: how many tasks share the work, at least 1; more than there are cores do not
  ///     help.
  ///   - report: is told of each item as it ends, one at a time.
  /// - Returns: the failures, by path; folders that may not be read among them.
  /// - Throws: `RecognitionError.unwritable` when the output folder cannot be made or the list of
  ///   failures cannot be written.
  public func run(
    with recognizer: Recognizer, threadCount: Int, report: (Outcome) -> Void = { _ in }
  ) async throws(RecognitionError) -> [Failure] {
    try ResultFile.makeFolder(outputFolder)
    var failures = unreadableFolders.map { path in
      Failure(
        path: path, error: .unreadableFolder(path: path, reason: "permission denied"))
    }
    let clips = items.map { item in
      ClipWork.Clip(path: folder + "/" + item.path, audio: audio, seconds: item.seconds)
    }
    await ClipWork(clips).run(with: recognizer, threadCount: threadCount) { index, result in
      outcome(of: items[index], result)
    } report: { _, outcome in
      if let error = outcome.error {
        failures.append(Failure(path: outcome.item.path, error: error))
      }
      report(outcome)
    }
    failures.sort { $0.path < $1.path }
    try writeList(of: failures)
    return failures
  }

  /// Writes an item's transcript in each format.
  private func outcome(
    of item: Item, _ result: Result<Transcript, RecognitionError>
  ) -> Outcome {
    do throws(RecognitionError) {
      let transcript = try result.get()
      try ResultFile.makeFolder((outputFolder + "/" + item.path).folderPath)
      for (format, outputPath) in zip(formats, item.outputPaths) {
        let text = format.file(of: transcript, path: item.path)
        try ResultFile.writeSwiftly(text, to: outputFolder + "/" + outputPath)
      }
      return Outcome(item: item, warnings: transcript.warnings, error: nil)
    } catch {
      return Outcome(item: item, warnings: [], error: error)
    }
  }

  private func writeList(of failures: [Failure]) throws(RecognitionError) {
    let path = outputFolder + "/" + Self.failureListName
    guard !failures.isEmpty else {
      try? FileManager.default.removeItem(atPath: path)
      return
    }
    let lines = failures.map { failure in
      "\(failure.path.escapedForTable)\t\(failure.error.description.escapedForTable)\n"
    }
    try ResultFile.write("path\terror\n" + lines.joined(), to: path)
  }
}

extension BatchRun {
  /// Something that could not be transcribed.
  public struct Failure: Sendable, Equatable {
    /// The sound file or folder, relative to the input folder.
    public let path: String
    /// Why.
    public let error: RecognitionError
  }
}
