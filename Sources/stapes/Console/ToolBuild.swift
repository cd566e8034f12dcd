import FoundationEssentials
import Stapes

/// Which build of the tool this is.
enum ToolBuild {
  /// The version and, where it is known, the build, as `--version` shows them.
  static let description =
    Provenance.currentToolVersion + (current.map { " (build \($0))" } ?? "")

  /// A number that the linker makes of all that is in the tool, code and models; nil where it has
  /// made none.
  static let current = ELFFile(path: "/proc/self/exe")?.buildIdentifier
}

/// As much of an ELF file of 64 bits, the least significant byte first, as holds its build identifier.
private struct ELFFile {
  private let bytes: Data

  init?(path: String) {
    guard let bytes = try? FileSystem.read(path),
      bytes.prefix(6) == Data([0x7F, 0x45, 0x4C, 0x46, 2, 1])
    else { return nil }
    self.bytes = bytes
  }

  /// The first eight digits of the note that `--build-id` leaves; nil without one.
  var buildIdentifier: String? {
    guard let table = number(at: 32, size: 8), let size = number(at: 54, size: 2),
      let count = number(at: 56, size: 2)
    else { return nil }
    for header in (0..<count).map({ table + $0 * size }) where number(at: header, size: 4) == 4 {
      guard let start = number(at: header + 8, size: 8),
        let length = number(at: header + 32, size: 8)
      else { return nil }
      if let found = buildIdentifier(inNotesAt: start, length) { return found }
    }
    return nil
  }

  private func buildIdentifier(inNotesAt start: Int, _ length: Int) -> String? {
    func aligned(_ count: Int) -> Int { (count + 3) / 4 * 4 }
    var place = start
    while place + 12 <= start + length, let nameSize = number(at: place, size: 4),
      let size = number(at: place + 4, size: 4), let kind = number(at: place + 8, size: 4)
    {
      let content = place + 12 + aligned(nameSize)
      let isBuild = kind == 3 && bytes.dropFirst(place + 12).prefix(4) == Data("GNU\0".utf8)
      if isBuild {
        return bytes.dropFirst(content).prefix(min(size, 4))
          .map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
      }
      place = content + aligned(size)
    }
    return nil
  }

  /// An unsigned number; nil beyond the end, or where it is absurd.
  private func number(at place: Int, size: Int) -> Int? {
    guard place >= 0, place <= bytes.count - size else { return nil }
    let number = bytes[place..<(place + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return number < 1 << 40 ? Int(number) : nil
  }
}
