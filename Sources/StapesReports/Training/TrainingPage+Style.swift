extension TrainingPage {
  /// How the page looks.
  static let style = """
    :root { color-scheme: light dark }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
    svg { width: 100%; margin: 1rem 0 }
    text { font-size: 12px; fill: currentColor }
    .title { font-weight: bold; font-size: 13px }
    .value { text-anchor: end; dominant-baseline: middle }
    .epoch { text-anchor: middle }
    .grid { stroke: currentColor; opacity: .15 }
    .a, .b { fill: none; stroke-width: 2 }
    .a { stroke: #2a6fdb }
    .b { stroke: #d9622b }
    .a.dot { fill: #2a6fdb }
    .b.dot { fill: #d9622b }
    table { border-collapse: collapse }
    td, th { text-align: left; padding: 0 1.5rem 0 0; font-variant-numeric: tabular-nums }
    pre, .scroll { overflow-x: auto }
    h3 { margin: 1.6rem 0 .3rem; font-size: 1rem; overflow-wrap: anywhere }
    .pairs { font: 15px/1.35 ui-monospace, monospace }
    .pair { display: inline-block; text-align: center; min-width: .62em; margin-bottom: .4rem }
    .pair b, .pair i { display: block; font: inherit; min-height: 1.35em; white-space: pre }
    .wrong { background: rgba(217, 98, 43, .35) }
    .scroll svg { width: auto; margin: 0 }
    .word { fill: #2a6fdb; opacity: .25 }
    .heard { fill: #d9622b; opacity: .25 }
    .matrix td, .matrix th { padding: .15rem .5rem; text-align: right }
    .matrix th { font-weight: normal }
    """
}
