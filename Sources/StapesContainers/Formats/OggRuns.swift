/// The pages of a stream of Ogg, divided where some are missing.
///
/// A decoder stops where pages are missing; what follows is given to another one, behind the pages
/// with which the stream begins.
struct OggRuns {
  /// What a codec lays down about its streams.
  struct Codec {
    /// The number of packets in front of the sound.
    let headerCount: Int
    /// The granule at the beginning of the sound.
    let firstGranule: Int
    /// How many granules make a second.
    let granuleRate: Int
    /// Whether it is Opus, of which decoders drop some sound at the beginning, and refuse that
    /// whose first page is the last.
    let isOpus: Bool
  }

  private struct Run {
    /// Joined where they touch.
    var pages: [Range<Int>] = []
    let firstNumber: Int
    /// The granule at the end of the sound; nil where there is no sound.
    var end: Int?
    /// Whether there is one page only, which is the last of the stream.
    var isLastPage = false

    mutating func add(_ page: OggPage) {
      let range = page.start..<page.end
      isLastPage = pages.isEmpty && page.isLast
      if let last = pages.last, last.upperBound == range.lowerBound {
        pages[pages.count - 1] = last.lowerBound..<range.upperBound
      } else {
        pages.append(range)
      }
    }
  }

  private let codec: Codec?
  /// The pages in front of the sound, and how many packets they hold.
  private var headers: [Range<Int>] = []
  private var headerCount = 0
  /// The first run holds the headers too.
  private var runs: [Run] = []
  private var nextNumber: Int?
  private var wantsRun = false
  private var firstGranule: Int?

  /// Starts without pages; where the codec is not known, they are not divided.
  init(codec: Codec? = nil) {
    self.codec = codec
  }

  /// Whether no page is missing.
  var isWhole: Bool { runs.count <= 1 }

  mutating func add(_ page: OggPage) {
    if let nextNumber, nextNumber != page.number, codec != nil { wantsRun = true }
    nextNumber = (page.number + 1) & 0xFFFF_FFFF
    if runs.isEmpty { runs.append(Run(firstNumber: page.number)) }
    if let codec, headerCount < codec.headerCount {
      headers.append(page.start..<page.end)
      headerCount += page.packetCount
      runs[0].add(page)
      return
    }
    if wantsRun {
      guard page.beginsPacket else { return }
      wantsRun = false
      runs.append(Run(firstNumber: page.number))
    }
    runs[runs.count - 1].add(page)
    if let granule = page.granule { runs[runs.count - 1].end = granule }
  }

  /// Notes that there are bytes that are no page: where the sound has not begun yet, its start is
  /// what is missing.
  mutating func passGap() {
    if !runs.contains(where: { $0.end != nil }) { firstGranule = codec?.firstGranule }
  }

  /// What decoders are given, one after another.
  func parts(of input: borrowing InputFile) throws(AudioError) -> [SoundPart] {
    guard let codec, !isWhole else { return runs.map { SoundPart(ranges: $0.pages) } }
    var parts: [SoundPart] = []
    var before = firstGranule
    for (index, run) in runs.enumerated() {
      guard let end = run.end else { continue }
      var part = SoundPart(ranges: run.pages)
      if index > 0 {
        for (place, header) in headers.enumerated() {
          var bytes = try input.bytes(at: header.lowerBound, count: header.count)
          if codec.isOpus, place == 0 { OggPage.keepBeginning(&bytes) }
          part.front += OggPage.renumbered(
            bytes, to: run.firstNumber - headers.count + place)
        }
        if codec.isOpus, run.isLastPage, let page = run.pages.first {
          let bytes = try input.bytes(at: page.lowerBound, count: page.count)
          part.front += OggPage.divided(bytes, number: run.firstNumber)
          part.ranges = []
        }
        part.secondsWithDamage =
          Double(end - (before ?? end)) / Double(codec.granuleRate)
      }
      parts.append(part)
      before = end
    }
    return parts
  }
}
