internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import StapesLabelling
internal import StapesProtocols
internal import StapesText

/// The addresses under which the page labels clips.
struct LabelRoutes {
  let folder: LabelFolder
  let transcriber: LabelTranscriber
  let sentences: SentenceList
  let options: ServerOptions

  private struct Save: Decodable {
    let text: String
    /// The content of the file of text as it was shown; nil for no file.
    let shown: String?
  }

  private struct Split: Decodable {
    let seconds: Double
    let texts: [String]
  }

  private struct Sentence: Encodable {
    let id: Int?
    let text: String?
  }

  /// Adds the addresses to a router.
  func add(to router: Router<BasicRequestContext>) {
    let group = router.group("label").add(middleware: OwnPageMiddleware(options: options))
    group.get("clips") { request, _ in
      let start = request.uri.queryParameters["from"].flatMap { Int($0) } ?? 0
      return Response.json(canonicalJSON(await folder.listing(from: start)))
    }
    group.get("clips/:id") { _, context in
      let id = try Self.number(context)
      try await transcriber.recognize(id)
      return Response.json(canonicalJSON(try await folder.details(of: id)))
    }
    group.get("clips/:id/sound") { _, context in
      let bytes = try await transcriber.sound(of: try Self.number(context))
      return Response(
        status: .ok, headers: [.contentType: "application/octet-stream"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
    group.post("clips/:id") { request, context in
      let (id, save) = (try Self.number(context), try await Self.body(of: request, as: Save.self))
      try await folder.save(save.text, for: id, shown: save.shown)
      return Response.json(canonicalJSON(await folder.listing(changed: id)))
    }
    group.post("clips/:id/reject") { _, context in
      let id = try Self.number(context)
      try await folder.reject(id)
      return Response.json(canonicalJSON(await folder.listing(changed: id)))
    }
    group.post("clips/:id/split") { request, context in
      let (id, split) = (try Self.number(context), try await Self.body(of: request, as: Split.self))
      let (samples, rate) = try await transcriber.samples(of: id)
      let first = try await folder.split(
        id, at: split.seconds, texts: split.texts, samples: samples, rate: rate)
      return Response.json(canonicalJSON(await folder.listing(changed: first)))
    }
    group.get("sentence") { request, _ in
      let skipped = request.uri.queryParameters["skip"].map(String.init) ?? ""
      let id = sentences.next(
        after: await folder.labelled().map(\.text),
        skipping: Set(skipped.split(separator: ",").compactMap { Int($0) }))
      return Response.json(
        canonicalJSON(Sentence(id: id, text: id.map { sentences.sentences[$0] })))
    }
    group.post("recordings") { request, _ in
      let query = request.uri.queryParameters
      guard let number = query["sentence"].flatMap({ Int($0) }),
        sentences.sentences.indices.contains(number), let rate = query["rate"].flatMap({ Int($0) })
      else {
        throw APIError(400, "a recording needs its sentence and its rate; load the page again")
      }
      let bytes = try await request.body.collect(upTo: 12 << 20)
      var decoder = PCMDecoder()
      let id = try await folder.addRecording(
        samples: decoder.samples(of: bytes), rate: rate, text: sentences.sentences[number])
      return Response.json(canonicalJSON(await folder.listing(changed: id)))
    }
    group.post("undo") { _, _ in
      let id = try await folder.undo()
      return Response.json(canonicalJSON(await folder.listing(changed: id)))
    }
  }

  private static func number(_ context: BasicRequestContext) throws(APIError) -> Int {
    guard let number = context.parameters.get("id").flatMap({ Int($0) }) else {
      throw APIError(404, "a clip is named by its number", code: "unknown_clip")
    }
    return number
  }

  static func body<Value: Decodable>(
    of request: Request, as type: Value.Type
  ) async throws -> Value {
    let bytes = try await request.body.collect(upTo: 256 << 10)
    guard let value = try? JSONDecoder().decode(type, from: Data(bytes.readableBytesView)) else {
      throw APIError(400, "the body is not the JSON that is expected; load the page again")
    }
    return value
  }
}

/// Lets nobody pass but the server's own page, and programs: other pages that a browser has open could
/// otherwise read and change what is labelled.
struct OwnPageMiddleware: RouterMiddleware {
  let options: ServerOptions

  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let host = request.head.authority ?? ""
    guard options.isOwn(origin: request.headers[.origin], host: host) else {
      throw APIError(
        403,
        "only the page of this server works on its folder; open it by an address, as localhost, or by the "
          + "name that --host or --allow-origin gives, or set --api-key-file", code: "other_origin")
    }
    if request.method != .get {
      let type = HeaderParameters(request.headers[.contentType] ?? "").value
      // No form of another page can send these.
      guard type == "application/json" || type == "application/octet-stream" else {
        throw APIError(415, "the body is no JSON; send it as application/json")
      }
    }
    return try await next(request, context)
  }
}

extension ServerOptions {
  /// Whether a request comes from the server's own page, or from no page at all.
  ///
  /// Without keys, a name that somebody gave this machine in the domain name system must not pass
  /// either: a page of that name would be of the same origin.
  package func isOwn(origin: String?, host: String) -> Bool {
    if origin != nil, !Self.isOrigin(origin, ofHost: host) { return false }
    if !keys.isEmpty { return true }
    let isBracketed = host.hasPrefix("[")
    let name = isBracketed ? host : String(host.prefix { $0 != ":" })
    let isAddress =
      isBracketed
      || name.split(separator: ".").count == 4 && name.allSatisfy { $0.isNumber || $0 == "." }
    return isAddress || name == "localhost" || name.hasSuffix(".localhost") || name == self.host
      || Self.isOrigin(allowedOrigin, ofHost: host)
  }
}
