/// The look of the page and its pictures, by day and by night.
enum PageStyle {
    static func text(configurations: [BenchmarkConfiguration]) -> String {
        let clusters = configurations.filter(\.isCluster).count
        let day = colors(from: (140, 182, 222), to: (8, 48, 107), count: clusters)
        let night = colors(from: (58, 98, 150), to: (190, 220, 250), count: clusters)
        let series = (0..<clusters).map { place in
            ".series\(place) { fill: var(--series\(place)); stroke: var(--series\(place)); }"
        }
        return """
            :root { \(dayNames) \(variables(day)) color-scheme: light dark; }
            @media (prefers-color-scheme: dark) { :root { \(nightNames) \(variables(night)) } }
            \(fixed)
            \(series.joined(separator: "\n"))
            """
    }

    private static let dayNames = """
        --paper: #ffffff; --ink: #1b1f24; --muted: #5d6670; --rule: #d9dde2; --grid: #e8ebee; --shade: #f5f6f8; \
        --accent: #0b5cad; --warm: #c8500a; --other: #b8bfc7; --leader: #6f4aa8; --warning: #fdf1e4;
        """
    private static let nightNames = """
        --paper: #14171b; --ink: #e8eaed; --muted: #9ba4ae; --rule: #343a42; --grid: #262b31; --shade: #1b1f24; \
        --accent: #6cb2f5; --warm: #f2924f; --other: #59626d; --leader: #b394e6; --warning: #33261a;
        """

    /// More slices, more colour: steps of one hue, because the numbers of slices have an order.
    private static func colors(
        from first: (Int, Int, Int), to last: (Int, Int, Int), count: Int
    ) -> [(Int, Int, Int)] {
        (0..<count).map { place in
            let share = count > 1 ? Double(place) / Double(count - 1) : 1
            func mix(_ from: Int, _ to: Int) -> Int { from + Int((Double(to - from) * share).rounded()) }
            return (mix(first.0, last.0), mix(first.1, last.1), mix(first.2, last.2))
        }
    }

    private static func variables(_ colors: [(Int, Int, Int)]) -> String {
        colors.enumerated().map { "--series\($0): rgb(\($1.0), \($1.1), \($1.2));" }.joined(separator: " ")
    }

    private static let fixed = """
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 "Inter", "Helvetica Neue", Helvetica, Arial, sans-serif; }
        main { max-width: 880px; margin: 0 auto; padding: 32px 24px 64px; }
        h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; font-weight: 650; letter-spacing: -0.01em; }
        h2 { font-size: 17px; margin: 40px 0 8px; font-weight: 650; }
        .lead { font-size: 17px; margin: 0 0 20px; color: var(--muted); max-width: 68ch; }
        .warning { background: var(--warning); border-left: 3px solid var(--warm); padding: 6px 12px; margin: 6px 0; }
        figure { margin: 36px 0; }
        figcaption { font-size: 13.5px; color: var(--muted); margin-top: 8px; }
        figcaption b { color: var(--ink); font-weight: 600; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; width: 100%; }
        th, td { padding: 4px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
        th { color: var(--muted); font-weight: 500; border-bottom: 1px solid var(--rule); }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; font-size: 13.5px; }
        dt { color: var(--muted); }
        dd { margin: 0; }
        svg { display: block; width: 100%; height: auto; }
        svg text { font: 12px "Inter", "Helvetica Neue", Helvetica, Arial, sans-serif; fill: var(--ink);
          font-variant-numeric: tabular-nums; }
        svg .note { fill: var(--muted); font-size: 11px; }
        svg .axis-title { fill: var(--muted); }
        svg .value { font-weight: 600; }
        svg .law-text { fill: var(--warm); font-size: 11px; }
        line, path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
        .axis { stroke: var(--muted); stroke-width: 1; }
        .grid { stroke: var(--grid); stroke-width: 1; }
        .shade { fill: var(--shade); }
        .ideal { stroke: var(--muted); stroke-width: 1.2; stroke-dasharray: 2 5; }
        .reference { stroke: var(--muted); stroke-width: 1.2; stroke-dasharray: 2 5; }
        .query { stroke: var(--accent); stroke-width: 1; opacity: 0.28; }
        .law { stroke: var(--warm); stroke-width: 1.8; }
        .mean { stroke: var(--accent); stroke-width: 2; }
        .mean-point { fill: var(--accent); stroke: var(--paper); stroke-width: 1.2; }
        .whisker { stroke: var(--accent); stroke-width: 1.8; }
        .ceiling { stroke: var(--warm); stroke-width: 2; }
        .spread { stroke-width: 2; opacity: 0.55; }
        .load-line { stroke-width: 1.8; fill: none !important; }
        .mark { stroke-width: 0; }
        .peer { fill: var(--warm); stroke: var(--warm); }
        .part-even { fill: var(--accent); }
        .part-imbalance { fill: var(--warm); }
        .part-leader { fill: var(--leader); }
        .part-other { fill: var(--other); }
        """
}
