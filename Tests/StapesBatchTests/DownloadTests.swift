import FoundationEssentials
import StapesBatch
import StapesRecognition
import TestSupport
import Testing

/// Files on servers, which a list may name by their addresses.
@Suite struct DownloadTests {
  @Test func `what may be shown of an address gives no access, and its names lead down`() {
    let presigned = "https://user:pw@Bucket.example.com/calls/a%20b.wav?X-Signature=secret#x"
    let address = Address(presigned)
    #expect(address?.text == presigned)
    #expect(address?.shown == "https://bucket.example.com/calls/a%20b.wav")
    #expect(address?.parts == ["bucket.example.com", "calls", "a b.wav"])
    func names(_ path: String) -> [String]? {
      Address("https://h" + path).map { Array($0.parts.dropFirst()) }
    }
    #expect(names("/a/../../../b/./c.wav") == ["b", "c.wav"])
    #expect(names("/a%2F..%2F..%2Fb.wav") == ["a%2F..%2F..%2Fb.wav"])
    #expect(names("/%2e%2e/x.wav") == ["%2e%2e", "x.wav"])
    #expect(names("/a%00b%0A.wav") == ["a%00b%0A.wav"])
    #expect(names("/%ff.wav") == ["%ff.wav"])
    #expect(names("/%C3%A9.wav") == ["é.wav"])
    #expect(names("//a//b.wav?x=/../c") == ["a", "b.wav"])
    #expect(names("/100%.wav") == ["100%.wav"])
    #expect(names("") == [])
    for other in ["", "a.wav", "/https://h/a", "https://", "https:///a", "ftp://h/a", "s3://b/a"] {
      #expect(Address(other) == nil, "\(other)")
    }
  }

  @Test(arguments: [
    ("https://h/a", true), ("HTTPS://h/a", true), ("http://localhost:80/a", true),
    ("http://127.0.0.1/a", true), ("http://127.8.9.1:1/a", true), ("http://[::1]:8/a", true),
    ("http://h/a", false), ("http://127.0.0.1.example.com/a", false),
    ("http://localhost@h/a", false), ("http://128.0.0.1/a", false), ("http://[::2]/a", false),
  ])
  func `what is not encrypted may come from this machine alone`(address: String, isAllowed: Bool) {
    #expect(Address(address)?.isAllowed == isAllowed)
  }

  func batch(
    _ files: BatchFiles, _ addresses: [String], mostBytes: Int = 1 << 32, program: String = "curl"
  ) throws -> BatchRun {
    var options = BatchOptions()
    options.download.waits = [.zero, .zero]
    options.download.mostBytes = mostBytes
    options.download.program = program
    return try BatchRun(
      [], listed: addresses, outputFolder: files.folder + "/out", options: options)
  }

