/// Why a JSON text could not be read, in a few words for the middle of a sentence.
struct JSONFault: CustomStringConvertible {
  let description: String

  init(_ error: any Error) {
    description =
      switch error {
      case DecodingError.keyNotFound(let key, _): "`\(key.stringValue)` is missing"
      case DecodingError.typeMismatch(_, let context),
        DecodingError.valueNotFound(_, let context):
        "`\(Self.path(context))` is of the wrong kind"
      case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
        "`\(Self.path(context))` is out of range"
      default: "not proper JSON"
      }
  }

  private static func path(_ context: DecodingError.Context) -> String {
    context.codingPath.map(\.stringValue).joined(separator: ".")
  }
}
