public import StapesFiles

/// How a server is set up.
public struct ServerOptions: Sendable, Equatable {
  /// The address that it listens on.
  public var host = "127.0.0.1"
  /// The port for HTTP; 0 for any that is free.
  public var port = 8571
  /// The port for Vosk's WebSocket; nil for none.
  public var voskPort: Int?
  /// The port for Wyoming; nil for none.
  public var wyomingPort: Int?
  /// Model files that are offered, the usual one first.
  public var models: [String] = []
  /// Whether the models that come with Stapes are offered too.
  public var offersBundledModels = true
  /// Whether a request for a model of another name gets the usual one.
  public var takesAnyModelName = false
  /// How many clips are recognised in parallel.
  public var jobs = 1
  /// How many requests may wait.
  public var queueCapacity = 256
  /// How long a request may wait for its turn, in seconds.
  public var deadline = 120.0
  /// The longest upload, in bytes.
  public var longestUpload = 100 << 20
  /// How many connections are served at a time.
  public var connectionCount = 1024
  /// How long a connection may be silent, in seconds.
  public var idleSeconds = 60.0
  /// How long a server that is told to end waits for the requests that it took, in seconds.
  public var drainSeconds = 30.0
  /// The keys of which a client must send one; none for no check.
  public var keys: [String] = []
  /// Whether `/health`, `/ready` and `/metrics` want a key too.
  public var protectsStatus = false
  /// The origin whose pages may use the server; nil for its own alone.
  public var allowedOrigin: String?
  /// The certificates and the key by which HTTP and WebSockets are encrypted, files in PEM; nil for
  /// no encryption.
  public var (tlsCertificate, tlsKey): (String?, String?) = (nil, nil)
  /// A file of wake words, one on each line, for Wyoming; nil for those of models alone.
  public var wakeWords: String?
  /// Whether ffmpeg decodes what Stapes does not.
  public var usesFFmpeg = true

  /// The folder whose clips the page labels; nil for none.
  public var labelFolder: String?
  /// The program that trains on the labels: `stapes`.
  public var trainer = "stapes"
  /// Labelled clips that are mixed in when the page trains; nil for none.
  public var replayed: String?
  /// A file of sentences to read aloud, one on each line; nil for those that come with the server.
  public var sentences: String?

  /// Makes the usual options.
  public init() {}

  /// Reads keys from a file, one on each line.
  ///
  /// - Throws: `FileError`.
  public static func keys(inFile path: String) throws(FileError) -> [String] {
    let text = String(decoding: try FileSystem.read(path, role: "key file"), as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
