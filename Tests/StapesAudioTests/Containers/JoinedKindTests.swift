import Foundation
import StapesAudio
import TestSupport
import Testing

/// Files of different kinds that were joined byte by byte: all are read, or their bytes are told.
@Suite struct JoinedKindTests {
  /// An ID3 tag of 1,034 bytes, as programs put it in front of MP3.
  private static let tag =
    Array("ID3".utf8) + [4, 0, 0, 0, 0, 8, 0] + [UInt8](repeating: 0, count: 1_024)

  /// Frames of layer II without sound, of 1,152 samples at 48,000 Hz each.
  private static let layerTwo = (0..<20).flatMap { _ in
    [0xFF, 0xFD, 0x84, 0xC0] + [UInt8](repeating: 0, count: 380)
  }

  /// Frames of AAC, as far as their headers tell.
  private static let aac = (0..<40).flatMap { _ in
    [0xFF, 0xF1, 0x60, 0x40, 0x0C, 0x9F, 0xFC] + [UInt8](repeating: 2, count: 93)
  }

  private static func box(_ name: String, _ count: Int) -> [UInt8] {
    [0, 0, UInt8((count + 8) >> 8), UInt8((count + 8) & 0xFF)] + Array(name.utf8)
      + [UInt8](repeating: 1, count: count)
  }
  private static let phone = box("ftyp", 24) + box("moov", 500) + box("mdat", 2_000)

  private func part(_ format: SoundFormat) throws -> (file: [UInt8], samples: [Float]) {
    try withTemporaryFolder { folder in
      let path = "\(folder)/part"
      let samples = sine(440, sampleRate: 48_000, count: 50_000)
      try encode(samples, sampleRate: 48_000, as: format.code, to: path)
      return (try contents(of: path), try AudioClip(contentsOf: path).samples)
    }
  }

  @Test(arguments: JoinedFileTests.formats) func taggedMP3Behind(format: SoundFormat) throws {
    let (first, second) = (try part(format), try part(JoinedFileTests.formats[0]))
    try withFile(first.file + Self.tag + second.file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, first.samples + second.samples) < 1e-4)
      #expect(clip.warnings == [])
    }
  }

  @Test(arguments: JoinedFileTests.formats) func othersBehindFLACAndLayerTwo(
    format: SoundFormat
  ) throws {
    let (flac, second) = (try part(JoinedFileTests.formats[3]), try part(format))
    let silence = [Float](repeating: 0, count: 20 * 1_152)
    for (file, samples) in [(flac.file, flac.samples), (Self.layerTwo, silence)] {
      try withFile(file + second.file) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(largestDifference(clip.samples, samples + second.samples) < 1e-3)
        #expect(clip.warnings == [])
      }
    }
  }

  @Test(arguments: JoinedFileTests.formats) func layerTwoBehind(format: SoundFormat) throws {
    let first = try part(format)
    try withFile(first.file + Self.layerTwo) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples.count == first.samples.count + 20 * 1_152)
      #expect(clip.warnings == [])
    }
  }

  @Test(arguments: JoinedFileTests.formats) func foreignFilesBehindAreTold(
    format: SoundFormat
  ) throws {
    let first = try part(format)
    for rest in [Self.aac, Self.phone] {
      try withFile(first.file + rest) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(largestDifference(clip.samples, first.samples) < 1e-4)
        #expect(clip.warnings == [.unread(path: path, byteCount: rest.count)])
      }
    }
  }

  @Test func tagsAreSkippedForTheirOwnLength() throws {
    let first = try part(JoinedFileTests.formats[4])
    let junk = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3 &+ 201) }
    for (rest, warningCount) in [(Self.tag, 0), (Self.tag + junk, 1)] {
      try withFile(first.file + rest) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect(clip.warnings.count == warningCount)
      }
    }
  }

  /// What another program reads ends where the first file does.
  @Test func filesBehindForeignOnesAreTold() throws {
    let wave = try part(JoinedFileTests.formats[4]).file
    try withTemporaryFolder { folder in
      let program = "\(folder)/decoder"
      try installProgram("#!/bin/sh\ncat '\(folder)/out.wav'\n", at: program)
      try Data(wave).write(to: URL(filePath: "\(folder)/out.wav"))
      for first in [Self.aac, Self.phone] {
        for rest in [[], Self.phone, wave, Self.tag] {
          try withFile(first + rest) { path in
            let clip = try AudioClip(contentsOf: path, options: AudioOptions(ffmpeg: program))
            let isTold = !rest.isEmpty && rest != Self.tag
            #expect(
              clip.warnings == (isTold ? [.unread(path: path, byteCount: rest.count)] : []))
          }
        }
      }
    }
  }
}
