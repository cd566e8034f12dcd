import CSndFile
import Foundation
import StapesAudio
import TestSupport
import Testing

@Suite struct StreamTests {
  private let planted = sine(440, sampleRate: 44_100, count: 100_003)

  @Test(arguments: [nil, 16_000, 48_000])
  func blocksJoinToTheClip(sampleRate: Int?) throws {
    let options = AudioOptions(sampleRate: sampleRate)
    try withFile(wave(planted.flatMap { bytes($0.bitPattern) }, rate: 44_100, bits: 32, tag: 3)) {
      path in
      let clip = try AudioClip(contentsOf: path, options: options)
      for frameCount in [61, 1_000, 50_000, 1_000_000] {
        var file = try SoundFile(contentsOf: path, options: options)
        var samples: [Float] = []
        var lengths: [Int] = []
        repeat {
          let block = try file.read(frameCount: frameCount)
          lengths.append(block.count)
          samples += block
        } while lengths.last == frameCount
        #expect(largestDifference(samples, clip.samples) == 0)
        #expect(lengths.dropLast().allSatisfy { $0 == frameCount })
        #expect(try file.read(frameCount: frameCount) == [])
        #expect(file.warnings == clip.warnings)
      }
      if let sampleRate {
        #expect(clip.warnings == [.resampled(from: 44_100, to: sampleRate)])
        let whole = try Resampler.resample(planted, from: 44_100, to: sampleRate)
        #expect(largestDifference(clip.samples, whole) == 0)
        #expect(clip.sampleRate == sampleRate && clip.sourceRate == 44_100)
      } else {
        #expect(largestDifference(clip.samples, planted) == 0)
      }
    }
  }

  @Test func resamplingIsSaidTheSameForEveryFile() {
    let warning = AudioWarning.resampled(from: 8_000, to: 16_000)
    #expect(Set([warning, .resampled(from: 8_000, to: 16_000)]).count == 1)
    #expect(warning.description == "Resampling from 8000 to 16000 Hz.")
  }

  /// What has arrived is handed out while the other end is still speaking.
  @Test func soundIsReadAsItArrives() throws {
    let pipe = Pipe()
    let writer = pipe.fileHandleForWriting
    let samples = (0..<3_000).map { Int16($0) }
    let file = wave(pcm16(samples), statedByteCount: 0xFFFF_FFFF)
    try writer.write(contentsOf: Data(file[..<(44 + 3_200)]))
    var sound = try SoundFile(fileDescriptor: pipe.fileHandleForReading.fileDescriptor)
    #expect(sound.sourceFrameCount == nil)
    #expect(try sound.read(frameCount: 1_600) == samples[..<1_600].map { Float($0) / 32_768 })
    try writer.write(contentsOf: Data(file[(44 + 3_200)...]))
    try writer.close()
    #expect(try sound.read(frameCount: 1_600) == samples[1_600...].map { Float($0) / 32_768 })
    #expect(try sound.read(frameCount: 1_600) == [])
    #expect(sound.warnings == [])
  }

  /// A header that a pipe cannot be read behind is no reason to fail: the pipe is copied.
  @Test func pipesOfAnyKindAreRead() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      let code = SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM
      try encode(planted, sampleRate: 44_100, as: code, to: path)
      let clip = try AudioClip(contentsOf: path)
      let piped = try withPipe(contents(of: path)) {
        try AudioClip(SoundFile(fileDescriptor: $0))
      }
      #expect(largestDifference(piped.samples, clip.samples) == 0)
    }
    let padding =
      Array("JUNK".utf8) + bytes(UInt32(2 << 20)) + [UInt8](repeating: 7, count: 2 << 20)
    let file = wave(pcm16([1, 2, 3]), chunksBefore: padding)
    let piped = try withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0)) }
    #expect(piped.samples.count == 3)
    #expect(throws: AudioError.notAudio(path: "-", seemsToBe: "text")) {
      try withPipe(Array("hello\n".utf8)) { _ = try SoundFile(fileDescriptor: $0) }
    }
  }

  @Test func descriptorStaysOpenAndIsReadFromItsStart() throws {
    try withFile(wave(pcm16([1, 2, 3]))) { path in
      let handle = try #require(FileHandle(forReadingAtPath: path))
      for _ in 0..<2 {
        try handle.seek(toOffset: 0)
        let clip = try AudioClip(SoundFile(fileDescriptor: handle.fileDescriptor))
        #expect(clip.samples.count == 3)
      }
      // Behind what another reader has taken already, a file is like a pipe.
      try withFile(Array("taken".utf8) + (try contents(of: path))) { path in
        let handle = try #require(FileHandle(forReadingAtPath: path))
        try handle.seek(toOffset: 5)
        let clip = try AudioClip(SoundFile(fileDescriptor: handle.fileDescriptor))
        #expect(clip.samples.count == 3)
      }
    }
  }
}
