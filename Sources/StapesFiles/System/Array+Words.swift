extension Array where Element: BitwiseCopyable {
  /// For each word of 64 bits of the elements' bytes, state = (state ^ word) · prime; zeros fill
  /// the last word.
  func foldWords(into state: UInt64, prime: UInt64) -> UInt64 {
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
  func mixWords(into state: UInt64) -> UInt64 {
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
