internal import Hummingbird
internal import NIOCore
internal import StapesFiles
internal import StapesProtocols

/// What a client uploaded: the fields of its form, and its file on disk.
///
/// The file has no name, so that it is gone however the request or the server ends.
struct Upload: ~Copyable {
  /// What the fields ask for.
  private(set) var request = TranscriptionRequest()
  /// The name that the client gives the file; only ever shown.
  private(set) var fileName = "file"
  private var hasFile = false
  private let file: OpenFile

  /// Where the file can be read while this is here.
  var path: String { file.descriptorPath }

  /// How many fields there may be, and how long their values may be together, in bytes.
  private static let (mostFields, longestFields) = (1000, 1 << 20)

  /// Receives the body of a request.
  ///
  /// - Parameters:
  ///   - body: the body.
  ///   - boundary: what divides it.
  ///   - limit: how long it may be, in bytes.
  /// - Throws: `APIError`, `MultipartParser.Fault`, `FileError` where the disk is full, and what the
  ///   body throws.
  static func receive(
    _ body: RequestBody, boundary: String, limit: Int
  ) async throws -> Upload {
    var upload = try Upload()
    var parser = MultipartParser(boundary: boundary)
    var form = Form()
    var byteCount = 0
    for try await bytes in body {
      byteCount += bytes.readableBytes
      if byteCount > limit { throw APIError.tooLarge(limit) }
      parser.append(bytes)
      while let event = try parser.next() { try upload.take(event, &form) }
    }
    guard parser.isComplete else {
      throw APIError(400, "the body ends before its last boundary; send it as a whole")
    }
    guard upload.hasFile else {
      throw APIError(400, "the field \"file\" is missing; send the sound in it", field: "file")
    }
    try upload.request.finish()
    return upload
  }

  private init() throws(FileError) { file = try OpenFile(temporaryFor: "upload") }

  /// The field that is being received.
  private struct Form {
    var part: MultipartParser.Part?
    var value = ByteBuffer()
    var (fieldCount, byteCount) = (0, 0)
  }

  private mutating func take(_ event: MultipartParser.Event, _ form: inout Form) throws {
    switch event {
    case .part(let part):
      form.part = part
      form.value.clear()
      form.fieldCount += 1
      if form.fieldCount > Self.mostFields { throw APIError(400, "the form has too many fields") }
      guard part.name == "file" else { return }
      if hasFile { throw APIError(400, "there are several files; send one", field: "file") }
      hasFile = true
      fileName = part.fileName ?? fileName
    case .data(let bytes):
      if form.part?.name == "file" { return try file.write(Array(bytes.readableBytesView)) }
      form.byteCount += bytes.readableBytes
      if form.byteCount > Self.longestFields { throw APIError(400, "the fields are too long") }
      form.value.writeImmutableBuffer(bytes)
    case .endOfPart:
      guard let part = form.part, part.name != "file" else { return }
      try request.take(part.name, String(buffer: form.value))
    case .end: break
    }
  }
}

extension APIError {
  /// An upload is longer than may be.
  static func tooLarge(_ limit: Int) -> APIError {
    APIError(
      413,
      "the upload is longer than \(limit) bytes; send a shorter or compressed file, or set "
        + "--max-upload", code: "upload_too_large")
  }
}
