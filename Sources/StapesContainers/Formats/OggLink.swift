/// The pages of one link of a chain.
struct OggLink {
  /// A stream of the link, by its number and its codec.
  private struct Stream {
    let number: Int
    let isFLAC: Bool
    let codec: OggRuns.Codec?
    var holdsSound: Bool { isFLAC || codec != nil }

    init(_ page: OggPage) {
      let beginning = page.beginning
      number = page.serialNumber
      isFLAC = beginning.has("\u{7F}FLAC")
      if beginning.has("\u{1}vorbis"), beginning.count == 16 {
        codec = .init(
          headerCount: 3, firstGranule: 0,
          granuleRate: max(beginning.littleEndian(at: 12, count: 4), 1), isOpus: false)
      } else if beginning.has("OpusHead"), beginning.count == 16 {
        codec = .init(
          headerCount: 2, firstGranule: beginning.littleEndian(at: 10, count: 2),
          granuleRate: 48_000, isOpus: true)
      } else {
        codec = nil
      }
    }
  }

  private(set) var end: Int
  private var streams: [Stream] = []
  /// The pages of the stream that is taken.
  private var runs = OggRuns()
  private var contents: [Range<Int>] = []
  /// The number of bytes of pages of a stream whose beginning is missing.
  private(set) var strayByteCount = 0
  /// Whether pages that begin a stream are over.
  private(set) var isBegun = false
  private var isDamaged = false

  init(start: Int) {
    end = start
  }

  private var taken: Stream? { streams.first(where: \.holdsSound) ?? streams.first }

  /// Whether it is FLAC that is taken.
  var isFLAC: Bool { taken?.isFLAC == true }
  /// Whether a decoder can read it as it lies in the file.
  var isPlain: Bool { streams.count == 1 && !isFLAC && !isDamaged && runs.isWhole }

  mutating func add(_ page: OggPage) {
    end = page.end
    if page.isFirst {
      streams.append(Stream(page))
      // What was taken for the stream may not be it.
      if taken?.number == page.serialNumber {
        (runs, contents) = (OggRuns(codec: taken?.codec), [])
      }
    } else {
      isBegun = true
      if !streams.contains(where: { $0.number == page.serialNumber }) {
        strayByteCount += page.end - page.start
      }
    }
    guard taken?.number == page.serialNumber || streams.isEmpty else { return }
    runs.add(page)
    if isFLAC { contents.append(page.content..<page.end) }
  }

  /// Passes over a page that does not fit its checksum.
  mutating func passDamage(upTo offset: Int) {
    end = offset
    isDamaged = true
    runs.passGap()
  }

  /// Passes over bytes that are no page.
  mutating func passGap() { runs.passGap() }

  /// What decoders are given: pages of the stream, or FLAC without them.
  func parts(of input: borrowing InputFile) throws(AudioError) -> [SoundPart] {
    guard let first = contents.first, isFLAC else { return try runs.parts(of: input) }
    // Nine bytes come before what is FLAC's own.
    return [
      SoundPart(
        ranges: [min(first.lowerBound + 9, first.upperBound)..<first.upperBound]
          + contents.dropFirst(), isUnpackedFLAC: true)
    ]
  }
}
