internal import Glibc
internal import SystemPackage

/// The names of what is in a folder, except what systems leave behind.
///
/// Names are bytes. Only those in UTF-8 can stand in a text, and so in a path; decoded, two others may
/// be one.
@safe
package struct FolderNames: Sendable {
  /// A name that is not in UTF-8.
  package struct Foreign: Sendable, Equatable {
    /// The name with `\xFF` for each byte that is no part of a character.
    package let name: String
    /// How the name ends, in small letters and without the dot.
    package let ending: String
    /// Whether it is a folder's, links followed.
    package let isFolder: Bool
  }

  /// What archives, file managers and network drives leave behind.
  private static let leavings: Set<String> = ["__MACOSX", "Thumbs.db", "desktop.ini", "@eaDir"]

  /// The names in UTF-8, in the order of their bytes.
  package private(set) var names: [String] = []
  /// The others, in the order of their bytes.
  package private(set) var foreign: [Foreign] = []

  /// Lists a folder, links followed.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - withHidden: whether names that begin with a dot, and others that systems leave behind, count.
  /// - Throws: `FileError`.
  package init(inFolder path: String, withHidden: Bool = false) throws(FileError) {
    guard let folder = unsafe opendir(path), let place = MemoryLayout<dirent>.offset(of: \.d_name)
    else { throw FileError(path, role: "folder", .read, .system(Errno(rawValue: errno))) }
    defer { unsafe closedir(folder) }
    var others: [ByteName] = []
    while let entry = unsafe readdir(folder) {
      let start = unsafe UnsafeRawPointer(entry).advanced(by: place)
      let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
      let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
      let isHidden = bytes.first == UInt8(ascii: ".")
      guard withHidden ? bytes != [0x2E] && bytes != [0x2E, 0x2E] : !isHidden else { continue }
      if let name = String(validating: bytes, as: UTF8.self) {
        if withHidden || !Self.leavings.contains(name) { names.append(name) }
      } else {
        others.append(ByteName(bytes: bytes))
      }
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    foreign = others.sorted().map { unsafe Foreign($0.bytes, in: dirfd(folder)) }
  }
}

extension FolderNames.Foreign {
  fileprivate init(_ bytes: [UInt8], in folder: CInt) {
    var status = stat()
    let path = bytes.map { CChar(bitPattern: $0) } + [0]
    isFolder =
      unsafe fstatat(folder, path, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
    let dot = bytes.lastIndex(of: UInt8(ascii: "."))
    ending = dot.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self).lowercased() } ?? ""
    var (name, rest) = ("", bytes[...])
    while !rest.isEmpty {
      let length = (1...min(4, rest.count)).first {
        String(validating: rest.prefix($0), as: UTF8.self) != nil
      }
      if let length {
        name += String(decoding: rest.prefix(length), as: UTF8.self)
      } else {
        let digits = String(rest[rest.startIndex], radix: 16, uppercase: true)
        name += "\\x" + digits
      }
      rest = rest.dropFirst(length ?? 1)
    }
    self.name = name
  }
}
