internal import FoundationEssentials
internal import Hummingbird
internal import NIOCore

/// The one page of the server, and the files that it loads; all come with the program.
enum Page {
  /// A file of the page.
  struct File {
    /// Where it is served.
    let path: String
    /// Its `Content-Type`.
    let type: String
    /// Its content.
    let bytes: [UInt8]

    /// The response that gives it.
    var response: Response {
      var response = Response(
        status: .ok, headers: [.contentType: type],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
      response.headers[.contentSecurityPolicy] = Page.policy
      response.headers[.xContentTypeOptions] = "nosniff"
      response.headers[.cacheControl] = "no-cache"
      return response
    }
  }

  /// What the page may load: nothing but what comes with it, and the sounds that it made itself.
  private static let policy =
    "default-src 'self'; media-src blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'none'"

  /// The files.
  ///
  /// - Parameter labels: whether there is a folder of clips to label.
  static func files(labels: Bool) -> [File] {
    let page = String(decoding: PackageResources.page_html, as: UTF8.self)
      .replacing("data-label=\"LABEL\"", with: "data-label=\"\(labels ? "yes" : "no")\"")
    let script = "text/javascript; charset=utf-8"
    return [
      File(path: "/", type: "text/html; charset=utf-8", bytes: Array(page.utf8)),
      File(path: "/page.css", type: "text/css; charset=utf-8", bytes: PackageResources.page_css),
      File(path: "/icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
      File(path: "/page.js", type: script, bytes: PackageResources.page_js),
      File(path: "/kit.js", type: script, bytes: PackageResources.kit_js),
      File(path: "/try.js", type: script, bytes: PackageResources.try_js),
      File(path: "/label.js", type: script, bytes: PackageResources.label_js),
      File(path: "/record.js", type: script, bytes: PackageResources.record_js),
      File(path: "/learn.js", type: script, bytes: PackageResources.learn_js),
      File(path: "/live.js", type: script, bytes: PackageResources.live_js),
      File(path: "/sound.js", type: script, bytes: PackageResources.sound_js),
      File(path: "/words.js", type: script, bytes: PackageResources.words_js),
      File(path: "/recorder.js", type: script, bytes: PackageResources.recorder_js),
    ]
  }

  /// Where they are served; none of them tells anything of anybody.
  static let paths = Set(files(labels: false).map(\.path))
}
