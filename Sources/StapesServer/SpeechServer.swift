internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import ServiceLifecycle
internal import StapesFiles
internal import StapesLabelling
internal import StapesProtocols
internal import UnixSignals

/// A server that recognises speech for others: OpenAI's interface over HTTP and WebSocket, Vosk's
/// WebSocket and Wyoming.
public struct SpeechServer: Sendable {
  private let service: SpeechService
  private let logger: Logger

  /// Makes a server.
  ///
  /// - Parameters:
  ///   - options: how it is set up.
  ///   - logger: what is told of its work; never what was said.
  public init(_ options: ServerOptions, logger: Logger) {
    (service, self.logger) = (SpeechService(options), logger)
  }

  private var options: ServerOptions { service.options }
  private var idle: TimeAmount { .milliseconds(Int64(options.idleSeconds * 1000)) }

  /// Serves until the process is told to end by SIGTERM or SIGINT; then what was begun is finished.
  ///
  /// - Parameter onListening: is told the port of each protocol once it is open.
  /// - Throws: `FileError` for a folder of clips that cannot be read, `RecognitionError` and
  ///   `SpottingError` for a model or wake words, `EncryptionError`; what keeps a port from being opened.
  public func run(onListening: @escaping @Sendable (String, Int) -> Void) async throws {
    try await prepare()
    let workbench = try await Workbench(service)
    var services: [any Service] = [http(workbench, onListening)]
    if let workbench { services += workbench.services(service) }
    if let port = options.voskPort { services.append(try vosk(port, onListening)) }
    if let port = options.wyomingPort { services.append(wyoming(port, onListening)) }
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(options.drainSeconds)
    // Recognition that has begun cannot be cancelled; whoever waits no longer has SIGKILL.
    try await ServiceGroup(configuration: configuration).run()
  }

  /// Makes sure that what was asked for can be done.
  private func prepare() async throws {
    try await service.models.setSpottersAside()
    if options.wakeWords != nil {
      _ = try await service.liveSpotters([], rate: 16_000, decoder: PCMDecoder())
    }
  }

  /// Serves the Wyoming protocol on standard input and output, until the input ends.
  ///
  /// - Throws: what keeps them from being read and written, where they are no pipes.
  public func runOnStandardStreams() async throws {
    try await prepare()
    let channel = WyomingChannel(service: service)
    // What was asked before the input ended is still answered.
    let bootstrap = NIOPipeBootstrap(group: Self.loops)
      .channelOption(.allowRemoteHalfClosure, value: true)
    let streams = try await bootstrap.takingOwnershipOfDescriptors(input: 0, output: 1) {
      [logger] in channel.setup(channel: $0, logger: logger)
    }
    await channel.handle(value: streams, logger: logger)
  }

  private func http(
    _ workbench: Workbench?, _ onListening: @escaping @Sendable (String, Int) -> Void
  ) -> any Service {
    let (options, service, idle) = (options, service, idle)
    return Application(
      router: Routes(service: service, workbench: workbench).router(),
      server: HTTPServerBuilder { responder in
        try options.encrypted(
          UpgradingChannel(
            responder: responder, idle: idle,
            upgrades: { path, headers in
              path.split(separator: "?").first == "/v1/realtime"
                && options.acceptsWebSocket(headers)
            },
            session: {
              RealtimeConnection(service, model: URI($0).queryParameters["model"].map(String.init))
            }))
      },
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), serverName: "stapes",
        availableConnectionsDelegate: MaximumAvailableConnections(options.connectionCount)),
      onServerRunning: { onListening("http", $0.localAddress?.port ?? 0) },
      eventLoopGroupProvider: .shared(Self.loops), logger: logger)
  }

  private func vosk(
    _ port: Int, _ onListening: @escaping @Sendable (String, Int) -> Void
  ) throws -> any Service {
    let (options, service) = (options, service)
    let channel = UpgradingChannel(
      responder: { _, writer, _ in
        try await writer.writeResponse(
          .init(status: .upgradeRequired, headerFields: [.contentLength: "0"]))
      },
      idle: idle,
      upgrades: { _, headers in options.acceptsWebSocket(headers) },
      session: { _ in VoskConnection(service) })
    return listener(try options.encrypted(channel), "vosk", port, onListening)
  }

  private func wyoming(
    _ port: Int, _ onListening: @escaping @Sendable (String, Int) -> Void
  ) -> any Service {
    listener(WyomingChannel(service: service), "wyoming", port, onListening)
  }

  private func listener(
    _ channel: some ServerChildChannel, _ name: String, _ port: Int,
    _ onListening: @escaping @Sendable (String, Int) -> Void
  ) -> any Service {
    channel.server(
      configuration: ServerConfiguration(
        address: .hostname(options.host, port: port), serverName: "stapes",
        availableConnectionsDelegate: MaximumAvailableConnections(options.connectionCount)),
      onServerRunning: { onListening(name, $0.localAddress?.port ?? 0) },
      eventLoopGroup: Self.loops, logger: logger)
  }

  /// Reading and writing take one thread; recognition has its own.
  private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
}

extension ServerOptions {
  /// Whether a request with these headers may open a WebSocket.
  fileprivate func acceptsWebSocket(_ headers: HTTPHeaders) -> Bool {
    accepts(authorization: headers.authorization)
      && accepts(origin: headers.first(name: "origin"), host: headers.first(name: "host"))
  }

  /// Whether a page of an origin may open a WebSocket, which browsers let any page try.
  package func accepts(origin: String?, host: String?) -> Bool {
    guard let origin, origin != allowedOrigin, allowedOrigin != "*" else { return true }
    return host.map { Self.isOrigin(origin, ofHost: $0) } ?? false
  }

  /// Whether pages of a host, with its port, have an origin.
  static func isOrigin(_ origin: String?, ofHost host: String) -> Bool {
    origin == "http://\(host)" || origin == "https://\(host)"
  }
}
