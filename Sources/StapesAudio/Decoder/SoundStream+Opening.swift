internal import StapesContainers

extension SoundStream {
  /// Opens whatever sound an input holds: with libsndfile, or else with ffmpeg.
  static func open(
    _ source: consuming InputFile, _ options: AudioOptions, within limit: TimeLimit
  ) throws(AudioError) -> SoundStream {
    var input = source
    if input.byteCount == 0 { throw .emptyFile(path: input.path) }
    if let rawFormat = options.rawFormat {
      let decoder = try SoundDecoder.open(input.duplicate(), rawFormat: rawFormat)
      return try SoundStream(decoder, of: input, layout: .plain(input.byteCount ?? 0))
    }
    if !input.isSeekable {
      let start = try input.read(12)
      if start.isEmpty { throw .emptyFile(path: input.path) }
      if let header = try WaveHeader(after: start, from: &input), header.isPlain {
        let decoder = try SoundDecoder.openWave(input.duplicate(), header)
        return try SoundStream(decoder, of: input, layout: .plain(0))
      }
      try input.seek(to: 0)
    }
    do throws(AudioError) {
      return try openParts(of: input.duplicate())
    } catch {
      guard case .unsupportedAudio(let path, let kind) = error, let name = options.ffmpeg,
        let program = try FFmpegProcess.decoding(input, by: name, within: limit)
      else { throw error }
      let unreadByteCount = try ForeignFile.unreadByteCount(in: input)
      return try open(program, path: path, kind: kind, unreadByteCount: unreadByteCount)
    }
  }

  /// Opens a file that can seek, and finds out what lies in it.
  private static func openParts(
    of source: consuming InputFile
  ) throws(AudioError) -> SoundStream {
    var input = source
    let layout = try SoundLayout.unpacking(&input)
    guard let first = layout.parts.first, !layout.isPlain else {
      try input.seek(to: 0)
      let decoder = try SoundDecoder.open(input.duplicate(), rawFormat: nil)
      return try SoundStream(decoder, of: input, layout: layout)
    }
    let decoder = try SoundDecoder.open(first, of: input)
    return try SoundStream(decoder, of: input, layout: layout)
  }

  /// Reads what ffmpeg writes: WAV.
  private static func open(
    _ program: FFmpegProcess, path: String, kind: String, unreadByteCount: Int
  ) throws(AudioError) -> SoundStream {
    var output = try program.output()
    guard let header = try WaveHeader(after: output.read(12), from: &output) else {
      let reason = program.failure ?? "it wrote no sound"
      throw .notDecodedByFFmpeg(path: path, kind: kind, reason: reason)
    }
    let decoder = try SoundDecoder.openWave(output.duplicate(), header)
    return try SoundStream(
      decoder, of: output, layout: .plain(0, unreadByteCount: unreadByteCount))
  }
}
