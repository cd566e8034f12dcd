/// A page of Ogg (RFC 3533, 6), as its header tells it.
struct OggPage {
  let start: Int
  /// Where its content begins, and where it ends.
  let (content, end): (Int, Int)
  /// Whether it is the first of its stream.
  let isFirst: Bool
  /// Whether it is the last of its stream.
  let isLast: Bool
  /// Whether a packet begins on it.
  let beginsPacket: Bool
  /// The number of packets that end on it.
  let packetCount: Int
  /// How far its stream has come at its end, in the unit of the codec; nil where no packet ends.
  let granule: Int?
  let serialNumber: Int
  /// Its place in its stream.
  let number: Int
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
    isLast = header[header.startIndex + 5] & OggPages.lastPageFlag != 0
    let isContinued = header[header.startIndex + 5] & 1 == 1
    beginsPacket = !isContinued || lengths.dropLast().contains { $0 < 255 }
    packetCount = lengths.count { $0 < 255 }
    let position = header.littleEndian(at: 6, count: 8)
    granule = position < 0 || end > input.byteCount ?? 0 ? nil : position
    serialNumber = header.littleEndian(at: 14, count: 4)
    number = header.littleEndian(at: 18, count: 4)
    beginning = header.dropFirst(27 + count).prefix(16)
  }

  /// Whether its checksum fits its bytes.
  func isIntact(
    in input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> Bool {
    let bytes = try window.slice(end - start, at: start, of: input)
    guard bytes.count == end - start else { return false }
    return bytes.littleEndian(at: 22, count: 4) == Int(Self.checksum(of: bytes))
  }

  /// The bytes of a page, changed to have another place in its stream.
  static func renumbered(_ page: [UInt8], to number: Int) -> [UInt8] {
    var changed = page
    changed.setLittleEndian(UInt32(truncatingIfNeeded: number), at: 18)
    changed.setLittleEndian(checksum(of: changed[...]), at: 22)
    return changed
  }

  /// Changes the page with which Opus begins (RFC 7845, 5.1) to one by which nothing is dropped.
  static func keepBeginning(_ page: inout [UInt8]) {
    let offset = 27 + Int(page[26]) + 10
    if offset + 2 <= page.count { page.replaceSubrange(offset..<offset + 2, with: [0, 0]) }
  }

  /// The same in two pages, of which only the second, which is empty, is the last of the stream.
  static func divided(_ page: [UInt8], number: Int) -> [UInt8] {
    var first = page
    first[5] &= ~OggPages.lastPageFlag
    return renumbered(first, to: number)
      + renumbered(page[..<26] + [0], to: number + 1)
  }

  /// The remainder by the polynomial of Ogg, with zeros in place of the checksum itself.
  private static func checksum(of page: ArraySlice<UInt8>) -> UInt32 {
    let remainders = remainders
    var sum: UInt32 = 0
    func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { sum = sum << 8 ^ remainders[Int(UInt8(sum >> 24) ^ byte)] }
    }
    add(page.prefix(22))
    add(repeatElement(0, count: 4))
    add(page.dropFirst(26))
    return sum
  }

  private static let remainders = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte) << 24) { sum, _ in
      sum & 0x8000_0000 == 0 ? sum << 1 : sum << 1 ^ 0x04C1_1DB7
    }
  }
}

extension [UInt8] {
  fileprivate mutating func setLittleEndian(_ value: UInt32, at offset: Int) {
    for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
  }
}