  @Test(.enabled(if: FileServer.isAvailable, "needs python3 and curl"))
  func `fetches what is listed, each once, and knows it again`() async throws {
    try await BatchFiles.run { files in
      for (name, text) in [("x/a%20b", "ab"), ("x/c", "ca"), ("y/d", "b")] {
        try files.say(text, in: "served/\(name).wav")
      }
      try files.say("cab", in: "here/e.wav")
      let server = try FileServer(folder: files.folder + "/served")
      let list = ["x/a%20b", "x/c", "y/d"].map { server.address + "\($0).wav?key=secret" }
      let here = files.folder + "/here/e.wav"
      let ended = try await files.run(batch(files, list))
      #expect(ended.failed.isEmpty)
      #expect(ended.done == ["x/a b.wav", "x/c.wav", "y/d.wav"])
      #expect(try files.read("out/x/a b.txt") == "ab\n")
      #expect(try files.read("out/y/d.txt") == "b\n")
      #expect(try files.read("served/requests").contains("/x/c.wav?key=secret\n"))
      #expect(try !files.read("out/.stapes/journal").contains("secret"))
      #expect(try files.read("out/.stapes/journal").contains("\t\(server.address)x/c.wav\t"))

      // Another signature is no other file, and nothing is fetched.
      try files.remove("served/requests")
      let again = try await files.run(
        batch(files, list.map { $0.replacing("secret", with: "other") }))
      #expect(again.done.isEmpty)
      #expect(!files.exists("served/requests"))
      // Files here and there keep their places.
      let mixed = try await files.run(batch(files, list + [here]))
      #expect(mixed.done.count == 4)
      #expect(mixed.done.contains { $0.hasSuffix("here/e.wav") })
      #expect(throws: RecognitionError.self) {
        try batch(files, [server.address + "get.wav?id=1", server.address + "get.wav?id=2"])
      }
    }
  }

  @Test(.enabled(if: FileServer.isAvailable, "needs python3 and curl"))
  func `what cannot be fetched is a failure that says why and gives nothing away`() async throws {
    try await BatchFiles.run { files in
      try files.say("ab", in: "served/a.wav")
      try files.say("abcabcabcabcabcabc", in: "served/long.wav")
      try files.write("<html>", to: "served/page.wav")
      try files.write("", to: "served/empty.wav")
      let server = try FileServer(folder: files.folder + "/served")
      let size = try files.read("served/a.wav").utf8.count
      let paths = [
        "404/a.wav", "403/a.wav", "503/a.wav", "first-503/a.wav", "cut/a.wav", "first-cut/a.wav",
        "page.wav", "empty.wav", "long.wav", "a.wav",
      ]
      let list =
        paths.map { server.address + $0 + "?key=secret" }
        + ["http://203.0.113.1/x/a.wav?key=secret", "https://localhost:1/y/a.wav?key=secret"]
      let ended = try await files.run(batch(files, list, mostBytes: 20_000 + size / 512 * 512))
      let messages = try files.read("out/errors.tsv")
      let host = String(server.address.dropFirst(7).dropLast())
      func isFailure(_ name: String, _ words: String) -> Bool {
        messages.split(separator: "\n").contains { $0.contains(name) && $0.contains(words) }
      }
      #expect(ended.failed.count == 9, "\(messages)")
      #expect(isFailure("404/a.wav", "answered 404 (no such file)"))
      #expect(isFailure("403/a.wav", "answered 403 (no access"))
      #expect(isFailure("503/a.wav", "answered 503"))
      #expect(isFailure("cut/a.wav", "cut short"))
      #expect(isFailure("page.wav", "is not a sound file"))
      #expect(isFailure("empty.wav", "is empty"))
      #expect(isFailure("long.wav", "more than"))
      #expect(isFailure("203.0.113.1/x/a.wav", "not encrypted"))
      #expect(isFailure("localhost:1/y/a.wav", "connect"))
      for name in ["first-503/a", "first-cut/a", "a"] {
        #expect(try files.read("out/\(host)/\(name).txt") == "ab\n")
      }
      #expect(!messages.contains("fetched-"))
      #expect(try !(messages + files.read("out/.stapes/journal")).contains("secret"))
      // Asked once more where an answer may be another, and no further.
      let requests = try files.read("served/requests").split(separator: "\n")
      #expect(requests.count { $0.hasPrefix("/404/") } == 1)
      #expect(requests.count { $0.hasPrefix("/503/") } == 3)
      #expect(requests.count { $0.hasPrefix("/first-503/") } == 2)

      // What did not come is asked for again, and what is no sound is known.
      let again = try batch(files, list, mostBytes: 20_000 + size / 512 * 512)
      #expect(again.items.count == 7, "\(again.items.map(\.path))")
      #expect(try FileSystemNames.of(files.folder + "/out/.stapes/unfinished").isEmpty)
      let without = try await files.run(batch(files, list, program: "no-such-curl"))
      #expect(without.failed.count == 9)
      #expect(try files.read("out/errors.tsv").contains("curl is not installed"))
    }
  }
}

/// What is in folders.
private enum FileSystemNames {
  static func of(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
  }
}
