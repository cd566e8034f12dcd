import Glibc
import Testing

/// Runs the body as a user that may open only what everybody may, also when root runs the tests.
///
/// The user for file access belongs to the thread, so that other tests are not touched.
func withoutFilePrivileges(_ body: () throws -> Void) throws {
  typealias SetUser = @convention(c) (uid_t) -> CInt
  let symbol = unsafe try #require(dlsym(nil, "setfsuid"))
  let setUser = unsafe unsafeBitCast(symbol, to: SetUser.self)
  let nobody: uid_t = 65_534
  let user = uid_t(setUser(nobody))
  defer { _ = setUser(user) }
  try body()
}
