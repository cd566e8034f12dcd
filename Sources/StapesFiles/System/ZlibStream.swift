internal import CZlib

/// Bytes on their way through zlib, packed or unpacked.
@safe
package struct ZlibStream: ~Copyable {
  /// What is done to the bytes.
  package enum Task: Sendable {
    /// They are unpacked from one member of a gzip file (RFC 1952).
    case unpackingGzip
    /// They are packed as a gzip file.
    case packingGzip
    /// They are packed as a zlib stream (RFC 1950).
    case packing
  }

  /// What a step made of some bytes.
  struct Step {
    /// What came out.
    let bytes: [UInt8]
    /// How many bytes it took.
    let usedCount: Int
    /// Whether nothing more will come out.
    let isEnd: Bool
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let isUnpacking: Bool

  /// Begins a stream.
  package init(_ task: Task) {
    unsafe stream = UnsafeMutablePointer.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    isUnpacking = task == .unpackingGzip
    let (size, windowBits) = unsafe (CInt(MemoryLayout<z_stream>.size), MAX_WBITS)
    let isBegun =
      unsafe isUnpacking
      ? inflateInit2_(stream, windowBits + 16, ZLIB_VERSION, size)
      : deflateInit2_(
        stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits + (task == .packingGzip ? 16 : 0), 8,
        Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    precondition(isBegun == Z_OK, "zlib \(isBegun)")
  }

  deinit {
    unsafe _ = isUnpacking ? inflateEnd(stream) : deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins the next member of a gzip file.
  mutating func restart() { unsafe inflateReset(stream) }

  /// Takes bytes until all are used, `limit` came out, or the stream has ended.
  ///
  /// - Parameters:
  ///   - input: bytes.
  ///   - limit: the highest number of bytes that come out.
  ///   - isLast: whether none follow, when packing.
  /// - Returns: nil where what is unpacked is damaged.
  mutating func step(_ input: ArraySlice<UInt8>, limit: Int, isLast: Bool = false) -> Step? {
    var (usedCount, status) = (0, Z_OK)
    let bytes = unsafe input.withUnsafeBufferPointer { source in
      unsafe [UInt8](unsafeUninitializedCapacity: limit) { target, filled in
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(source.count)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(limit)
        status =
          unsafe isUnpacking
          ? inflate(stream, Z_NO_FLUSH) : deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        usedCount = unsafe source.count - Int(stream.pointee.avail_in)
        filled = unsafe limit - Int(stream.pointee.avail_out)
      }
    }
    guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else { return nil }
    return Step(bytes: bytes, usedCount: usedCount, isEnd: status == Z_STREAM_END)
  }

  /// Packs bytes as far as they are ready.
  ///
  /// - Parameters:
  ///   - bytes: what is packed next.
  ///   - isLast: whether nothing follows.
  package mutating func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    var (rest, packed) = (bytes[...], [UInt8]())
    while let step = step(rest, limit: 1 << 16, isLast: isLast) {
      packed += step.bytes
      rest = rest.dropFirst(step.usedCount)
      if step.isEnd || step.bytes.count < 1 << 16, rest.isEmpty { break }
    }
    return packed
  }
}

extension [UInt8] {
  /// The bytes as a zlib stream (RFC 1950).
  package var zlibPacked: [UInt8] {
    var stream = ZlibStream(.packing)
    return stream.pack(self, isLast: true)
  }

  /// The cyclic redundancy check of ISO 3309, as gzip and PNG have it.
  package var crc32: UInt32 {
    UInt32(
      unsafe withUnsafeBufferPointer { unsafe CZlib.crc32(0, $0.baseAddress, UInt32($0.count)) })
  }
}
