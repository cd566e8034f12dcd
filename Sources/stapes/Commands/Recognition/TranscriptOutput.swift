import ArgumentParser
import Stapes
import StapesConsole

/// Where `stapes transcribe` writes: to standard output, to one file, or to a folder with a file for
/// each clip and format.
struct TranscriptOutput {
  private enum Place {
    case standardOutput
    case file(String)
    case folder(String)
  }

  /// The formats, in the order in which they were asked for.
  let formats: [TranscriptFormat]
  private let place: Place
  private let clips: [String]
  /// What each is called in CTM.
  private let clipNames: [String]
  private let overwrites: Bool
  /// Where the transcripts of each clip go in a folder.
  private let names: OutputNames
  /// What is written to a file when all is done.
  private var content = ""

  /// Chooses the place: a file where the path has the ending of a format, else a folder.
  ///
  /// - Parameters:
  ///   - path: the place; nil or "-" for standard output.
  ///   - formats: how transcripts are written; nil for what the ending says, or `txt`.
  ///   - clips: what is transcribed.
  ///   - fileNames: what their files in a folder are called after, folders below it included; nil for
  ///     the names of the clips.
  ///   - overwrites: whether files that are there already are replaced.
  /// - Throws: `ValidationError` for formats that do not go there together.
  init(
    path: String?, formats: [TranscriptFormat]?, clips: [String],
    names fileNames: [String]? = nil, overwrites: Bool
  ) throws(ValidationError) {
    let ending = path.flatMap(TranscriptFormat.init(endingOf:))
    self.formats = formats ?? [ending ?? .txt]
    (self.clips, self.overwrites) = (clips, overwrites)
    clipNames = TranscriptFormat.clipNames(of: clips)
    place =
      switch path {
      case nil, "-": .standardOutput
      case let path? where ending != nil: .file(path)
      case let path?: .folder(path)
      }
    names = OutputNames(
      of: fileNames?.map(\.withinFolder)
        ?? clips.map { $0 == "-" ? "standard-input" : $0.fileName },
      endings: self.formats.map(\.fileExtension))
    if case .folder = place { return }
    guard self.formats.count == 1 else {
      throw ValidationError("several formats need --output and a folder")
    }
    let format = self.formats[0]
    guard clips.count == 1 || format.holdsSeveralClips else {
      throw ValidationError(
        """
        the format \(format.rawValue) holds a single clip; give one clip, or a folder with --output
        """)
    }
  }

  /// Makes sure, before any work, that the output can be written and replaces nothing that it should
  /// not.
  ///
  /// - Parameter inputs: the files that are read; they are never replaced.
  /// - Throws: `FileError`.
  func check(inputs: [String]) throws {
    switch place {
    case .standardOutput: break
    case .file(let path):
      try OutputGuard.check(
        [path], inputs: inputs, overwrites: overwrites, makesFolders: true)
    case .folder(let folder):
      let files = names.paths.joined().map { folder + "/" + $0 }
      try OutputGuard.check(files, inputs: inputs, overwrites: overwrites, makesFolders: true)
    }
  }

  /// Writes a clip's transcript, or keeps it for the file that is written at the end.
  ///
  /// - Throws: `FileError` or `ConsoleError`.
  mutating func write(_ transcript: Transcript, ofClip index: Int) throws {
    switch place {
    case .standardOutput:
      try Console.write(takeHeader() + lines(transcript, ofClip: index))
    case .file:
      content += takeHeader() + lines(transcript, ofClip: index)
    case .folder(let folder):
      for (format, name) in zip(formats, names.paths[index]) {
        let file = folder + "/" + name
        try FileSystem.makeFolder(file.folderPath)
        try write(format.file(of: transcript, path: clips[index]), to: file)
      }
    }
  }

  /// Writes the file, unless there was nothing to write.
  ///
  /// - Throws: `FileError`.
  func finish() throws {
    guard case .file(let path) = place, isBegun else { return }
    try write(content, to: path)
  }

  private func write(_ text: String, to path: String) throws {
    try FileSystem.write(text, to: path, replaces: overwrites)
  }

  private var isBegun = false

  /// The header of the format, once.
  private mutating func takeHeader() -> String {
    defer { isBegun = true }
    return isBegun ? "" : formats[0].header ?? ""
  }

  /// A transcript in the format that was asked for; the path stands before each plain text where
  /// there are several clips.
  private func lines(_ transcript: Transcript, ofClip index: Int) -> String {
    let path = clips[index]
    guard formats[0] == .txt, clips.count > 1 else {
      return formats[0].string(transcript, path: path, name: clipNames[index])
    }
    let name = path.escapedForTable
    return transcript.hypotheses.map { "\(name)\t\($0.text.escapedForTerminal)\n" }.joined()
  }
}

extension String {
  /// A path without what would lead out of the folder that it is put below.
  fileprivate var withinFolder: String {
    split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "/")
  }
}

extension TranscriptFormat {
  /// The format that a path's ending names, the longest ending where several fit; nil for none.
  fileprivate init?(endingOf path: String) {
    let named = Self.allCases.filter {
      path.lowercased().hasSuffix("." + $0.fileExtension.lowercased())
    }
    guard let format = named.max(by: { $0.fileExtension.count < $1.fileExtension.count }) else {
      return nil
    }
    self = format
  }
}
