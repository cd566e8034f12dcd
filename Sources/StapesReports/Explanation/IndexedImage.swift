internal import FoundationEssentials

/// A picture of at most 256 colours, as a PNG file.
///
/// The picture is stored rather than compressed (ISO/IEC 15948 with blocks of RFC 1951 that hold
/// their bytes as they are): the maps of a few seconds of sound are small.
struct IndexedImage {
  /// Its size in pixels.
  let width, height: Int
  /// The red, green and blue of each colour.
  let palette: [[UInt8]]
  /// The number of the colour of each pixel, row after row from the top.
  let pixels: [UInt8]

  /// The bytes of the file.
  ///
  /// - Precondition: there is at least one pixel.
  var png: [UInt8] {
    precondition(width > 0 && height > 0 && pixels.count == width * height, "\(width) x \(height)")
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // 8 bits a pixel, colours by number, deflate, the one filter method, rows in order.
    let header = bigEndian(width) + bigEndian(height) + [8, 3, 0, 0, 0]
    // Each row names its filter: 0 for none.
    let rows = (0..<height).flatMap { [0] + pixels[$0 * width..<($0 + 1) * width] }
    return signature + chunk("IHDR", header) + chunk("PLTE", palette.flatMap(\.self))
      + chunk("IDAT", stored(rows)) + chunk("IEND", [])
  }

  /// The file as the address of a picture.
  var dataAddress: String { "data:image/png;base64,\(Data(png).base64EncodedString())" }
}

private func bigEndian(_ value: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
  let bytes = Array(type.utf8) + content
  return bigEndian(content.count) + bytes + bigEndian(Int(crc32(bytes)))
}

/// Bytes as a zlib stream (RFC 1950) of stored blocks.
private func stored(_ bytes: [UInt8]) -> [UInt8] {
  var stream: [UInt8] = [0x78, 0x01]
  var start = 0
  repeat {
    let end = min(start + 0xFFFF, bytes.count)
    let (length, isLast) = (UInt16(end - start), end == bytes.count)
    stream.append(isLast ? 1 : 0)
    for half in [length, ~length] { stream += [UInt8(half & 0xFF), UInt8(half >> 8)] }
    stream += bytes[start..<end]
    start = end
  } while start < bytes.count
  return stream + bigEndian(Int(adler32(bytes)))
}

private func adler32(_ bytes: [UInt8]) -> UInt32 {
  var (a, b): (UInt32, UInt32) = (1, 0)
  for byte in bytes {
    a = (a + UInt32(byte)) % 65_521
    b = (b + a) % 65_521
  }
  return b << 16 | a
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  let table = (0..<256).map { (index: UInt32) -> UInt32 in
    (0..<8).reduce(index) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }
  return ~bytes.reduce(~0) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
}
