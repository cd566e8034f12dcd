/// Values by name: by its very bytes, or where nothing has these, under the one name that Unicode
/// calls equal, as when a list was typed on a system that composes accents and the files come from
/// one that does not.
///
/// A value that another name asks for by its bytes is never found so.
package struct NameTable<Value> {
  private var values: [ByteName: Value] = [:]
  /// The names that Unicode calls equal; nil where there are several, or several ask for them.
  private var alike: [String: ByteName?] = [:]

  /// Makes a table; of values with one name the first counts.
  ///
  /// - Parameters:
  ///   - pairs: names and values.
  ///   - names: all names that will be asked for.
  package init(
    _ pairs: some Sequence<(String, Value)>, askedFor names: some Sequence<String>
  ) {
    var equal: [String: (own: Set<ByteName>, asked: Set<ByteName>)] = [:]
    for (name, value) in pairs {
      if values[name.byteName] == nil { values[name.byteName] = value }
      equal[name, default: ([], [])].own.insert(name.byteName)
    }
    for name in names where equal[name] != nil { equal[name]?.asked.insert(name.byteName) }
    alike = equal.mapValues { $0.own.count == 1 && $0.asked.count == 1 ? $0.own.first : nil }
  }

  /// The value of a name.
  package subscript(name: String) -> Value? {
    values[name.byteName] ?? (alike[name] ?? nil).flatMap { values[$0] }
  }
}
