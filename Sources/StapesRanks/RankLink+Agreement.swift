// Ranks agree along a tree, in which the parent of rank r is rank (r − 1) / 2, so that news goes round
// in a number of hops that grows with the logarithm of the number of ranks.

extension RankLink {
  private var children: Range<Int> { min(2 * rank + 1, count)..<min(2 * rank + 3, count) }
  private var parent: Int { (rank - 1) / 2 }

  /// Gives every rank what each has to say, in the order of the ranks.
  func exchange(_ own: [UInt8]) throws(RankError) -> [[UInt8]] {
    var parts = [(rank, own)]
    for child in children { parts += unpacked(try receiveBytes(from: child)) }
    if rank > 0 { try sendBytes(packed(parts), to: parent) }
    parts = unpacked(try spread(rank == 0 ? packed(parts) : []))
    return parts.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Gives every rank what rank 0 has to say.
  func spread(_ bytes: [UInt8]) throws(RankError) -> [UInt8] {
    let bytes = rank == 0 ? bytes : try receiveBytes(from: parent)
    for child in children { try sendBytes(bytes, to: child) }
    return bytes
  }

  /// Sends any number of bytes: first how many, then them, in pieces.
  func sendBytes(_ bytes: [UInt8], to rank: Int) throws(RankError) {
    let head = littleEndian(bytes.count)
    try send(unsafe head.span.bytes, to: rank, on: .agreement)
    for piece in pieces(of: bytes.count) {
      try send(unsafe bytes.span.bytes.extracting(piece), to: rank, on: .agreement)
    }
    try flush(to: rank, on: .agreement)
  }

  /// Receives what `sendBytes` sends.
  func receiveBytes(from rank: Int) throws(RankError) -> [UInt8] {
    var bytes: [UInt8] = []
    try receive([8], from: rank, on: .agreement) { bytes.append(contentsOf: $0) }
    let sizes = pieces(of: integer(bytes[...])).map(\.count)
    bytes = []
    bytes.reserveCapacity(sizes.reduce(0, +))
    try receive(sizes, from: rank, on: .agreement) { bytes.append(contentsOf: $0) }
    return bytes
  }

  private func pieces(of count: Int) -> [Range<Int>] {
    let length = 1 << 20
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  private func packed(_ parts: [(Int, [UInt8])]) -> [UInt8] {
    parts.flatMap { rank, bytes in littleEndian(rank) + littleEndian(bytes.count) + bytes }
  }

  private func unpacked(_ bytes: [UInt8]) -> [(Int, [UInt8])] {
    var (parts, rest) = ([(Int, [UInt8])](), bytes[...])
    while rest.count >= 16 {
      let (rank, length) = (integer(rest), integer(rest.dropFirst(8)))
      parts.append((rank, Array(rest.dropFirst(16).prefix(length))))
      rest = rest.dropFirst(16 + length)
    }
    return parts
  }
}

private func littleEndian(_ number: Int) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

private func integer(_ bytes: ArraySlice<UInt8>) -> Int {
  bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
}

extension [UInt8] {
  fileprivate mutating func append(contentsOf bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}
