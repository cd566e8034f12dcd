import StapesServer
import Testing

/// Who may label: the server's own page and programs, not other pages that a browser has open.
@Suite struct OwnPageTests {
  private func isOwn(_ origin: String?, _ host: String, keys: [String] = []) -> Bool {
    var options = ServerOptions()
    options.keys = keys
    return options.isOwn(origin: origin, host: host)
  }

  @Test(arguments: [
    "127.0.0.1:8571", "localhost:8571", "localhost", "me.localhost:1", "[::1]:8571",
    "192.168.1.9:80",
  ])
  func thePageIsItsOwn(_ host: String) {
    #expect(isOwn("http://\(host)", host))
    #expect(isOwn("https://\(host)", host))
    #expect(isOwn(nil, host))
    #expect(!isOwn("http://evil.example", host))
    #expect(!isOwn("null", host))
  }

  @Test func aNameOfSomebodyElseForThisMachineIsNot() {
    #expect(!isOwn("http://evil.example:8571", "evil.example:8571"))
    #expect(!isOwn(nil, "evil.example"))
    #expect(!isOwn(nil, "127.0.0.1.evil.example"))
    #expect(!isOwn(nil, ""))
    // Its page knows no key.
    #expect(isOwn("https://speech.example", "speech.example", keys: ["secret"]))
    #expect(!isOwn("https://evil.example", "speech.example", keys: ["secret"]))
  }

  @Test func aNameThatTheServerIsToldIs() {
    var options = ServerOptions()
    (options.host, options.allowedOrigin) = ("speech", "https://speech.example")
    #expect(options.isOwn(origin: "http://speech:8571", host: "speech:8571"))
    #expect(options.isOwn(origin: "https://speech.example", host: "speech.example"))
    #expect(!options.isOwn(origin: "https://speech.example", host: "speech:8571"))
  }
}
