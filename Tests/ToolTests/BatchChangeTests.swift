import Foundation
import Stapes
import TestSupport
import Testing

/// How a batch notices what has changed.
@Suite struct BatchChangeTests {
  @Test func `files that are replaced while they are transcribed get the text that they hold`()
    throws
  {
    try Tones.run { tones in
      // Clips that a wide search needs far longer for than it takes to read them.
      let (text, other) = (
        String(repeating: "ab c ", count: 80), String(repeating: "ba c ", count: 80)
      )
      for number in 0..<3 {
        try tones.say(text, in: "in/\(number).wav")
        try tones.say(other, in: "new/\(number).wav")
      }
      let command = "\(Tool.path) batch in -m \(tones.model) -j 1 --beam 1000 --quiet -o out"
      // As soon as about one clip was read, which /proc tells, all are replaced.
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        for number in {0..2}; do touch -r in/$number.wav new/$number.wav; done
        clip=$(cat in/0.wav | wc -c)
        \(command) & tool=$!
        until read -r _ seen </proc/$tool/io && ((seen > clip)) || ! kill -0 $tool; do :; done 2>/dev/null
        for number in {0..2}; do mv new/$number.wav in/$number.wav; done
        wait $tool || exit
        \(command)
        """)
      #expect(run.status == 0, "\(run.errors)")
      let expected = other.dropLast() + "\n"
      for number in 0..<3 { #expect(try tones.read("out/\(number).txt") == expected) }
    }
  }

  @Test func `what version 0.1.0 did with the same model is not done again`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab", in: "in/a.wav")
      try tones.write("as before\n".utf8, to: "out/a.txt")
      var recipe = ContentHash()
      recipe.add("0.1.0")
      for _ in 0..<3 { recipe.add("none") }
      recipe.add("file")
      try recipe.addFile(tones.model)
      recipe.add("")
      recipe.add(
        "RecognitionOptions(beamWidth: Optional(5), hypothesisCount: 1, allowsAnyWord: false, "
          + "languageWeight: nil, wordBonus: nil, unknownWordPenalty: nil, labelPriorWeight: nil, "
          + "unknownMargin: 1.0, wantsWords: false, splitsChannels: false) AudioOptions(sampleRate: "
          + "nil, channel: StapesAudio.AudioOptions.Channel.index(0), rawFormat: nil) inf")
      let node = try #require(FileNode(at: clip))
      var content = ContentHash()
      try content.addFile(clip)
      let columns = [
        "\(Int(Date().timeIntervalSince1970 * 1e6))", "a.wav", String(recipe.value, radix: 16),
        "\(node.size)", "\(node.modified)", String(content.value, radix: 16), "0.48", "done",
        "a.txt", "10",
      ]
      var sum = ContentHash()
      for column in columns { sum.add(column) }
      let line = (columns + [String(sum.value, radix: 16)]).joined(separator: "\t") + "\n"
      try tones.write(line.utf8, to: "out/.stapes/journal")
      let arguments = [
        "batch", tones.folder + "/in", "-m", tones.model, "-o", tones.folder + "/out", "--channel",
        "0", "--beam",
      ]
      let run = try Tool.run(arguments + ["5"])
      #expect(run.errors.contains("1 file done before"), "\(run.errors)")
      #expect(
        run.errors.contains("1 transcript written by another build of Stapes"), "\(run.errors)")
      #expect(try tones.read("out/a.txt") == "as before\n")
      #expect(try Tool.run(arguments + ["6"]).errors.contains("1 of 1 file transcribed"))
    }
  }

  @Test func `a bundled model counts by its bytes, and the tool tells its build`() throws {
    var (bundled, file) = (ContentHash(), ContentHash())
    try ModelSource.bundled("digits").addBytes(to: &bundled, with: nil)
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    var bytes = Array(
      try Data(contentsOf: URL(filePath: folder + "/Sources/CModels/digits.safetensors")))
    bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    file.add(bytes)
    #expect(bundled.value == file.value)
    var (words, none) = (ContentHash(), ContentHash())
    try ModelSource.bundled("english").addBytes(to: &words, with: .init(of: "english"))
    try ModelSource.bundled("english").addBytes(to: &none, with: nil)
    #expect(Set([bundled.value, words.value, none.value]).count == 3)
    let version = try Tool.run("--version").output
    #expect(version.wholeMatch(of: /\d+\.\d+\.\d+ \(build [0-9a-f]{8}\)\n/) != nil, "\(version)")
  }

  @Test func `a folder that is followed has one line for an entry that stays unreadable`() throws {
    try Tones.run { tones in
      for name in ["a", "b", "c"] { try tones.say(name, in: "\(name).wav") }
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        trap '' INT
        mkdir in
        ln -s /none/at/all in/nowhere.wav
        \(Tool.path) batch in -o out -m \(tones.model) --watch & tool=$!
        for name in a b c; do
          touch -d 'next year' $name.wav
          mv $name.wav in/
          until [[ -e out/$name.txt ]] || ! kill -0 $tool; do sleep 0.05; done 2>/dev/null
        done
        kill -INT $tool; wait $tool
        """)
      #expect(run.errors.contains("3 of"), "\(run.errors)")
      let lines = try tones.read("out/.stapes/journal").split(separator: "\n")
      #expect(lines.count { $0.contains("\tnowhere.wav\t") } == 1, "\(lines)")
      #expect(try tones.read("out/c.txt") == "c\n")
    }
  }
}
