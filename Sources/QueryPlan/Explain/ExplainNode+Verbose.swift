extension QueryPlan {
    /// What EXPLAIN VERBOSE returns: the node tree, an empty line, the plan.
    package var verboseLines: [String] { explain.verboseLines + [""] + explainLines }
}

extension ExplainNode {
    /// The tree as PostgreSQL 8.0 dumps its nodes, which Redshift prints first: the fields that a plan of ours has.
    ///
    ///     {HASHJOIN
    ///     :startup_cost 2.52
    ///     :total_cost 58653620.93
    ///     :plan_rows 8712
    ///     :plan_width 43
    ///     :best_pathkeys <>
    ///     :dist_info DS_DIST_OUTER
    ///     :lefttree
    ///       {SEQSCAN
    ///       …
    /// - Source: Redshift developer guide, "EXPLAIN": its sample with VERBOSE.
    package var verboseLines: [String] {
        var lines: [String] = []
        appendVerbose(to: &lines, indentation: "")
        return lines
    }

    private func appendVerbose(to lines: inout [String], indentation: String) {
        func add(_ line: String) { lines.append(indentation + line) }
        add("{" + nodeName)
        add(":startup_cost \(Self.money(cost.startup))")
        add(":total_cost \(Self.money(cost.total))")
        add(":plan_rows \(Self.whole(rows))")
        add(":plan_width \(width)")
        add(":best_pathkeys \(sortKeys.map { "(\($0))" } ?? "<>")")
        add(":dist_info \(label?.rawValue ?? "<>")")
        for attribute in attributes { add(":" + field(attribute)) }
        for (tree, child) in zip(["lefttree", "righttree"], children) {
            add(":\(tree)")
            child.appendVerbose(to: &lines, indentation: indentation + "  ")
        }
        if children.count > 2 {
            // An Append has any number of inputs.
            add(":otherplans (")
            for child in children.dropFirst(2) { child.appendVerbose(to: &lines, indentation: indentation + "  ") }
            add(")")
        }
        add("}")
    }

    /// `HASHJOIN`, `SEQSCAN`: the operator's words without what it works on.
    private var nodeName: String {
        var words = operation.split(separator: " ").map(String.init)
        if let on = words.firstIndex(of: "on") { words.removeSubrange(on...) }
        let kinds: Set = ["Left", "Right", "Full", "EXISTS", "NOT", "IN"]
        return words.filter { !kinds.contains($0) }.joined().uppercased()
    }

    private var sortKeys: String? {
        for attribute in attributes {
            for name in ["Sort Key: ", "Merge Key: "] where attribute.hasPrefix(name) {
                return String(attribute.dropFirst(name.count))
            }
        }
        return nil
    }

    /// `Hash Cond: (…)` as `hashclauses (…)`.
    private func field(_ attribute: String) -> String {
        let names = [
            "Hash Cond": "hashclauses", "Merge Cond": "mergeclauses", "Join Filter": "joinqual", "Filter": "qual",
            "Sort Key": "sortkeys", "Merge Key": "mergekeys", "Partition": "partition", "Order": "order",
        ]
        guard let colon = attribute.firstIndex(of: ":"), let name = names[String(attribute[..<colon])] else {
            return "network \(attribute)"
        }
        return name + attribute[attribute.index(after: colon)...]
    }
}
