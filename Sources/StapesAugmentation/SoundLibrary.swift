package import StapesAudio
internal import StapesFiles
package import StapesKernels

/// The sounds that clips are varied with: recordings of noise, and rooms.
package struct SoundLibrary: Sendable {
  /// Recordings in which nobody speaks.
  package private(set) var noises: [StoredSamples] = []
  /// Impulse responses.
  package private(set) var rooms: [[Float]] = []

  /// Once its recordings take so many bytes, the rest of a folder is left out.
  private static let noiseByteCount = 1 << 30
  /// How many synthetic rooms a run has.
  private static let roomCount = 100
  /// Impulse responses of a folder beyond these are left out.
  private static let mostRooms = 1000
  /// Echoes later than this, in seconds, are left out.
  private static let longestEcho = 1.0

  /// Nothing.
  package init() {}

  /// Loads or makes what an augmentation asks for.
  ///
  /// - Parameters:
  ///   - augmentation: the settings.
  ///   - sampleRate: of all sounds, in hertz.
  ///   - seed: of the synthetic rooms.
  ///   - audio: how the files are read.
  /// - Throws: `AugmentationError.noSounds` for a folder without a sound file that can be read.
  package init(
    for augmentation: Augmentation, sampleRate: Int, seed: UInt64,
    audio: AudioOptions = AudioOptions()
  ) throws(AugmentationError) {
    var options = audio
    options.sampleRate = sampleRate
    if !augmentation.noiseFolder.isEmpty, augmentation.noiseShare > 0 {
      var byteCount = 0
      try Self.read(augmentation.noiseFolder, options) { samples in
        noises.append(StoredSamples(samples))
        byteCount += noises[noises.count - 1].byteCount
        return byteCount < Self.noiseByteCount
      }
    }
    guard augmentation.reverberationShare > 0 else { return }
    let longest = Int(Self.longestEcho * Double(sampleRate))
    if augmentation.reverberationFolder.isEmpty {
      var random = SplitMix64(seed: seed, stream: RandomStream.rooms.rawValue)
      for _ in 0..<Self.roomCount {
        let seconds = Double.random(in: augmentation.fadingSeconds, using: &random)
        let room = ShoeboxRoom(fadingWithin: seconds, using: &random)
        let response = room.impulseResponse(
          sampleRate: sampleRate, sampleCount: min(Int(seconds * Double(sampleRate)), longest))
        rooms.append(Self.withoutLows(response, sampleRate: sampleRate))
      }
    } else {
      try Self.read(augmentation.reverberationFolder, options) { samples in
        rooms.append(Array(samples.prefix(2 * longest)))
        return rooms.count < Self.mostRooms
      }
    }
  }

  /// Reads the sound files of a folder and the folders below it, by the bytes of their paths, as
  /// long as more are wanted; those that cannot be read or are silent are passed over.
  private static func read(
    _ folder: String, _ options: AudioOptions, take: ([Float]) -> Bool
  ) throws(AugmentationError) {
    var count = 0
    for path in (try? FileTree(path: folder))?.files ?? [] {
      guard audioEndings.contains(path.pathExtension.lowercased()),
        let clip = try? AudioClip(contentsOf: "\(folder)/\(path)", options: options),
        Waveform.power(of: clip.samples) > 0
      else { continue }
      count += 1
      guard take(clip.samples) else { return }
    }
    guard count > 0 else { throw .noSounds(folder: folder) }
  }

  /// The response without what all its echoes, being of one sign, add up to below some 80 Hz.
  private static func withoutLows(_ response: [Float], sampleRate: Int) -> [Float] {
    let memory = 1 - 500 / Float(sampleRate)
    var (input, output): (Float, Float) = (0, 0)
    return response.map { sample in
      output = sample - input + memory * output
      input = sample
      return output
    }
  }

  /// A stretch of one of the recordings, begun again where it ends.
  package func noise(sampleCount: Int, using random: inout SplitMix64) -> [Float] {
    let recording = noises[Int.random(in: noises.indices, using: &random)]
    let start = Int.random(in: 0..<recording.count, using: &random)
    return recording.floats(from: start, count: sampleCount)
  }
}
