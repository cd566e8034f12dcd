extension SoundDecoder {
  static func open(
    _ input: consuming InputFile, rawFormat: RawFormat?
  ) throws(AudioError) -> SoundDecoder {
    let path = input.path
    if let rawFormat {
      return try SoundDecoder(
        input, as: rawFormat, startingAt: 0, orThrow: .notAudio(path: path, seemsToBe: nil))
    }
    try input.seek(to: 0)
    return try SoundDecoder(input, orThrow: .notAudio(path: path, seemsToBe: nil))
  }
}
