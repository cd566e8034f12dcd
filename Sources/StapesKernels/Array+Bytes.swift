extension [Float] {
  /// Makes an array from the bytes of its elements, each an IEEE 754 number of 32 bits with the
  /// least significant byte first (the order of every machine that Swift runs on).
  ///
  /// - Precondition: the number of bytes is a multiple of 4.
  package init(littleEndianBytes bytes: Span<UInt8>) {
    precondition(bytes.count % 4 == 0, "\(bytes.count) bytes")
    let count = bytes.count / 4
    self = unsafe [Float](unsafeUninitializedCapacity: count) { elements, initializedCount in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe UnsafeMutableRawBufferPointer(elements).copyMemory(from: .init(source))
      }
      initializedCount = count
    }
  }

  /// Appends the bytes of the elements in the order that `init(littleEndianBytes:)` reads.
  package func appendLittleEndianBytes(to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}
