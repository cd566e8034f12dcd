import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import Stapes
import StapesConsole
import StapesServer
import StapesText

/// `stapes serve`: a speech server.
@main
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stapes serve",
    abstract: "Serves speech recognition to other programs.",
    discussion: """
      Speaks OpenAI's transcription interface (HTTP, server-sent events and the realtime WebSocket) \
      at /v1 and, where their ports are given, Vosk's WebSocket and Wyoming (Home Assistant). \
      / is a page to try it and, with --label, to label and record clips and to train on them; \
      /health, /ready and /metrics are for operators.

      Examples:
        stapes serve
        stapes serve --model my.safetensors --wyoming-port 10300
        stapes serve --label clips --replay first-clips
        OPENAI_BASE_URL=http://127.0.0.1:8571/v1 OPENAI_API_KEY=none python my-program.py

      Exit status: 0 ended by SIGTERM or Ctrl-C, 1 bad usage or a port that cannot be opened.
      """)

  @Option(help: ArgumentHelp("Address to listen on.", valueName: "address"))
  var host = ServerOptions().host

  @Option(help: ArgumentHelp("Port for HTTP; 0 takes any that is free.", valueName: "number"))
  var port = ServerOptions().port

  @Option(
    help: ArgumentHelp(
      "Port for Vosk's WebSocket protocol, usually 2700. (default: none)", valueName: "number"))
  var voskPort: Int?

  @Option(
    help: ArgumentHelp(
      "Port for the Wyoming protocol, usually 10300. (default: none)", valueName: "number"))
  var wyomingPort: Int?

  @Option(
    help: ArgumentHelp(
      "stdio:// serves Wyoming alone, on standard input and output. (default: none)",
      valueName: "uri"))
  var uri: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Model file to offer under the name of the file; repeatable, the first is the default model. \
      The bundled models are offered too.
      """, valueName: "file"), completion: .file())
  var model: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      File of wake words for Wyoming, one on each line, which the model for live sound spots; models of \
      `stapes train --task spot` bring theirs.
      """, valueName: "file"), completion: .file())
  var wakeWords: String?

  @Flag(help: "Offer only the models of --model, not the bundled ones.")
  var noBundled = false

  @Flag(help: "Use the default model for requests that name an unknown one, such as whisper-1.")
  var anyModel = false

  @Option(
    help: ArgumentHelp(
      "Folder of clips to label in the page, to record into and to train on.", valueName: "folder"),
    completion: .directory)
  var label: String?

  @Option(
    help: ArgumentHelp(
      "With --label: clips to mix in when the page trains, so that they are not forgotten.",
      valueName: "data"), completion: .file())
  var replay: String?

  @Option(
    help: ArgumentHelp(
      "With --label: file of sentences to record, one on each line. (default: from old books)",
      valueName: "file"), completion: .file())
  var sentences: String?

  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp(
      """
      Number of clips to recognise in parallel, 1 to 1024. (default: the number of processor cores)
      """, valueName: "number"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp("Number of requests that may wait, 1 to 100000.", valueName: "number"))
  var queue = ServerOptions().queueCapacity

  @Option(
    help: ArgumentHelp("Longest wait of a request, 1 to 3600.", valueName: "seconds"))
  var deadline = ServerOptions().deadline

  @Option(
    help: ArgumentHelp("Largest upload in megabytes, 1 to 100000.", valueName: "megabytes"))
  var maxUpload = ServerOptions().longestUpload >> 20

  @Option(
    help: ArgumentHelp(
      "File of keys, one on each line, of which clients must send one.", valueName: "file"),
    completion: .file())
  var apiKeyFile: String?

  @Flag(help: "Demand a key for /health, /ready and /metrics too.")
  var protectStatus = false

  @Option(
    help: ArgumentHelp(
      "Certificates in PEM, the server's first; encrypts HTTP and WebSockets.", valueName: "file"),
    completion: .file())
  var tlsCertificate: String?

  @Option(
    help: ArgumentHelp("Key of the certificate, in PEM.", valueName: "file"), completion: .file())
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "Origin whose pages may use the server, such as https://example.org.", valueName: "origin"))
  var allowOrigin: String?

  @Option(
    help: ArgumentHelp(
      "Longest wait for accepted requests after SIGTERM, 0 to 3600.", valueName: "seconds"))
  var drain = ServerOptions().drainSeconds

  @Flag(name: .customLong("no-ffmpeg"), help: "Do not run ffmpeg to decode other formats.")
  var noFFmpeg = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  static func main() async {
    do {
      let command = try parse()
      try await command.run()
    } catch {
      let message = fullMessage(for: error)
      guard exitCode(for: error) != .success else {
        print(message)
        return
      }
      let text = message.trimmingPrefix("Error: ")
      Console.say(lines: String(text))
      Glibc.exit(1)
    }
  }

  func validate() throws {
    let settings: [(String, Double, ClosedRange<Double>)] = [
      ("--port", Double(port), 0...65_535), ("--vosk-port", Double(voskPort ?? 0), 0...65_535),
      ("--wyoming-port", Double(wyomingPort ?? 0), 0...65_535),
      ("--jobs", Double(jobs ?? 1), 1...1024), ("--queue", Double(queue), 1...100_000),
      ("--deadline", deadline, 1...3600), ("--max-upload", Double(maxUpload), 1...100_000),
      ("--drain", drain, 0...3600),
    ]
    for (name, found, allowed) in settings where !allowed.contains(found) {
      throw ValidationError(
        "\(name) is \(found.formatted(decimals: 0)); give \(Int(allowed.lowerBound)) to "
          + "\(Int(allowed.upperBound))")
    }
    if let uri, uri != "stdio://" {
      throw ValidationError("--uri is \(uri); give stdio://, or --host and --wyoming-port")
    }
    if (tlsCertificate == nil) != (tlsKey == nil) {
      throw ValidationError("encryption needs both --tls-certificate and --tls-key; give both")
    }
    if label == nil, replay != nil || sentences != nil {
      throw ValidationError("--replay and --sentences need a folder; give it with --label")
    }
    if noBundled, model.isEmpty {
      throw ValidationError("--no-bundled leaves no model; give one with --model")
    }
  }

  private func options() throws -> ServerOptions {
    var options = ServerOptions()
    (options.host, options.port) = (host, port)
    (options.voskPort, options.wyomingPort) = (voskPort, wyomingPort)
    (options.models, options.offersBundledModels) = (model, !noBundled)
    options.takesAnyModelName = anyModel
    options.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    (options.queueCapacity, options.deadline) = (queue, deadline)
    options.longestUpload = maxUpload << 20
    options.drainSeconds = drain
    (options.protectsStatus, options.allowedOrigin) = (protectStatus, allowOrigin)
    (options.tlsCertificate, options.tlsKey, options.wakeWords) = (
      tlsCertificate, tlsKey, wakeWords
    )
    (options.usesFFmpeg, options.labelFolder) = (!noFFmpeg, label)
    (options.replayed, options.sentences) = (replay, sentences)
    options.trainer = "/proc/self/exe".followingLinks.folderPath + "/stapes"
    if let apiKeyFile {
      options.keys = try ServerOptions.keys(inFile: apiKeyFile)
      if options.keys.isEmpty {
        throw ValidationError("\(apiKeyFile): there is no key; write one on each line")
      }
    }
    return options
  }

  func run() async throws {
    let options = try options()
    let level: Logger.Level = quiet ? .error : .notice
    let logger = Logger(from: level)
    let host = host
    let server = SpeechServer(options, logger: logger)
    if uri != nil { return try await server.runOnStandardStreams() }
    try await server.run { name, port in
      let scheme = options.isEncrypted ? "https" : "http"
      let address = name == "http" ? "\(scheme)://\(host):\(port)" : "\(name) on \(host):\(port)"
      logger.notice("listening: \(address)")
    }
  }
}
