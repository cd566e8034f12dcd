import Foundation
import TestSupport
import Testing

/// Batches that are killed, followed, divided and told what to do.
@Suite struct BatchJournalTests {
  @Test func `killed at any moment, a batch goes on and ends as if undisturbed`() throws {
    try Tones.run { tones in
      let letters = Array("abc")
      for number in 0..<80 {
        if number % 10 == 9 {
          try tones.write("no sound \(number)".utf8, to: "in/\(number % 3)/\(number).wav")
        } else {
          let text = String((0..<1 + number % 5).map { letters[(number + $0 * $0) % 3] })
          try tones.say(text, in: "in/\(number % 3)/\(number).wav")
        }
      }
      let command = "\(Tool.path) batch in -m \(tones.model) -j 1 --beam 500 --format txt,json"
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        \(command) --quiet -o undisturbed 2>/dev/null
        for ((count = 0; count < 72; count += 12)); do
          \(command) --quiet -o out 2>/dev/null & tool=$!
          until (($(find out -name '*.txt' 2>/dev/null | wc -l) > count)) || ! kill -0 $tool
          do :; done 2>/dev/null
          kill -9 $tool 2>/dev/null; wait $tool
        done 2>/dev/null
        \(command) -o out; status=$?
        diff -r --exclude=.stapes undisturbed out
        find out/.stapes/unfinished -type f
        exit $status
        """)
      #expect(run.output.isEmpty, "\(run.output)")
      #expect(run.status == 2)
      #expect(run.errors.contains("done before"), "\(run.errors)")
      #expect(run.errors.contains("8 failed: 8 not sound"), "\(run.errors)")
      #expect(try tones.read("out/errors.tsv").split(separator: "\n").count == 9)
    }
  }

  @Test func `a second run has nothing to do, and a changed model or option has`() throws {
    try Tones.run { tones in
      for name in ["a", "b", "c"] { try tones.say(name, in: "in/\(name).wav") }
      let input = tones.folder + "/in"
      let arguments = ["batch", input, "-o", tones.folder + "/out", "-m", tones.model]
      #expect(try Tool.run(arguments).errors.contains("3 of 3 files"))
      let again = try Tool.run(arguments)
      #expect(again.errors.contains("nothing to do; 3 files done before"))
      #expect(again.status == 0)
      #expect(try Tool.run(arguments + ["--beam", "3"]).errors.contains("3 of 3 files"))
      let other = tones.folder + "/other.safetensors"
      _ = try Tool.run("quantize", tones.model, "-o", other)
      let changed = Array(arguments.dropLast()) + [other]
      #expect(try Tool.run(changed).errors.contains("3 of 3 files"))
      #expect(try Tool.run(changed).errors.contains("nothing to do"))
    }
  }

  @Test func `reads lists, and does parts of a batch`() throws {
    try Tones.run { tones in
      let paths = try ["x/a", "x/b", "y/c"].map { try tones.say("ab", in: "in/\($0).wav") }
      try tones.write((paths.joined(separator: "\n") + "\n").utf8, to: "list")
      let output = tones.folder + "/out"
      let run = try Tool.shell(
        "stapes batch --from-list - -o \(output) -m \(tones.model) <\(tones.folder)/list")
      #expect(run.errors.contains("3 of 3 files"), "\(run.errors)")
      #expect(try tones.read("out/y/c.txt") == "ab\n")
      let parts = try Tool.shell(
        """
        cd \(tones.folder)
        for part in 0 1; do
          SLURM_ARRAY_TASK_ID=$part SLURM_ARRAY_TASK_COUNT=2 \
            stapes batch in -o parts -m \(tones.model) --shard auto --quiet || exit
        done
        find parts -name '*.txt' | wc -l
        """)
      #expect(parts.output == "3\n", "\(parts.errors)")
      let merge = try Tool.run("batch", "--merge", tones.folder + "/parts")
      #expect(merge.errors.contains("3 files transcribed"), "\(merge.errors)")
      #expect(merge.status == 0)
      let nothing = try Tool.run("batch", "--merge", tones.folder + "/in")
      #expect(nothing.errors.contains("no batch has written to this folder"), "\(nothing.errors)")
      #expect(nothing.status == 1)
      for (arguments, message) in [
        (["in", "-o", "out", "--shard", "4/3"], "--shard is 4/3"),
        (["-o", "out"], "--from-list"), (["in"], "--output"),
        (["in", "--merge", "out"], "--merge takes"),
        (["in", "-o", "out", "--timeout", "0"], "--timeout is 0"),
      ] {
        let refused = try Tool.run(["batch"] + arguments)
        #expect(refused.errors.contains(message), "\(refused.errors)")
        #expect(refused.status == 1)
      }
    }
  }

  @Test func `follows a folder until Ctrl-C`() throws {
    try Tones.run { tones in
      try tones.say("a", in: "in/a.wav")
      try tones.say("b", in: "later.wav")
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        trap '' INT
        touch -d '1 hour ago' in/a.wav later.wav
        \(Tool.path) batch in -o out -m \(tones.model) --watch & tool=$!
        until [[ -e out/a.txt ]] || ! kill -0 $tool; do sleep 0.05; done
        mv later.wav in/later.wav
        until [[ -e out/later.txt ]] || ! kill -0 $tool; do sleep 0.05; done
        kill -INT $tool; wait $tool
        """)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("2 of 2 files transcribed"), "\(run.errors)")
      #expect(try tones.read("out/later.txt") == "b\n")
    }
  }

  @Test func `a full disk ends it, and what is done is kept`() throws {
    try Tones.run { tones in
      for number in 0..<200 { try tones.say("ab c", in: "in/\(number).wav") }
      // A limit on the size of files stands for a disk that becomes full: the journal reaches it.
      let run = try Tool.shell(
        """
        cd \(tones.folder)
        (ulimit -f 8; trap '' XFSZ; exec \(Tool.path) batch in -o out -m \(tones.model) -j 1)
        """)
      #expect(run.status == 2, "\(run.errors)")
      #expect(run.errors.contains("cannot be written"), "\(run.errors)")
      #expect(run.errors.contains("the finished transcripts are kept"), "\(run.errors)")
      let rest = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model)
      #expect(rest.errors.contains("done before"), "\(rest.errors)")
      #expect(rest.status == 0)
    }
  }
}
