extension HTMLPage {
  /// How pages look, on light and dark screens.
  static let style = """

    :root { color-scheme: light dark; --ink: #1d2025; --soft: #666d78; --line: #d9dce1;
      --paper: #fdfdfc; --accent: #2f6fb7; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e8eb; --soft: #9aa2ad; --line: #383d45; --paper: #16181c;
        --accent: #6ea8e6; }
    }
    body { margin: 2.5rem auto; max-width: 78rem; padding: 0 1.5rem; color: var(--ink);
      background: var(--paper); font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial,
      sans-serif; }
    h1 { margin: 0.1rem 0 0.3rem; font-size: 1.9rem; line-height: 1.25; font-weight: 600; }
    h2 { margin: 2.2rem 0 0.6rem; font-size: 1.1rem; font-weight: 600; }
    p { margin: 0 0 0.6rem; }
    .file, .facts { color: var(--soft); overflow-wrap: anywhere; }
    .figure { display: flex; }
    .names { flex: none; }
    .scroll { overflow-x: auto; border-left: 1px solid var(--line); }
    svg { display: block; font-size: 12px; }
    .chart { width: 100%; max-width: 44rem; margin: 1rem 0; }
    svg text { fill: var(--ink); }
    .names .name, .class { text-anchor: end; }
    svg text.name, svg text.tick, svg text.confidence { fill: var(--soft); }
    .said, .confidence { text-anchor: middle; }
    .confidence { font-size: 10px; }
    .second, .tenth { stroke: var(--line); }
    .wave { stroke: var(--accent); stroke-width: 1.4; }
    image { image-rendering: pixelated; }
    .best { fill: none; stroke: #ff5a5f; stroke-width: 1.6; }
    .aligned { fill: none; stroke: #fff; stroke-width: 1.6; }
    .box { fill: var(--accent); stroke: var(--line); }
    .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 2rem; margin-top: 0.6rem;
      color: var(--soft); font-size: 0.85rem; }
    .scale { width: 8rem; height: 0.7rem; }
    .line, .frame { display: inline-block; width: 1.4rem; vertical-align: middle; }
    .line { border-top: 2px solid #ff5a5f; }
    .frame { height: 0.7rem; border: 2px solid #fff; background: #31688e; }
    .letters { display: flex; flex-wrap: wrap; gap: 0.5rem; }
    .letter { width: 5.5rem; padding: 0.4rem 0.5rem; border: 1px solid var(--line);
      border-radius: 6px; font-size: 0.8rem; line-height: 1.4; }
    .written { font-size: 1.3rem; font-weight: 600; line-height: 1.3; }
    .sure, .when { color: var(--soft); font-variant-numeric: tabular-nums; }
    .bar { height: 4px; margin: 0.15rem 0 0.3rem; background: var(--line); }
    .bar i { display: block; height: 4px; background: var(--accent); }
    ul { margin: 0; padding: 0; list-style: none; min-height: 4.2em; }
    li { display: flex; justify-content: space-between; gap: 0.3rem; white-space: nowrap; }
    li b { font-weight: 500; overflow: hidden; text-overflow: ellipsis; }
    table { border-collapse: collapse; width: 100%; }
    th, td { padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--line);
      text-align: left; vertical-align: top; }
    th { color: var(--soft); font-size: 0.85rem; font-weight: 500; }
    .figure-column { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .explained td { font-weight: 600; }
    td { font-variant-numeric: tabular-nums; }
    pre { overflow-x: auto; }
    h3 { margin: 1.6rem 0 0.3rem; font-size: 1rem; overflow-wrap: anywhere; }
    .pairs { font: 15px/1.35 ui-monospace, monospace; }
    .pair { display: inline-block; text-align: center; min-width: 0.62em; margin-bottom: 0.4rem; }
    .pair b, .pair i { display: block; font: inherit; min-height: 1.35em; white-space: pre; }
    .wrong { background: rgba(217, 98, 43, 0.35); }
    .grid { stroke: currentColor; opacity: 0.15; }
    .word { fill: #2a6fdb; opacity: 0.25; }
    .heard { fill: #d9622b; opacity: 0.25; }
    .matrix { width: auto; }
    .matrix td, .matrix th { padding: 0.15rem 0.5rem; text-align: right; }

    """
}
