import Foundation
import StapesAudio
import TestSupport
import Testing

/// Files that are not what their name says; each error is one of its own, with a sentence.
@Suite struct MalformedFileTests {
  /// Expects an error from reading and from probing without ffmpeg, and words in its sentence.
  private func expect(
    _ bytes: [UInt8], named name: String = "clip.wav", saying words: String,
    _ error: (String) -> AudioError
  ) throws {
    let options = AudioOptions(ffmpeg: nil)
    try withFile(bytes, named: name) { path in
      #expect(throws: error(path)) { _ = try AudioClip(contentsOf: path, options: options) }
      #expect(throws: error(path)) { _ = try AudioProperties(ofFileAt: path, options: options) }
      let sentence = error(path).description
      #expect(sentence.contains(words) && sentence.contains(path), "\(sentence)")
    }
  }

  @Test func missingFile() {
    for path in ["/nowhere/clip.wav", "", "/etc/hostname/clip.wav"] {
      #expect(throws: AudioError.noSuchFile(path: path)) { _ = try AudioClip(contentsOf: path) }
    }
  }

  @Test func directory() throws {
    try withTemporaryFolder { folder in
      let error = AudioError.isDirectory(path: folder)
      #expect(throws: error) { _ = try AudioClip(contentsOf: folder) }
      #expect(error.description.contains("is a directory"))
    }
  }

  @Test func fileOfSomeoneElse() throws {
    try withFile(wave(pcm16([1, 2, 3]))) { path in
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      let error = AudioError.noPermission(path: path)
      try withoutFilePrivileges {
        #expect(throws: error) { _ = try AudioClip(contentsOf: path) }
      }
      #expect(error.description.contains("chmod"))
    }
  }

