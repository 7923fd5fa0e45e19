extension QueryPlan {
    /// What EXPLAIN returns, one row a line: the tree, then the notices.
    package var explainLines: [String] { explain.lines + notices }
}

extension ExplainNode {
    /// The tree as Redshift prints it.
    ///
    ///     XN Hash Join DS_DIST_NONE  (cost=47.08..6340.89 rows=3766 width=16)
    ///       Hash Cond: ("outer".listid = "inner".listid)
    ///       ->  XN Seq Scan on listing  (cost=0.00..1924.97 rows=192497 width=12)
    ///
    /// A child stands 6 columns further in than its parent's text, 4 of them the arrow; an attribute 2.
    package var lines: [String] { lines { _, _ in [] } }

    /// The tree with further lines below each node's attributes.
    /// - Parameter notes: of the node of that number, from 1 for the root in printing order; the second figure is how far
    ///   in they will stand.
    package func lines(_ notes: (_ node: Int, _ indentation: Int) -> [String]) -> [String] {
        var result: [String] = []
        var count = 0
        append(to: &result, &count, indentation: 0, isRoot: true, notes)
        return result
    }

    private func append(
        to lines: inout [String], _ count: inout Int, indentation: Int, isRoot: Bool,
        _ notes: (_ node: Int, _ indentation: Int) -> [String]
    ) {
        count += 1
        let blanks = String(repeating: " ", count: indentation)
        lines.append(blanks + (isRoot ? "" : "->  ") + headline)
        let inner = indentation + (isRoot ? 2 : 6)
        for line in attributes + notes(count, inner) { lines.append(String(repeating: " ", count: inner) + line) }
        for child in children { child.append(to: &lines, &count, indentation: inner, isRoot: false, notes) }
    }

    /// The line itself, without what is indented below it.
    package var headline: String {
        let name = "\(prefix.rawValue) \(operation)" + (label.map { " \($0.rawValue)" } ?? "")
        let figures = "rows=\(Self.whole(rows)) width=\(width)"
        return "\(name)  (cost=\(Self.money(cost.startup))..\(Self.money(cost.total)) \(figures))"
    }

    /// Two decimals. A sum that is a half of a cent but for the last bits of its binary fraction is rounded up,
    /// whatever they are: so come out the published 109.975 as 109.98 and 6350.305 as 6350.31.
    static func money(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e16 else { return value.description }
        let cents = (value * 100 + 0.5 + 1e-6).rounded(.down)
        let whole = Int64(cents.magnitude)
        let fraction = whole % 100
        return "\(cents < 0 ? "-" : "")\(whole / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    static func whole(_ value: Double) -> String {
        value.isFinite && value.magnitude < 9e18 ? String(Int64(value.rounded())) : value.description
    }
}
