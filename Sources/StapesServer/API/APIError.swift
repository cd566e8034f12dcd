internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Stapes
internal import StapesProtocols
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

  /// What another error is to a client.
  package init(_ error: any Error) {
    switch error {
    case let error as APIError: self = error
    case WorkQueue.Refusal.full:
      self.init(503, "too many requests wait; try again later", code: "full", retryAfter: 2)
    case WorkQueue.Refusal.late:
      self.init(503, "the request waited too long; try again later", code: "late", retryAfter: 5)
    case WorkQueue.Refusal.closed:
      self.init(503, "the server is about to end; try again later", code: "closed", retryAfter: 5)
    case let error as MultipartParser.Fault: self.init(400, error.description)
    case let error as RecognitionError:
      if case .audio = error {
        self.init(400, error.description, field: "file", code: "invalid_audio")
      } else {
        self.init(400, error.description)
      }
    default: self.init(500, "the request failed; the server's log says why")
    }
  }

  /// What an error of recognition is to a client, who knows a file by another name than its path.
  init(_ error: RecognitionError, at path: String, called name: String) {
    self.init(error)
    self = APIError(status, message.replacing(path, with: name), field: field, code: code)
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

  /// The response that tells it.
  var response: Response {
    var response = Response.json(json, status: .init(code: status))
    if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
    if status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
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

extension Response {
  /// A response of JSON.
  static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// A response of text.
  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(
      status: .ok, headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
