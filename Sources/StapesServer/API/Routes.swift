internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Stapes
internal import StapesFiles
internal import StapesLabelling
internal import StapesProtocols
internal import StapesText

/// What is answered under which address.
struct Routes {
  let service: SpeechService
  /// The folder of clips that the page labels; nil for none.
  let workbench: Workbench?

  private var options: ServerOptions { service.options }

  /// The router with all addresses.
  func router() -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.middlewares.add(FaultMiddleware(metrics: service.metrics))
    if let origin = options.allowedOrigin {
      router.middlewares.add(
        CORSMiddleware(
          allowOrigin: .custom(origin), allowHeaders: [.authorization, .contentType],
          allowMethods: [.get, .post]))
    }
    router.middlewares.add(KeyMiddleware(options: options))
    for file in Page.files(labels: workbench != nil) {
      router.get(RouterPath(file.path)) { _, _ in file.response }
    }
    router.get("/health") { _, _ in Response.text("ok\n") }
    router.get("/ready") { _, _ in try await ready() }
    router.get("/metrics") { _, _ in await metrics() }
    router.get("/v1/models") { _, _ in await models() }
    router.get("/v1/models/:name") { _, context in try await model(context.parameters.get("name")) }
    router.get("/v1/realtime") { _, _ -> Response in
      throw APIError(426, "this address is a WebSocket; connect to it with ws://")
    }
    router.post("/v1/audio/transcriptions") { request, _ in try await transcribe(request) }
    workbench?.add(to: router, service: service)
    return router
  }

  /// Goes through the queue, and through the usual model, as a request does.
  private func ready() async throws -> Response {
    let models = service.models
    let name = try models.spotters.first ?? service.modelName(nil)
    try await service.queue.run(seconds: 0, within: .seconds(5)) {
      _ = try await models.recognizer(models.names.first ?? name)
    }
    return .text("ready\n")
  }

  private func metrics() async -> Response {
    .text(
      service.metrics.text(
        queueLength: await service.queue.length, models: service.models.names),
      type: "text/plain; version=0.0.4; charset=utf-8")
  }

  private struct Model: Encodable {
    let id: String
    let object = "model"
    let created = 0
    let owner = "stapes"

    enum CodingKeys: String, CodingKey {
      case id, object, created
      case owner = "owned_by"
    }
  }

  private func models() async -> Response {
    struct List: Encodable {
      let object = "list"
      let data: [Model]
    }
    return .json(canonicalJSON(List(data: service.models.names.map { Model(id: $0) })))
  }

  private func model(_ name: String?) async throws(APIError) -> Response {
    .json(canonicalJSON(Model(id: try service.modelName(name ?? ""))))
  }

  private func transcribe(_ request: Request) async throws -> Response {
    if let length = request.headers[.contentLength].flatMap({ Int($0) }),
      length > options.longestUpload
    {
      throw APIError.tooLarge(options.longestUpload)
    }
    let type = HeaderParameters(request.headers[.contentType] ?? "")
    guard type.value == "multipart/form-data", let boundary = type["boundary"],
      (1...200).contains(boundary.utf8.count)
    else {
      throw APIError(
        400, "the body is no form; send multipart/form-data with the sound in \"file\"")
    }
    // The connection is watched, so that nobody's sound is recognised for nothing.
    var response = try await request.body.consumeWithCancellationOnInboundClose { body in
      try await answer(
        try await Upload.receive(body, boundary: boundary, limit: options.longestUpload))
    }
    response.headers[.connection] = "close"
    return response
  }

  private func answer(_ upload: consuming Upload) async throws -> Response {
    let request = upload.request
    let name = try service.modelName(request.model)
    let language = try await service.models.description(of: name).language
    if let other = request.languages.first, !request.languages.contains(language) {
      throw APIError(
        400, "the model \(name) recognises \"\(language)\", not \"\(other)\"; give another model",
        field: "language")
    }
    let path = upload.path
    do {
      if request.streams {
        return try await StreamedAnswer(service, request, model: name, path: path).response
      }
      let transcript = try await service.transcribe(
        contentsOf: path, model: name, request.settings)
      let answer = TranscriptionAnswer(transcript, to: request, language: language)
      return .text(answer.text, type: answer.type)
    } catch let error as RecognitionError {
      throw APIError(error, at: path, called: upload.fileName)
    }
  }
}

/// Turns what is thrown into a response in the one shape of errors, and counts responses.
private struct FaultMiddleware: RouterMiddleware {
  let metrics: ServerMetrics

  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      response =
        APIError(404, "there is nothing at \(request.uri.path)", code: "unknown_url").response
    } catch let error as HTTPError {
      response = APIError(error.status.code, error.body ?? error.status.reasonPhrase).response
    } catch {
      let told = APIError(error)
      if told.status == 500 { context.logger.error("\(request.uri.path): \(error)") }
      response = told.response
      // What is left of the body is not read.
      response.headers[.connection] = "close"
    }
    metrics.addRequest(context.endpointPath ?? "other", status: response.status.code)
    return response
  }
}

/// Lets nobody pass without a key, where there are some.
private struct KeyMiddleware: RouterMiddleware {
  let options: ServerOptions

  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    let isOpen =
      Page.paths.contains(path)
      || (["/health", "/ready", "/metrics"].contains(path)
        && !options.protectsStatus)
    if !isOpen, !options.accepts(authorization: request.headers[.authorization]) {
      throw APIError(
        401, "the key is missing or wrong; send it as Authorization: Bearer KEY",
        code: "invalid_api_key")
    }
    return try await next(request, context)
  }
}

extension ServerOptions {
  /// Whether a header holds one of the keys, compared in a time that does not tell how much of it is
  /// right.
  package func accepts(authorization: String?) -> Bool {
    if keys.isEmpty { return true }
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
    let given = Array(authorization.utf8.dropFirst(7))
    return keys.reduce(false) { accepted, key in
      let key = Array(key.utf8)
      var difference = key.count ^ given.count
      for index in key.indices {
        difference |= Int(key[index] ^ (index < given.count ? given[index] : 0))
      }
      return accepted || difference == 0
    }
  }
}
