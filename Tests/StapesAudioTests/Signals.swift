import Foundation
import StapesAudio
import TestSupport

/// A sine of amplitude 0.5, or another one.
func sine(
  _ frequency: Double, sampleRate: Int, count: Int, amplitude: Double = 0.5
) -> [Float] {
  (0..<count).map {
    Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(sampleRate)))
  }
}

/// Interleaves channels of one length.
func interleaved(_ channels: [[Float]]) -> [Float] {
  (0..<(channels.first?.count ?? 0)).flatMap { frame in channels.map { $0[frame] } }
}

/// The largest absolute difference; infinite when the counts differ.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// The root of the mean squared difference; infinite when the counts differ.
func rootMeanSquareDifference(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  let sum = zip(a, b).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }
  return (sum / Double(a.count)).squareRoot()
}

/// The bytes of a number, lowest first.
func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// The bytes of 16-bit samples, lowest byte first.
func pcm16(_ samples: [Int16]) -> [UInt8] { samples.flatMap { bytes($0) } }

/// A WAV file whose header may say anything.
func wave(
  _ data: [UInt8], rate: UInt32 = 16_000, channels: UInt16 = 1, bits: UInt16 = 16,
  tag: UInt16 = 1, statedByteCount: UInt32? = nil, chunksBefore: [UInt8] = [],
  chunksAfter: [UInt8] = []
) -> [UInt8] {
  let frameByteCount = channels &* (bits / 8)
  var file = Array("RIFF".utf8)
  file += bytes(UInt32(36 + chunksBefore.count + data.count + chunksAfter.count))
  file += Array("WAVE".utf8) + chunksBefore + Array("fmt ".utf8) + bytes(UInt32(16))
  file += bytes(tag) + bytes(channels) + bytes(rate) + bytes(rate &* UInt32(frameByteCount))
  file += bytes(frameByteCount) + bytes(bits)
  file += Array("data".utf8) + bytes(statedByteCount ?? UInt32(data.count))
  return file + data + chunksAfter
}

/// Writes bytes to a file in a temporary folder and runs the body with its path.
func withFile<Result>(
  _ bytes: [UInt8], named name: String = "clip.wav", _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    return try body(path)
  }
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: path)))
}

/// Sends bytes through a pipe, which cannot seek, and runs the body with its reading end.
func withPipe<Result>(
  _ bytes: [UInt8], _ body: (CInt) throws -> Result
) throws -> Result {
  let pipe = Pipe()
  let writer = pipe.fileHandleForWriting
  // A pipe holds less than a clip, so that writing must go on while the body reads.
  let thread = Thread {
    try? writer.write(contentsOf: Data(bytes))
    try? writer.close()
  }
  thread.start()
  defer { _ = try? pipe.fileHandleForReading.readToEnd() }
  return try body(pipe.fileHandleForReading.fileDescriptor)
}
