internal import StapesFiles

/// Bytes to be decoded: a file, or a pipe, which is copied to a temporary file when one must seek.
package struct InputFile: ~Copyable {
  /// How messages call it; "-" is standard input.
  package let path: String
  private var file: OpenFile
  /// The number of bytes, where that is known: not for a pipe.
  package private(set) var byteCount: Int?
  /// What writes to the pipe, where that is known: then it is waited for with care.
  package var program: FFmpegProcess?
  /// What was read from a pipe so far, so that nothing is lost when it must be copied.
  private var consumed: [UInt8] = []

  /// Whether one can seek.
  package var isSeekable: Bool { byteCount != nil }

  /// Opens a file, or standard input for "-".
  package init(path: String) throws(AudioError) {
    try self.init(rethrowing(OpenFile(reading: path), as: AudioError.file))
  }

  /// Reads from a descriptor that stays the caller's.
  package init(duplicating descriptor: CInt, path: String) throws(AudioError) {
    try self.init(rethrowing(OpenFile(duplicating: descriptor, path: path), as: AudioError.file))
  }

  private init(_ file: consuming OpenFile) throws(AudioError) {
    let kind = file.kind
    path = file.path
    byteCount = kind == .file && file.position == 0 ? file.byteCount : nil
    self.file = file
    // Devices, and files that someone has read from already, are taken from where they are.
    if kind != .pipe, byteCount == nil { try copyRest(after: []) }
  }

  private init(_ file: consuming OpenFile, path: String, byteCount: Int?) {
    (self.path, self.byteCount) = (path, byteCount)
    self.file = file
  }

  /// The same input at the same place, which both then share.
  package func duplicate() throws(AudioError) -> InputFile {
    InputFile(
      try rethrowing(file.duplicate(), as: AudioError.file), path: path, byteCount: byteCount)
  }

  /// A temporary file without a name: other bytes in front, then parts of this one.
  ///
  /// - Precondition: one can seek.
  package func copy(
    of ranges: [Range<Int>], after front: [UInt8] = []
  ) throws(AudioError) -> InputFile {
    let copy = InputFile(
      try temporaryFile(), path: path,
      byteCount: front.count + ranges.reduce(0) { $0 + $1.count })
    var block = front
    for range in ranges {
      var position = range.lowerBound
      while position < range.upperBound {
        let next = try bytes(at: position, count: min(range.upperBound - position, 1 << 18))
        if next.isEmpty { break }
        block += next
        position += next.count
        if block.count >= 1 << 18 {
          try spool(block, to: copy.file)
          block = []
        }
      }
    }
    try spool(block, to: copy.file)
    copy.file.seek(to: 0)
    return copy
  }

  /// The bytes at an offset, wherever it stands otherwise; fewer only at the end.
  ///
  /// - Precondition: one can seek.
  package func bytes(at offset: Int, count: Int) throws(AudioError) -> [UInt8] {
    try rethrowing(file.read(count, at: offset), as: AudioError.file)
  }

  /// A descriptor of the same file at the same place, for someone else to close.
  package func duplicateDescriptor() throws(AudioError) -> CInt {
    try rethrowing(file.duplicateDescriptor(), as: AudioError.file)
  }

  /// The next bytes: as many as asked for, fewer only at the end.
  package mutating func read(_ count: Int) throws(AudioError) -> [UInt8] {
    let bytes = try nextBytes(count)
    if !isSeekable { consumed += bytes }
    return bytes
  }

  /// The number of bytes by now, of a file that another process writes to.
  var currentByteCount: Int { file.byteCount ?? 0 }

  /// Forgets what was read from a pipe so far.
  package mutating func forget() { consumed = [] }

  /// Passes over bytes; in a file, possibly beyond its end.
  mutating func skip(_ count: Int) throws(AudioError) {
    if isSeekable {
      file.seek(to: (file.position ?? 0) + count)
    } else {
      _ = try read(count)
    }
  }

  /// Goes to a byte counted from the start; a pipe is copied to a temporary file first.
  package mutating func seek(to offset: Int) throws(AudioError) {
    if !isSeekable { try copyRest(after: consumed) }
    file.seek(to: offset)
  }

  /// Replaces the input by a temporary file: other bytes in front, then all from here to the end.
  ///
  /// The file has no name, so that it is gone when it is closed, however this process ends.
  package mutating func copyRest(after front: [UInt8]) throws(AudioError) {
    let copy = try temporaryFile()
    var total = 0
    var block = front
    repeat {
      try spool(block, to: copy)
      total += block.count
      block = try nextBytes(1 << 16)
    } while !block.isEmpty
    copy.seek(to: 0)
    file = copy
    byteCount = total
    consumed = []
  }

  private func nextBytes(_ count: Int) throws(AudioError) -> [UInt8] {
    guard let program else { return try rethrowing(file.read(count), as: AudioError.file) }
    var bytes: [UInt8] = []
    while bytes.count < count {
      let available = try program.wait(for: 1)
      let next = try rethrowing(file.read(min(available, count - bytes.count)), as: AudioError.file)
      if next.isEmpty { break }
      bytes += next
    }
    return bytes
  }

  private func temporaryFile() throws(AudioError) -> OpenFile {
    try rethrowing(OpenFile(temporaryFor: "sound"), as: AudioError.unspooled(path))
  }

  private func spool(_ bytes: [UInt8], to copy: borrowing OpenFile) throws(AudioError) {
    try rethrowing(copy.write(bytes), as: AudioError.unspooled(path))
  }
}
