import NIOCore
import StapesProtocols
import Testing

@Suite struct PCMTests {
  /// Codes of G.711 and their samples of 16 bits, as Python's audioop has them.
  static let muLaw: [(UInt8, Int)] = [
    (0, -32124), (1, -31100), (15, -16764), (16, -15996), (63, -1980), (85, -716), (127, 0),
    (128, 32124), (129, 31100), (171, 5116), (213, 716), (200, 1372), (240, 120), (254, 8),
    (255, 0), (42, -5372),
  ]
  static let aLaw: [(UInt8, Int)] = [
    (0, -5504), (1, -5248), (15, -6784), (16, -2752), (63, -13568), (85, -8), (127, -848),
    (128, 5504), (129, 5248), (171, 31232), (213, 8), (200, 472), (240, 688), (254, 880),
    (255, 848), (42, -32256),
  ]

  @Test func codesOfG711AreThoseOfAnotherDecoder() {
    for (encoding, table) in [(PCMDecoder.Encoding.muLaw, Self.muLaw), (.aLaw, Self.aLaw)] {
      var decoder = PCMDecoder(encoding)
      let samples = decoder.samples(of: ByteBuffer(bytes: table.map(\.0)))
      #expect(samples.map { Int($0 * 32_768) } == table.map(\.1))
    }
  }

  @Test(arguments: 1...4)
  func integersOfAnyWidthAreWhatTheyStandFor(width: Int) {
    let values = [0, 1, -1, 100, -128, 127].map { Int32($0) }
    var bytes: [UInt8] = []
    for value in values {
      // The value in the highest byte but for its scale, so that every width says the same.
      let shifted = value << Int32(8 * (width - 1))
      bytes += (0..<width).map { UInt8(truncatingIfNeeded: shifted >> Int32(8 * $0)) }
    }
    var decoder = PCMDecoder(.integer(byteCount: width))
    #expect(decoder.samples(of: ByteBuffer(bytes: bytes)) == values.map { Float($0) / 128 })
  }

  @Test func anySplitGivesTheSameSamplesAndChannelsAreMixed() {
    let bytes: [UInt8] = [0, 64, 0, 192, 0, 32, 0, 96]
    for cut in 0...bytes.count {
      var decoder = PCMDecoder(channelCount: 2)
      let samples =
        decoder.samples(of: ByteBuffer(bytes: bytes[..<cut]))
        + decoder.samples(of: ByteBuffer(bytes: bytes[cut...]))
      #expect(samples == [0, 0.5])
    }
  }
}
