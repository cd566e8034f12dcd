import Foundation
import StapesAudio
import StapesCorpus
import StapesRecognition
import StapesEvaluation
import TestSupport
import Testing

@Suite struct LabelAuditTests {
  /// A clip of tones that says one thing and is labelled with another.
  private func clip(_ said: String, labelled text: String, in folder: String) throws -> LabelledClip
  {
    let path = "\(folder)/\(said)-\(text).wav"
    let samples = ToneLanguage.samples(saying: said, sampleRate: 8000)
    try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
    return LabelledClip(
      path: path, text: text, speaker: "s", duration: Double(samples.count) / 8000,
      identifier: path)
  }

  @Test func wrongTextsComeFirst() async throws {
    try await withTemporaryFolder { folder in
      var clips = try ["a", "b", "c", "ab", "ba", "cab", "bc", "ac"].map {
        try clip($0, labelled: $0, in: folder)
      }
      clips.insert(try clip("a c", labelled: "b", in: folder), at: 3)
      clips.append(try clip("b", labelled: "c a", in: folder))
      clips.append(try clip("cb", labelled: "xyz", in: folder))
      let recognizer = try Recognizer(model: .model(try ToneLanguage.model()))
      let audit = try await LabelAudit(
        of: Corpus(clips: clips), by: recognizer, threadCount: 2)
      let suspects = audit.entries.filter(\.isSuspect)
      #expect(suspects.first?.doubt == .infinity && suspects.first?.reference == "xyz")
      #expect(Set(suspects.map(\.reference)) == ["xyz", "b", "c a"])
      #expect(suspects.map(\.heard).sorted() == ["a c", "b", "cb"])
      #expect(audit.entries.dropFirst(3).allSatisfy { $0.doubt == 0 && $0.heard == $0.reference })
      #expect(zip(audit.entries, audit.entries.dropFirst()).allSatisfy { $0.doubt >= $1.doubt })

      // The table takes verdicts, and the manifest made of it is read as a corpus.
      let table = folder + "/audit.tsv"
      try AuditTable.write(audit, to: table)
      var lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 12)
      lines[1] = "heard" + lines[1]
      lines[2] = "drop" + lines[2]
      lines[3] = "=drop" + lines[3]
      lines[4] = "keep" + lines[4]
      try (lines.joined(separator: "\r\n") + "\r\n").write(
        toFile: table, atomically: true, encoding: .utf8)
      let outcome = try AuditTable.outcome(of: table)
      #expect(outcome.droppedCount == 1 && outcome.changedCount == 2 && outcome.clips.count == 10)
      let manifest = folder + "/clips.jsonl"
      try AuditTable.writeManifest(of: outcome.clips, to: manifest)
      let corpus = try Corpus(readingFrom: [manifest])
      #expect(Set(corpus.clips.map(\.text)).isSuperset(of: ["cb", "drop"]))
      #expect(corpus.clips.count == 10 && corpus.skipped.isEmpty && corpus.speakers == ["s"])
    }
  }

  @Test func tablesOfAnotherFormAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/audit.tsv"
      try "verdict\tpath\n\ta.wav\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: RecognitionError.self) { try AuditTable.outcome(of: path) }
      #expect(throws: RecognitionError.self) { try AuditTable.outcome(of: folder + "/none") }
    }
  }
}
