import Foundation
import TestSupport
import Testing

/// A PNG file of colours by number, read strictly by the standards (ISO/IEC
/// 15948, RFC 1950, RFC 1951), sums included.
struct Picture {
  let width, height: Int
  let palette: [UInt8]
  let pixels: [UInt8]

  init(dataAddress: String) throws {
    let prefix = "data:image/png;base64,"
    try #require(dataAddress.hasPrefix(prefix))
    var file = Array(
      try #require(Data(base64Encoded: String(dataAddress.dropFirst(prefix.count)))))[...]
    #expect(Self.take(8, &file) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var chunks: [String: [UInt8]] = [:]
    var order: [String] = []
    while !file.isEmpty {
      let length = Self.bigEndian(Self.take(4, &file))
      let type = Self.take(4, &file)
      let content = Self.take(length, &file)
      #expect(Self.bigEndian(Self.take(4, &file)) == Self.crc(type + content))
      order.append(String(decoding: type, as: UTF8.self))
      chunks[order[order.count - 1]] = content
    }
    #expect(order == ["IHDR", "PLTE", "IDAT", "IEND"])
    let header = chunks["IHDR"] ?? []
    width = Self.bigEndian(Array(header[0..<4]))
    height = Self.bigEndian(Array(header[4..<8]))
    #expect(header[8...] == [8, 3, 0, 0, 0])
    palette = chunks["PLTE"] ?? []
    #expect(palette.count == 768)
    let rows = try Self.inflated(chunks["IDAT"] ?? [])
    try #require(rows.count == height * (width + 1))
    var pixels: [UInt8] = []
    for row in 0..<height {
      #expect(rows[row * (width + 1)] == 0)
      pixels += rows[row * (width + 1) + 1..<(row + 1) * (width + 1)]
    }
    self.pixels = pixels
  }

  private static func take(_ count: Int, _ bytes: inout ArraySlice<UInt8>) -> [UInt8] {
    defer { bytes = bytes.dropFirst(count) }
    return Array(bytes.prefix(count))
  }

  private static func bigEndian(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  /// The polynomial division itself, bit by bit.
  private static func crc(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = ~0
    for byte in bytes {
      for bit in 0..<8 {
        let carry = (sum ^ UInt32(byte) >> bit) & 1
        sum = sum >> 1 ^ (carry == 1 ? 0xEDB8_8320 : 0)
      }
    }
    return Int(~sum)
  }

  /// The bytes of a zlib stream, which the program `gzip` unpacks in its own frame.
  private static func inflated(_ stream: [UInt8]) throws -> [UInt8] {
    #expect(stream[0] & 15 == 8 && bigEndian(Array(stream[..<2])) % 31 == 0)
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    let deflated = stream.dropFirst(2).dropLast(4)
    // The sums of zlib are looked at below, those of gzip are left out.
    let sums = [UInt8](repeating: 0, count: 8)
    let bytes = try filtered(head + deflated + sums, by: "/bin/sh", ["-c", "gzip -dc || :"])
    let a = bytes.reduce(1) { ($0 + Int($1)) % 65_521 }
    let b = bytes.reduce((a: 1, b: 0)) { sums, byte in
      let a = (sums.a + Int(byte)) % 65_521
      return (a, (sums.b + a) % 65_521)
    }.b
    #expect(bigEndian(Array(stream.suffix(4))) == b << 16 | a)
    return bytes
  }
}
