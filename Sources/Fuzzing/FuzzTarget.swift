import StapesAudio
import StapesCorpus
internal import StapesEvaluation
import StapesLanguage
internal import StapesLayouts
import StapesModel
import StapesNetwork
import StapesRecognition
import StapesTraining

/// A reader of files that others wrote; bytes of any kind may make it throw, and do nothing worse.
enum FuzzTarget: String, CaseIterable {
  case audio, raw, safetensors, model, arpa, binary, manifest, kaldi, options, architecture, tables
  case textgrid, elan, subtitles, labels, stm, ctm, prompts, sphinx, json, list
  case multipart, wyoming, messages

  /// Reads bytes.
  ///
  /// - Parameters:
  ///   - bytes: what a file holds.
  ///   - scratch: where readers of files find them.
  func read(_ bytes: [UInt8], scratch: ScratchFolder) {
    switch self {
    case .audio: Self.readSound(scratch.file("sound", bytes), rawFormat: nil)
    case .raw: readRaw(bytes, scratch)
    case .safetensors: _ = try? Safetensors(bytes: bytes.span)
    case .model: _ = try? SpeechModel(serialized: bytes)
    case .arpa: _ = try? NGramModel(arpa: scratch.file("arpa", bytes))
    case .binary: _ = try? NGramModel(binary: scratch.file("binary", Self.headed(bytes)))
    case .manifest: Self.readCorpus(scratch.file("clips.csv", bytes))
    case .kaldi: readFiles(["wav.scp", "text", "utt2spk", "segments"], bytes, scratch)
    case .textgrid: readFiles(["a.TextGrid"], bytes, scratch)
    case .elan: readFiles(["a.eaf"], bytes, scratch)
    case .subtitles: readFiles(["a.srt", "b.vtt"], bytes, scratch)
    case .labels: readFiles(["a.txt", "b.lab", "c.wrd"], bytes, scratch)
    case .stm: readFiles(["list.stm"], bytes, scratch)
    case .ctm: readFiles(["list.ctm"], bytes, scratch)
    case .prompts: readFiles(["etc/PROMPTS"], bytes, scratch)
    case .sphinx: readFiles(["etc/a.transcription", "etc/a.fileids"], bytes, scratch)
    case .json: readFiles(["list.json"], bytes, scratch)
    case .list: readFiles(["list.csv"], bytes, scratch)
    case .options:
      _ = try? TrainingOptions().applying(json: String(decoding: bytes, as: UTF8.self))
    case .architecture: _ = try? NetworkArchitecture(String(decoding: bytes, as: UTF8.self))
    case .tables: readTables(bytes, scratch)
    case .multipart: Self.readForm(bytes)
    case .wyoming: Self.readWyoming(bytes)
    case .messages: Self.readMessages(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func readSound(_ path: String, rawFormat: RawFormat?) {
    // A small file may decode to hours of silence; a part of them is as good.
    for channel in [AudioOptions.Channel.mix, .index(1)] {
      let options = AudioOptions(sampleRate: 8000, channel: channel, rawFormat: rawFormat)
      _ = try? AudioClip(contentsOf: path, options: options, offset: 0, duration: 2)
    }
  }

  /// The first line is the description of the samples, the rest the samples.
  private func readRaw(_ bytes: [UInt8], _ scratch: ScratchFolder) {
    let (first, rest) = Self.divided(bytes)
    guard let format = try? RawFormat(parsing: String(decoding: first, as: UTF8.self)) else {
      return
    }
    Self.readSound(scratch.file("sound", rest), rawFormat: format)
  }

  /// What a corpus says must have an end, also where nothing in it can be used.
  private static func readCorpus(_ path: String) {
    tell { () throws(LayoutError) in try Corpus(readingFrom: [path]) }
  }

  private static func tell(_ read: () throws(LayoutError) -> Corpus) {
    do throws(LayoutError) {
      _ = try read().description
    } catch {
      _ = error.description
    }
  }

  /// Reads a folder of three sounds and these files, which share the bytes: a zero parts them.
  ///
  /// The folder is in memory; a few, which their bytes choose, are read from the disk as well.
  private func readFiles(_ names: [String], _ bytes: [UInt8], _ scratch: ScratchFolder) {
    let parts = bytes.split(
      separator: 0, maxSplits: names.count - 1, omittingEmptySubsequences: false)
    // UTF-16 is full of zeros.
    let contents = names.count == 1 ? [bytes[...]] : parts
    var files = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { index, name in
        (name, contents.indices.contains(index) ? Array(contents[index]) : [])
      })
    if bytes.reduce(0, &+).isMultiple(of: 251) {
      let folder = scratch.folderOfSounds(rawValue)
      for (name, content) in files { _ = scratch.file(rawValue + "/" + name, content) }
      Self.readCorpus(folder)
    }
    for sound in ["a.wav", "b.wav", "c.wav"] { files[sound] = [] }
    Self.tell { () throws(LayoutError) in try Corpus(readingFrom: files) }
  }

  private func readTables(_ bytes: [UInt8], _ scratch: ScratchFolder) {
    let path = scratch.file("table", bytes)
    _ = try? AuditTable.outcome(of: path)
    _ = try? HotwordList(contentsOf: path)
    _ = try? PhraseList(contentsOf: path)
  }

  /// What stands before the first line end, and what after it.
  private static func divided(_ bytes: [UInt8]) -> (first: ArraySlice<UInt8>, rest: [UInt8]) {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    return (bytes[..<end], Array(bytes[end...].dropFirst()))
  }

  /// A binary language model whose head is right, so that its content is looked at.
  private static func headed(_ bytes: [UInt8]) -> [UInt8] {
    let words = stride(from: 0, to: bytes.count - 7, by: 8).map { start in
      bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    let checksum = words.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ $1) &* 0x0000_0100_0000_01B3
    }
    let head = [0x4D4C_7365_7061_7453, 1, UInt64(words.count), checksum] + words
    return head.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}
