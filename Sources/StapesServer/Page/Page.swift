/// The one page of the server.
enum Page {
  /// What the page may load: nothing but what comes with it.
  static let policy = "default-src 'self'"
  /// The page.
  static let html = "<!doctype html><title>Stapes</title><p>Stapes</p>"
}
