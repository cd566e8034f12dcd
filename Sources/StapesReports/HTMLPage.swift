internal import StapesText

/// A page of HTML, well-formed XML too, that needs nothing else: no script, and nothing is loaded.
struct HTMLPage {
  /// What the page is called, as text.
  let title: String
  /// What stands on it, as HTML.
  let body: String

  /// The page.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>\(title.escapedForMarkup)</title>
    <style>\(Self.style)\(LineChart.style)</style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }

  /// A table.
  ///
  /// - Parameters:
  ///   - heads: what stands above the columns, as HTML.
  ///   - rows: the cells, as HTML.
  static func table(heads: [String], rows: [[String]]) -> String {
    let rows = rows.map { row in "<tr>\(row.map { "<td>\($0)</td>" }.joined())</tr>" }
    return """
      <table>
      <tr>\(heads.map { "<th>\($0)</th>" }.joined())</tr>
      \(rows.joined(separator: "\n"))
      </table>
      """
  }
}

extension Double {
  /// The number with one digit after the point, for places in a picture.
  var inPicture: String { formatted(decimals: 1) }
}
