import Foundation

private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["STAPES_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
    FileHandle.standardError.write(Data("STAPES_FUZZ_TARGET is one of: \(names)\n".utf8))
    exit(1)
  }
  return target
}()
private let scratch = ScratchFolder()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func readInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  target.read(bytes, scratch: scratch)
  return 0
}
