internal import StapesText

/// Why a request was not answered, as clients of OpenAI's interface read it.
package struct APIError: Error, Equatable {
  /// The status of the response.
  package let status: Int
  /// What is wrong, and what to do.
  package let message: String
  /// The field that is wrong; nil for none.
  package var field: String?
  /// A name that programs know, such as `model_not_found`; nil for none.
  package var code: String?
  /// After how many seconds the client may try again; nil where that would not help.
  package var retryAfter: Int?

  /// Makes an error.
  package init(
    _ status: Int, _ message: String, field: String? = nil, code: String? = nil,
    retryAfter: Int? = nil
  ) {
    (self.status, self.message, self.field) = (status, message, field)
    (self.code, self.retryAfter) = (code, retryAfter)
  }

  /// No model has this name.
  package static func noModel(_ name: String, available: [String]) -> Self {
    Self(
      404, "no model is called \"\(name)\"; there is \(available.joined(separator: ", "))",
      field: "model", code: "model_not_found")
  }

  private struct Body: Encodable {
    struct Fault: Encodable {
      let message, type: String
      let param, code: String?

      func encode(to encoder: any Encoder) throws {
        // All four are expected, also where they say nothing.
        var values = encoder.container(keyedBy: Keys.self)
        try values.encode(message, forKey: .message)
        try values.encode(type, forKey: .type)
        try values.encode(param, forKey: .param)
        try values.encode(code, forKey: .code)
      }

      enum Keys: String, CodingKey { case message, type, param, code }
    }

    let error: Fault
  }

  /// The error as JSON.
  package var json: String {
    let type = status >= 500 ? "server_error" : "invalid_request_error"
    return canonicalJSON(
      Body(error: Body.Fault(message: message, type: type, param: field, code: code)))
  }
}

extension MultipartParser.Fault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noBoundary:
      "the body does not begin with the boundary that Content-Type names; send multipart/form-data"
    case .headersTooLong: "the headers of a part of the body are too long"
    case .namelessPart: "a part of the body has no Content-Disposition with a name"
    case .malformedBoundary: "a boundary in the body does not end its line"
    }
  }
}
