/// The bytes of a cache line, and of the widest vector.
private let lineLength = 64

/// Elements that begin at the start of a cache line, so that no vector of them lies in two lines.
///
/// They are written once, when it is made; an array that never changes stays where it is.
struct AlignedArray<Element: BitwiseCopyable & Sendable>: Sendable {
  private let storage: [Element]
  private let start: Int

  /// Makes elements, which `fill` writes.
  init(count: Int, fill: (UnsafeMutablePointer<Element>) -> Void) {
    let room = lineLength / MemoryLayout<Element>.stride
    var start = 0
    unsafe storage = [Element](unsafeUninitializedCapacity: count + room) { buffer, filledCount in
      guard let base = buffer.baseAddress else { return }
      let offset = (lineLength - Int(bitPattern: base) % lineLength) % lineLength
      start = offset / MemoryLayout<Element>.stride
      unsafe UnsafeMutableRawPointer(base).initializeMemory(
        as: UInt8.self, repeating: 0, count: offset)
      unsafe fill(base + start)
      filledCount = start + count
    }
    self.start = start
  }

  func withPointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result? {
    unsafe storage.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return unsafe body(base + start)
    }
  }
}
