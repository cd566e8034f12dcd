internal import CKernels

/// Elements that begin at the start of a cache line, so that no vector of them lies in two lines,
/// and many of them in the system's large pages.
///
/// They are written once, when it is made, and freed with the last copy.
struct AlignedArray<Element: BitwiseCopyable & Sendable>: Sendable {
  private let memory: Memory

  /// Makes elements, which `fill` writes.
  init(count: Int, fill: (UnsafeMutablePointer<Element>) -> Void) {
    memory = Memory(byteCount: count * MemoryLayout<Element>.stride)
    unsafe memory.withPointer { unsafe fill($0.assumingMemoryBound(to: Element.self)) }
  }

  func withPointer<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result {
    unsafe memory.withPointer { unsafe body($0.assumingMemoryBound(to: Element.self)) }
  }
}

/// Memory of the C library.
///
/// It holds an address rather than a pointer, since nobody writes there after the array is made,
/// and tasks may share it.
@safe
private final class Memory: Sendable {
  private let address: UInt

  init(byteCount: Int) {
    guard let memory = unsafe stapes_allocate(max(byteCount, 1)) else {
      preconditionFailure("no memory for \(byteCount) bytes")
    }
    address = UInt(bitPattern: memory)
  }

  deinit {
    unsafe stapes_release(UnsafeMutableRawPointer(bitPattern: address))
  }

  func withPointer<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
    guard let memory = unsafe UnsafeMutableRawPointer(bitPattern: address) else {
      preconditionFailure("memory at \(address)")
    }
    return withExtendedLifetime(self) { unsafe body(memory) }
  }
}

/// Keeps memory that is freed for the next use, for the rest of the process.
///
/// Training asks for the same large matrices at every step; taking them from the system each time
/// costs about a fifth of the step. A program that trains calls this once, before it starts; the
/// library does not, since the setting is the whole process's. It has no effect outside of glibc.
public func keepFreedMemory() {
  stapes_keep_freed_memory()
}
