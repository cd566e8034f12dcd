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

extension OggPages {
  /// The parts of Ogg from an offset on: the links of a chain (RFC 3533, 4), each with the pages of
  /// one stream that holds sound; nil where no page begins.
  ///
  /// Pages that do not fit their checksums are skipped.
  static func parts(
    from offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    var links: [OggLink] = []
    var position = offset
    while let page = try OggPage(at: position, of: input, &window) {
      var isEnd = page.end == fileByteCount
      if !isEnd { isEnd = try SoundLayout.startsFile(at: page.end, of: input, &window) }
      // Frames of FLAC have checksums of their own.
      var isIntact = isEnd && links.last?.isFLAC == true && !page.isFirst
      if !isIntact { isIntact = try page.isIntact(in: input, &window) }
      // Behind damage, the next page shows itself by its name, as a file of another kind does.
      let next =
        isEnd
        ? page.end
        : try SoundLayout.nextFile(
          from: isIntact ? page.end : page.start + 4, to: fileByteCount, of: input, &window)
      let isCut = page.end > fileByteCount && next == nil
      if links.isEmpty || isIntact && page.isFirst && links[links.count - 1].isBegun {
        links.append(OggLink(start: position))
        links[links.count - 1].add(page)
      } else if isIntact || isCut {
        links[links.count - 1].add(page)
      } else {
        links[links.count - 1].passDamage(upTo: min(page.end, next ?? fileByteCount))
      }
      if let next, next != page.end { links[links.count - 1].passGap() }
      position = min(next ?? fileByteCount, fileByteCount)
    }
    guard let last = links.last else { return nil }
    if links.count == 1, last.isPlain {
      return .init(parts: [SoundPart(ranges: [offset..<last.end])], end: last.end)
    }
    var parts: [SoundPart] = []
    for link in links { parts += try link.parts(of: input) }
    return .init(
      parts: parts, end: last.end, unreadByteCount: links.reduce(0) { $0 + $1.strayByteCount })
  }
}
