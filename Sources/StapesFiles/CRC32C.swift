/// The cyclic redundancy check of 32 bits with Castagnoli's polynomial (RFC 3720, section 12.1;
/// Castagnoli, Bräuer and Herrmann 1993).
package enum CRC32C {
  /// What each byte does to the register: the polynomial 1EDC6F41, its bits reversed.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value >> 1 ^ (value & 1 == 1 ? 0x82F6_3B78 : 0)
    }
  }

  /// The check of some bytes; 0 for none.
  package static func check(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}
