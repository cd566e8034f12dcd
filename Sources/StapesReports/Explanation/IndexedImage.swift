internal import FoundationEssentials
internal import StapesFiles

/// A picture of at most 256 colours, as a PNG file (ISO/IEC 15948).
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
      + chunk("IDAT", rows.zlibPacked) + chunk("IEND", [])
  }

  /// The file as the address of a picture.
  var dataAddress: String { "data:image/png;base64,\(Data(png).base64EncodedString())" }
}

private func bigEndian(_ value: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
  let bytes = Array(type.utf8) + content
  return bigEndian(content.count) + bytes + bigEndian(Int(bytes.crc32))
}

/// Colours for shares from 0 to 1, as the pictures of a page have them.
enum ColorScale {
  /// Dark blue, green, yellow: equal steps look equal, also without colour vision.
  ///
  /// It joins eight of the colours of viridis (van der Walt and Smith 2015) by straight lines.
  static let palette: [[UInt8]] = {
    let colors: [[Double]] = [
      [68, 1, 84], [70, 50, 127], [54, 92, 141], [39, 127, 142], [31, 161, 135], [74, 194, 109],
      [160, 218, 57], [253, 231, 37],
    ]
    return (0..<256).map { index in
      let place = Double(index) / 255 * Double(colors.count - 1)
      let lower = min(Int(place), colors.count - 2)
      let share = place - Double(lower)
      return zip(colors[lower], colors[lower + 1]).map { a, b in
        UInt8((a + (b - a) * share).rounded())
      }
    }
  }()

  /// The number of the colour for a share; 0 for what is no number.
  static func index(_ share: Float) -> UInt8 {
    share.isNaN ? 0 : UInt8((min(max(share, 0), 1) * 255).rounded())
  }
}
