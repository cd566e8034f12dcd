import Foundation

/// A server on this machine that gives out the files of a folder, and misbehaves where it is asked to;
/// it ends with this object.
public final class FileServer {
  /// The address of the folder, with a slash at the end.
  public let address: String

  /// The server ends when this does.
  private let life = Pipe()

  /// Whether there is what it is made of, and a curl to ask it.
  public static let isAvailable = ["python3", "curl", "openssl"].allSatisfy { program in
    ["/usr/bin/", "/usr/local/bin/", "/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + program)
    }
  }

  /// Starts a server.
  ///
  /// A path that begins with a number of three digits gives that status; with `first-503`, only when
  /// it is asked for the first time; with `cut`, less than was promised; `first-cut` combines them.
  /// The rest of the path is the file. Requests are listed in the file `requests`.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - certificate: a file with a certificate and its key, for https; nil for http.
  public init(folder: String, certificate: String? = nil) throws {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script, folder] + [certificate].compactMap(\.self)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = life
    try process.run()
    let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    address =
      (certificate == nil ? "http" : "https")
      + "://localhost:\(port.trimmingCharacters(in: .whitespacesAndNewlines))/"
  }

  deinit { try? life.fileHandleForWriting.close() }

  private static let script = """
    import http.server, ssl, sys, os, threading
    folder, seen = sys.argv[1], set()
    class Handler(http.server.BaseHTTPRequestHandler):
      def do_GET(self):
        path = self.path.split("?")[0].lstrip("/")
        with open(folder + "/requests", "a") as log: log.write(self.path + "\\n")
        first, way = path not in seen, path.split("/")[0]
        seen.add(path)
        if way.startswith("first-"):
          if not first: way = ""
          else: way = way[6:]
        if way.isdigit():
          self.send_error(int(way))
          return
        try:
          body = open(folder + "/" + (path if way == path.split("/")[0] and way != "cut" else path.split("/", 1)[1]), "rb").read()
        except OSError:
          self.send_error(404)
          return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if way == "cut" else body)
      def log_message(self, *words): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 2:
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(sys.argv[2])
      server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)
    """
}
