internal import StapesFiles
internal import StapesKernels
internal import StapesModel

/// An event in the files that TensorBoard reads.
///
/// Such a file is a row of records, each a message `tensorflow.Event` of Protocol Buffers (its
/// fields are those of TensorFlow's `event.proto` and `summary.proto`). A file begins with the event
/// that tells its version.
package struct TensorBoardEvent: Sendable {
  /// What an event tells.
  package enum Content: Sendable {
    /// The version of the file's form.
    case fileVersion
    /// A run begins, or goes on; of an earlier one, what came at this step or later is void.
    case start
    /// Numbers at a step, each under a name whose parts are divided by `/`.
    case scalars([(tag: String, value: Double)])
  }

  /// When it happened, in seconds since 1970.
  let seconds: Double
  /// The step, counted from 1; 0 for what belongs to none.
  let step: Int
  /// What happened.
  let content: Content

  /// Makes an event; see its properties.
  package init(seconds: Double, step: Int = 0, _ content: Content) {
    self.seconds = seconds
    self.step = step
    self.content = content
  }

  /// The event as it stands in a file: the length of its message in eight bytes, the check of those,
  /// the message, the check of that.
  package var record: [UInt8] {
    let message = message.bytes
    var bytes: [UInt8] = []
    [UInt64(message.count)].appendLittleEndianBytes(to: &bytes)
    [Self.maskedCheck(of: bytes)].appendLittleEndianBytes(to: &bytes)
    bytes += message
    [Self.maskedCheck(of: message)].appendLittleEndianBytes(to: &bytes)
    return bytes
  }

  private enum Field {
    static let (wallTime, step, fileVersion, summary, sessionLog) = (1, 2, 3, 5, 7)
    static let (summaryValue, valueTag, simpleValue, sessionStatus) = (1, 1, 2, 1)
  }

  private var message: ProtobufMessage {
    var message = ProtobufMessage()
    message.add(Field.wallTime, seconds)
    if step != 0 { message.add(Field.step, step) }
    switch content {
    case .fileVersion:
      message.add(Field.fileVersion, "brain.Event:2")
    case .start:
      var log = ProtobufMessage()
      log.add(Field.sessionStatus, 1)
      message.add(Field.sessionLog, log)
    case .scalars(let scalars):
      var summary = ProtobufMessage()
      for scalar in scalars {
        var value = ProtobufMessage()
        value.add(Field.valueTag, scalar.tag)
        value.add(Field.simpleValue, Float(scalar.value))
        summary.add(Field.summaryValue, value)
      }
      message.add(Field.summary, summary)
    }
    return message
  }

  /// A check that may itself be checked: turned by 15 bits, and a constant added, as TensorFlow does.
  private static func maskedCheck(of bytes: [UInt8]) -> UInt32 {
    let check = CRC32C.check(of: bytes)
    return (check >> 15 | check << 17) &+ 0xA282_EAD8
  }
}
