// Foundation's normaliser on Linux looks at the lower 16 bits of a scalar only (U+10041 followed
// by an acute accent becomes "Á"), so this is the standard library's own, which its comparison of
// strings uses too.
@_spi(_Unicode) import Swift

extension String {
  /// The text in Unicode Normalization Form C: each letter with its accents as one scalar wherever
  /// Unicode has one.
  package var composed: String {
    guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
    var scalars = UnicodeScalarView()
    scalars.append(contentsOf: _nfc)
    return String(scalars)
  }

  /// The text in Unicode Normalization Form D: each accent as a scalar of its own.
  var decomposed: String {
    var scalars = UnicodeScalarView()
    scalars.append(contentsOf: _nfd)
    return String(scalars)
  }
}
