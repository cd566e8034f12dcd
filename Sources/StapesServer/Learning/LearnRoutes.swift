internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import StapesText

/// The addresses under which the page trains.
struct LearnRoutes {
  let learning: Learning
  let options: ServerOptions

  private struct Start: Decodable {
    let model: String?
    let epochs: Int
  }

  /// Adds the addresses to a router.
  func add(to router: Router<BasicRequestContext>) {
    let group = router.group("learn").add(middleware: OwnPageMiddleware(options: options))
    group.get { _, _ in Response.json(await learning.report()) }
    group.get("events") { _, _ in events() }
    group.post { request, _ in
      let start = try await LabelRoutes.body(of: request, as: Start.self)
      try await learning.start(from: start.model, epochCount: start.epochs)
      return Response.json(await learning.report())
    }
    group.post("cancel") { _, _ in
      try await learning.cancel()
      return Response.json(await learning.report())
    }
    group.post("keep") { _, _ in
      Response.json(canonicalJSON(["file": try await learning.keep()]))
    }
    group.post("drop") { _, _ in
      try await learning.drop()
      return Response.json(await learning.report())
    }
  }

  /// The whole state, whenever it changes, as server-sent events.
  private func events() -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
      body: ResponseBody { [learning] writer in
        var (told, silentSteps) = ("", 0)
        while !Task.isShuttingDownGracefully {
          let report = await learning.report()
          silentSteps += 1
          // Only by writing it is found that nobody reads any more.
          if report != told || silentSteps == 20 {
            let text = report != told ? "data: \(report)\n\n" : ": \n\n"
            try await writer.write(ByteBuffer(string: text))
            (told, silentSteps) = (report, 0)
          }
          try await Task.sleep(for: .milliseconds(250))
        }
        try await writer.finish(nil)
      })
  }
}
