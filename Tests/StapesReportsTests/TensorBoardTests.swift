import FoundationEssentials
import StapesFiles
import StapesReports
import StapesTraining
import TestSupport
import Testing

@Suite struct TensorBoardTests {
  /// RFC 3720, appendix B.4, and the usual check of a CRC's description.
  @Test func checksAreThoseOfTheStandard() {
    let cases: [(bytes: [UInt8], check: UInt32)] = [
      (Array("123456789".utf8), 0xE306_9283),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E),
      (Array((0..<32).reversed()), 0x113F_DB5C),
      ([], 0),
    ]
    for (bytes, check) in cases { #expect(CRC32C.check(of: bytes) == check) }
  }

  /// `scripts/reference/tensorboard_events.py` wrote the file, with TensorBoard's own writer.
  @Test func eventsAreThoseOfTensorBoardsWriter() throws {
    let events = [
      TensorBoardEvent(seconds: 1_700_000_000.25, .fileVersion),
      TensorBoardEvent(seconds: 1_700_000_001.5, step: 1, .start),
      TensorBoardEvent(
        seconds: 1_700_000_002, step: 1, .scalars([("loss/training", 2.5), ("zero", 0)])),
      TensorBoardEvent(
        seconds: 1_700_000_003.125, step: 300,
        .scalars([(String(repeating: "Höhe", count: 40), -1e-3)])),
    ]
    let golden = try Data(
      contentsOf: URL(filePath: fixturePath("golden/training/events.tfevents")))
    #expect(golden.count > 300)
    #expect(events.flatMap(\.record) == Array(golden))
  }
}
