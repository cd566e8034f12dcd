/// The pages of an Ogg file (RFC 3533).
package enum OggPages {
  private static let longestPage = 27 + 255 + 255 * 255
  static let lastPageFlag: UInt8 = 4

  /// Whether the last page does not say that it is the last, is cut or is missing altogether.
  package static func endEarly(in input: inout InputFile) throws(AudioError) -> Bool {
    let byteCount = input.byteCount ?? 0
    try input.seek(to: max(0, byteCount - longestPage))
    let tail = try input.read(longestPage)
    let last = tail.indices.last { tail[$0...].has("OggS") }
    guard let last, last + 27 <= tail.count, tail[last + 5] & lastPageFlag != 0 else { return true }
    let count = Int(tail[last + 26])
    let contentByteCount = tail[(last + 27)...].prefix(count).reduce(0) { $0 + Int($1) }
    return last + 27 + count + contentByteCount > tail.count
  }
}
