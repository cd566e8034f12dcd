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

  /// For each word of 64 bits of the elements' bytes, state = (state ^ word) · prime; zeros fill
  /// the last word.
  package func foldWords(into state: UInt64, prime: UInt64) -> UInt64 {
    unsafe withUnsafeBytes { bytes in
      var state = state
      let whole = bytes.count / 8 * 8
      for offset in stride(from: 0, to: whole, by: 8) {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        state = (state ^ UInt64(littleEndian: word)) &* prime
      }
      guard whole < bytes.count else { return state }
      var last: UInt64 = 0
      for offset in (whole..<bytes.count).reversed() {
        last = unsafe last << 8 | UInt64(bytes[offset])
      }
      return (state ^ last) &* prime
    }
  }

  /// Mixes the elements' bytes into a hash, eight at a time: state = rotate(state ^ word) · prime;
  /// zeros fill the last word.
  ///
  /// Each step is a one-to-one map of the state, and the rotation brings the highest bits of a word
  /// to where the product spreads them.
  package func mixWords(into state: UInt64) -> UInt64 {
    unsafe withUnsafeBytes { bytes in
      var state = state
      func mix(_ word: UInt64) {
        state ^= word
        state = (state << 29 | state >> 35) &* 0x9FB2_1C65_1E98_DF25
      }
      let whole = bytes.count / 8 * 8
      for offset in stride(from: 0, to: whole, by: 8) {
        mix(
          UInt64(
            littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      }
      guard whole < bytes.count else { return state }
      var last: UInt64 = 0
      for offset in (whole..<bytes.count).reversed() {
        last = unsafe last << 8 | UInt64(bytes[offset])
      }
      mix(last)
      return state
    }
  }
}

extension [Float] {
  /// Whether no value is infinite or not a number.
  package var allFinite: Bool {
    unsafe withUnsafeBufferPointer { unsafe stapes_all_finite($0.baseAddress, $0.count) }
  }
}
