internal import CKernels

extension Array where Element: BitwiseCopyable {
  /// Makes an array of numbers from their bytes, the least significant first (the order of every
  /// machine that Swift runs on).
  ///
  /// - Precondition: the number of bytes is a multiple of an element's.
  package init(littleEndianBytes bytes: Span<UInt8>) {
    let size = MemoryLayout<Element>.stride
    precondition(bytes.count % size == 0, "\(bytes.count) bytes")
    let count = bytes.count / size
    self = unsafe [Element](unsafeUninitializedCapacity: count) { elements, initializedCount in
      unsafe stapes_prefer_large_pages(elements.baseAddress, bytes.count)
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

extension [Float] {
  /// Whether no value is infinite or not a number.
  package var allFinite: Bool {
    unsafe withUnsafeBufferPointer { unsafe stapes_all_finite($0.baseAddress, $0.count) }
  }
}
