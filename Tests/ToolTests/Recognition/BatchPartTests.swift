import Foundation
import TestSupport
import Testing

/// Batches on several machines.
@Suite struct BatchPartTests {
  @Test(arguments: [
    ("SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2", "auto"),
    ("SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_STEP_NUM_TASKS=2", "auto"),
    ("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "auto/2"), ("PMI_RANK=1 PMI_SIZE=2", "auto"),
    ("PMIX_RANK=1", "auto/2"), ("JOB_COMPLETION_INDEX=1", "auto/2"), ("A=1", "2/2"),
  ])
  func `a part is the one that the environment tells`(settings: String, part: String) throws {
    try Tones.run { tones in
      for number in 0..<7 { try tones.say("ab", in: "in/\(number).wav") }
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        \(settings) stapes batch in -o out -m \(tones.model) --shard \(part) || exit
        ls out/.stapes
        """)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("journal.2-of-2\n"), "\(run.output)")
      #expect(run.errors.contains("3 of 3 files"), "\(run.errors)")
    }
  }

  @Test(arguments: [
    ("A=1", "auto", "nothing has numbered this process"),
    ("JOB_COMPLETION_INDEX=1", "auto", "give their number, such as auto/8"),
    ("PMI_RANK=1 PMI_SIZE=2", "auto/3", "2 parts (PMI_RANK=1, PMI_SIZE=2) and auto/3 contradict"),
    ("PMI_RANK=x PMI_SIZE=2", "auto", "PMI_RANK=x is no whole number"),
    ("A=1", "auto/0", "such as auto/8"), ("A=1", "auto/x", "such as auto/8"),
    ("A=1", "1/1 --steal 60", "--steal needs --shard"),
    ("A=1", "1/2 --steal 60 --watch", "without --watch"), ("A=1", "1/2 --steal 0", "--steal is 0"),
  ])
  func `where it tells none, nothing is done`(
    settings: String, part: String, message: String
  ) throws {
    try Tones.run { tones in
      try tones.say("ab", in: "in/a.wav")
      let run = try Tool.shell(
        "cd \(tones.folder); \(settings) stapes batch in -o out -m \(tones.model) --shard \(part)")
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(run.status == 1)
      #expect(!FileManager.default.fileExists(atPath: tones.folder + "/out"))
    }
  }

  @Test func `what a killed part had in hand is done by another`() throws {
    try Tones.run { tones in
      for number in 0..<60 { try tones.say("abc", in: "in/\(number).wav") }
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        batch() { exec \(Tool.path) batch in -m \(tones.model) -j 1 "$@"; }
        (batch -o undisturbed --quiet)
        (batch -o out --beam 400 --quiet --shard 1/2 --steal 1) & tool=$!
        until compgen -G 'out/.stapes/claims/*.0' >/dev/null || ! kill -0 $tool; do :; done
        kill -9 $tool; wait $tool
        held=$(compgen -G 'out/.stapes/claims/*.0' | wc -l)
        (batch -o out --beam 400 --shard 2/2 --steal 1); status=$?
        find out/.stapes/claims -name '*.[0-9]' | wc -l
        find out -name '*.txt' | wc -l
        ((held > 0)) || echo nothing was in hand
        cat out/.stapes/journal.* | cut -f 2 | sort | uniq -d | wc -l
        exit $status
        """)
      #expect(run.status == 0, "\(run.errors)")
      #expect(
        run.output.split(separator: "\n").prefix(2).map { String($0.filter(\.isNumber)) } == [
          "0", "60",
        ])
      #expect(!run.output.contains("nothing was in hand"))
    }
  }

  @Test(.enabled(if: FileServer.isAvailable, "needs python3, curl and openssl"))
  func `an address that gives access is told to curl alone`() throws {
    try Tones.run { tones in
      try tones.say("ab", in: "served/calls/a.wav")
      try tones.say("cab", in: "served/calls/b.wav")
      let made = try Tool.shell(
        """
        cd \(tones.folder)
        openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 \
          -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
        cat key certificate >both
        """)
      #expect(made.status == 0, "\(made.errors)")
      let server = try FileServer(
        folder: tones.folder + "/served", certificate: tones.folder + "/both")
      #expect(server.address.hasPrefix("https://"))
      let list = ["calls/a.wav", "calls/b.wav", "404/calls/a.wav"].map {
        server.address + $0 + "?X-Signature=secret"
      }
      try tones.write((list.joined(separator: "\n") + "\n").utf8, to: "list")
      try FileManager.default.createDirectory(
        atPath: tones.folder + "/bin", withIntermediateDirectories: true)
      try installProgram(
        "#!/bin/sh\necho \"$@\" >>\(tones.folder)/arguments\nexec env -u PATH /usr/bin/curl \"$@\"\n",
        at: tones.folder + "/bin/curl")
      let batch = "stapes batch --from-list list -o out -m \(tones.model)"
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        PATH=\(tones.folder)/bin:$PATH CURL_CA_BUNDLE=certificate \(batch) 2>messages
        echo $?
        grep -rl secret out messages arguments
        cat messages out/calls/a.txt out/calls/b.txt
        find out/.stapes/unfinished* -type f
        """)
      let lines = run.output.split(separator: "\n")
      #expect(lines.first == "2", "\(run.output)")
      #expect(lines.suffix(2) == ["ab", "cab"], "\(run.output)")
      #expect(run.output.contains("404/calls/a.wav: cannot be fetched: the server answered 404"))
      // A server whose certificate nobody vouches for is not asked for anything.
      let refused = try Tool.shell(
        "cd \(tones.folder); \(batch.replacing("-o out", with: "-o out2")); echo; cat out2/errors.tsv"
      )
      #expect(refused.status == 0)
      #expect(refused.output.contains("certificate"), "\(refused.output) \(refused.errors)")
      let requests = try tones.read("served/requests").split(separator: "\n")
      #expect(requests.count == 3, "\(requests)")
    }
  }
}
