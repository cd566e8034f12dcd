internal import CKernels

/// Keeps memory that is freed for the next use, for the rest of the process.
///
/// Training asks for the same large matrices at every step; taking them from the system each time
/// costs about a fifth of the step. A program that trains calls this once, before it starts; the
/// library does not, since the setting is the whole process's. It has no effect outside of glibc.
public func keepFreedMemory() {
  stapes_keep_freed_memory()
}
