internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Stapes
package import StapesProtocols

extension APIError {
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
    case let error as SpottingError: self.init(400, error.description)
    default: self.init(500, "the request failed; the server's log says why")
    }
  }

  /// What an error of recognition is to a client, who knows a file by another name than its path.
  init(_ error: RecognitionError, at path: String, called name: String) {
    self.init(error)
    self = APIError(status, message.replacing(path, with: name), field: field, code: code)
  }

  /// The response that tells it.
  var response: Response {
    var response = Response.json(json, status: .init(code: status))
    if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
    if status == 401 { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
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
