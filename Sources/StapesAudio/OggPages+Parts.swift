extension OggPages {
  /// The parts of Ogg from an offset on: the links of a chain (RFC 3533, 4), each with the pages of
  /// one stream that holds sound; nil where no page begins.
  static func parts(
    from offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let fileByteCount = input.byteCount ?? 0
    var links: [OggLink] = []
    var position = offset
    while let page = try OggPage(at: position, of: input, &window) {
      if page.isFirst, links.last?.isBegun != false {
        links.append(OggLink(start: position))
      } else if links.isEmpty {
        links.append(OggLink(start: position))
      }
      links[links.count - 1].add(page)
      position = min(page.end, fileByteCount)
      if position == fileByteCount { break }
      if try window.slice(4, at: position, of: input).has("OggS") { continue }
      if try SoundLayout.startsFile(at: position, of: input, &window) { break }
      // Behind damage, the next page shows itself by its name.
      guard
        let next = try window.next(
          Array("OggS\0".utf8), from: position, to: fileByteCount, of: input)
      else { break }
      position = next
    }
    guard let last = links.last else { return nil }
    let isPlain = links.count == 1 && last.isSingle && !last.isFLAC
    return .init(
      parts: isPlain ? [SoundPart(ranges: [offset..<last.end])] : links.compactMap(\.part),
      end: last.end, unreadByteCount: links.reduce(0) { $0 + $1.strayByteCount })
  }
}

/// The header of a page of Ogg.
struct OggPage {
  let start: Int
  /// Where its content begins, and where it ends.
  let (content, end): (Int, Int)
  /// Whether it is the first of its stream.
  let isFirst: Bool
  let serialNumber: Int
  /// What its content begins with.
  let beginning: ArraySlice<UInt8>

  /// Reads the header at an offset; nil when there is none.
  init?(
    at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) {
    let header = try window.slice(27 + 255 + 16, at: offset, of: input)
    guard header.count >= 27, header.has("OggS\0") else { return nil }
    let count = Int(header[header.startIndex + 26])
    let lengths = header.dropFirst(27).prefix(count)
    start = offset
    content = offset + 27 + count
    end = content + lengths.reduce(0) { $0 + Int($1) }
    isFirst = header[header.startIndex + 5] & 2 == 2
    serialNumber = header.littleEndian(at: 14, count: 4)
    beginning = header.dropFirst(27 + count).prefix(16)
  }
}

/// The pages of one link of a chain.
struct OggLink {
  /// A stream of the link, by its number and its codec.
  private struct Stream {
    let number: Int
    let holdsSound: Bool
    let isFLAC: Bool
  }

  private let start: Int
  private(set) var end: Int
  private var streams: [Stream] = []
  /// The pages of the stream that is taken, joined where they touch.
  private var pages: [Range<Int>] = []
  private var contents: [Range<Int>] = []
  /// The number of bytes of pages of a stream whose beginning is missing.
  private(set) var strayByteCount = 0
  /// Whether pages that begin a stream are over.
  private(set) var isBegun = false

  init(start: Int) {
    self.start = start
    end = start
  }

  private var taken: Stream? { streams.first(where: \.holdsSound) ?? streams.first }

  /// Whether there are no pages of another stream.
  var isSingle: Bool { streams.count == 1 }
  /// Whether it is FLAC that is taken.
  var isFLAC: Bool { taken?.isFLAC == true }

  mutating func add(_ page: OggPage) {
    end = page.end
    if page.isFirst {
      let isFLAC = page.beginning.has("\u{7F}FLAC")
      let holdsSound =
        isFLAC || page.beginning.has("\u{1}vorbis") || page.beginning.has("OpusHead")
      streams.append(
        Stream(number: page.serialNumber, holdsSound: holdsSound, isFLAC: isFLAC))
      // What was taken for the stream may not be it.
      if streams.count > 1, taken?.number == page.serialNumber { (pages, contents) = ([], []) }
    } else {
      isBegun = true
      if !streams.contains(where: { $0.number == page.serialNumber }) {
        strayByteCount += page.end - page.start
      }
    }
    guard taken?.number == page.serialNumber || streams.isEmpty else { return }
    Self.append(page.start..<page.end, to: &pages)
    if isFLAC { Self.append(page.content..<page.end, to: &contents) }
  }

  private static func append(_ range: Range<Int>, to ranges: inout [Range<Int>]) {
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }

  /// What a decoder is given: the pages of the stream, or FLAC without them.
  var part: SoundPart? {
    guard let first = contents.first, isFLAC else {
      return pages.isEmpty ? nil : SoundPart(ranges: pages)
    }
    // Nine bytes come before what is FLAC's own.
    return SoundPart(
      ranges: [min(first.lowerBound + 9, first.upperBound)..<first.upperBound]
        + contents.dropFirst(), isUnpackedFLAC: true)
  }
}