  @Test func emptyFile() throws {
    try expect([], saying: "empty") { .emptyFile(path: $0) }
    #expect(throws: AudioError.emptyFile(path: "-")) {
      try withPipe([]) { _ = try SoundFile(fileDescriptor: $0) }
    }
    #expect(AudioError.emptyFile(path: "-").description.hasPrefix("Standard input"))
  }

  @Test(arguments: [
    ("hello, this is text\n", "text"), ("<!DOCTYPE html>\n<title>404</title>", "an HTML page"),
    ("\n  <HTML><body>", "an HTML page"), ("{\"error\": \"not found\"}", "JSON"),
    ("[1, 2]", "JSON"), ("<?xml version=\"1.0\"?>", "XML"), ("#!/bin/sh\necho", "a script"),
    ("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
    ("naïve café, déjà vu", "text"), ("\u{FEFF}file,text\n", "text"), ("%PDF-1.7\n", "a PDF"),
    ("GIF89a", "a GIF picture"),
  ])
  func textInsteadOfSound(content: String, kind: String) throws {
    try withFile(Array(content.utf8)) { path in
      let error = #expect(throws: AudioError.self) { _ = try AudioClip(contentsOf: path) }
      guard case .notAudio(path, let seemsToBe?) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(seemsToBe.hasPrefix(kind))
    }
  }

  @Test(arguments: [
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG picture"),
    ([0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46], "a JPEG picture"),
    ([0x50, 0x4B, 3, 4, 20, 0, 0, 0], "a ZIP archive or an office document"),
    ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "a gzip archive"),
    ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "a program"),
    ([0xFF, 0xFE, 0x68, 0, 0x65, 0, 0x6C, 0], "UTF-16 text"),
    ([UInt8](repeating: 0, count: 600), "nothing but zero bytes"),
  ])
  func otherFilesInsteadOfSound(start: [UInt8], kind: String) throws {
    try expect(start, saying: "seems to be \(kind)") { .notAudio(path: $0, seemsToBe: kind) }
  }

  @Test(arguments: [
    ([0, 0, 0, 32] + Array("ftypM4A ".utf8), "MPEG-4 (M4A, MP4)"),
    (Array("#!AMR\n".utf8) + [0x3C, 0x55, 0, 1], "AMR"),
    ([0xFF, 0xF1, 0x50, 0x80, 0x2E, 0x7F, 0xFC, 0], "AAC (ADTS)"),
    (Array("RIFF\0\0\0\0AVI LIST".utf8), "AVI video"),
    ([0x1A, 0x45, 0xDF, 0xA3, 1, 0, 0, 0], "Matroska or WebM"),
    ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "Windows Media Audio"),
  ])
  func soundThatCannotBeDecoded(start: [UInt8], kind: String) throws {
    try expect(start, saying: "ffmpeg") { .unsupportedAudio(path: $0, kind: kind) }
  }

  @Test func noiseInsteadOfSound() throws {
    let noise = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3 &+ 201) }
    try expect(noise, saying: "raw format") { .notAudio(path: $0, seemsToBe: nil) }
  }

  @Test func zeroFrames() throws {
    try expect(wave([]), saying: "zero frames") { .noFrames(path: $0) }
    for byteCount in [43, 44, 45] {
      let start = Array(wave(pcm16([1, 2, 3])).prefix(byteCount))
      try expect(start, saying: "zero frames") { .noFrames(path: $0) }
    }
    let list = Array("LIST".utf8) + bytes(UInt32(4)) + Array("INFO".utf8)
    try expect(wave([], chunksAfter: list), saying: "zero frames") { .noFrames(path: $0) }
  }

  @Test(arguments: [1, 11, 12, 20, 35, 40])
  func headerCutOff(byteCount: Int) throws {
    let file = Array(wave(pcm16([1, 2, 3])).prefix(byteCount))
    try withFile(file) { path in
      let error = #expect(throws: AudioError.self) { _ = try AudioClip(contentsOf: path) }
      #expect(
        byteCount < 12
          ? error == .notAudio(path: path, seemsToBe: byteCount == 1 ? "text" : nil)
          : error == .damaged(path: path, format: "WAV"))
    }
  }

  @Test func headerWithAbsurdRate() throws {
    for rate: UInt32 in [0, 1, 999, 1_000_001, 2_000_000_000, 4_000_000_000] {
      try expect(wave(pcm16([1, 2, 3]), rate: rate), saying: "\(rate) Hz") {
        .implausibleSampleRate(path: $0, rate: Int(rate))
      }
    }
  }

  @Test func headerWithAbsurdChannelCount() throws {
    for count: UInt16 in [0, 257, 1_000, 65_535] {
      try expect(wave(pcm16([1, 2, 3]), channels: count), saying: "\(count) channels") {
        .implausibleChannelCount(path: $0, count: Int(count))
      }
    }
  }

  @Test func headerWithUnknownEncoding() throws {
    try expect(wave(pcm16([1, 2, 3]), tag: 0x55), saying: "WAV with MPEG audio") {
      .unsupportedAudio(path: $0, kind: "WAV with MPEG audio (MP3)")
    }
    try expect(wave(pcm16([1, 2, 3]), bits: 0), saying: "damaged") {
      .damaged(path: $0, format: "WAV")
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func samplesThatAreNotFinite(value: Float) throws {
    var samples = sine(440, sampleRate: 16_000, count: 20_000)
    samples[17_000] = value
    let file = wave(samples.flatMap { bytes($0.bitPattern) }, bits: 32, tag: 3)
    try withFile(file) { path in
      let error = AudioError.nonFiniteSample(path: path, frame: 17_000)
      #expect(throws: error) { _ = try AudioClip(contentsOf: path) }
      #expect(throws: error) { _ = try AudioClip(contentsOf: path, offset: 1) }
      #expect(error.description.contains("17000"))
      let clip = try AudioClip(contentsOf: path, duration: 1)
      #expect(largestDifference(clip.samples, Array(samples[..<16_000])) == 0)
    }
  }

  @Test func nonFiniteSampleOfAnotherChannelDoesNoHarm() throws {
    let samples: [Float] = [0.5, .nan, 0.25, 0]
    let file = wave(samples.flatMap { bytes($0.bitPattern) }, channels: 2, bits: 32, tag: 3)
    try withFile(file) { path in
      let first = AudioOptions(channel: .index(0))
      let clip = try AudioClip(contentsOf: path, options: first)
      #expect(clip.samples == [0.5, 0.25])
      #expect(throws: AudioError.nonFiniteSample(path: path, frame: 0)) {
        _ = try AudioClip(contentsOf: path)
      }
    }
  }

  @Test func floatsWithTheRangeOfIntegersAreReported() throws {
    let samples: [Float] = [100, -20_000, 32_767]
    let file = wave(samples.flatMap { bytes($0.bitPattern) }, bits: 32, tag: 3)
    try withFile(file) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples == samples)
      #expect(clip.warnings == [.beyondFullScale(path: path, peak: 32_767)])
    }
  }
}
