import Catalog

extension QueryAnalysis {
    /// Goes up when a member changes its meaning or goes away, not when one is added.
    package static let schemaVersion: Int64 = 1

    /// What EXPLAIN (ANALYZE, FORMAT JSON) gives; `docs/extensions.md` tells what each member means.
    package var json: String {
        JSONText.object([
            ("schema", .string("blueshift.explain-analyze")), ("version", .integer(Self.schemaVersion)),
            ("query", .integer(trace.query)), ("text", .string(trace.text)), ("command", .string(command)),
            (
                "cluster",
                .object([
                    ("nodes", .integer(Int64(trace.shape.nodes))),
                    ("slices_per_node", .integer(Int64(trace.shape.slicesPerNode))),
                    ("concurrent_slices", .integer(Int64(trace.permits))),
                ])
            ),
            ("planning_ns", .integer(trace.planningNs)), ("elapsed_ns", .integer(trace.elapsedNs)),
            ("leader_only_ns", .integer(trace.leaderOnlyNs)), ("result_rows", .integer(trace.resultRows)),
            ("totals", totals), ("plan", .array(nodes.map(\.json))), ("segments", .array(segments.map(\.json))),
            ("notices", .array(notices.map { .string($0) })),
        ]).text
    }

    private var totals: JSONText {
        .object([
            ("run_ns", .integer(trace.slices.reduce(0) { $0 + $1.runNs })),
            ("ready_wait_ns", .integer(trace.slices.reduce(0) { $0 + $1.readyWaitNs })),
            ("blocked_ns", .integer(trace.slices.reduce(0) { $0 + $1.blockedNs })),
            ("bytes_local", .integer(trace.sum(\.bytesLocal))), ("bytes_remote", .integer(trace.sum(\.bytesRemote))),
            ("blocks_read", .integer(trace.sum(\.blocksRead))),
            ("blocks_skipped", .integer(trace.sum(\.blocksSkipped))),
            ("spilled_bytes", .integer(trace.sum(\.spilledBytes))),
        ])
    }
}

extension SliceSpread {
    fileprivate var json: JSONText {
        .object([
            ("total", .integer(total)), ("min", .integer(minimum)), ("mean", .number(mean)),
            ("max", .integer(maximum)), ("max_over_mean", .optional(imbalance)),
            ("max_node", .integer(Int64(greatest.node))), ("max_slice", .integer(Int64(greatest.slice))),
        ])
    }
}

extension QueryAnalysis.Node {
    fileprivate var json: JSONText {
        .object([
            ("node", .integer(Int64(number))), ("parent", .optional(parent.map { Int64($0) })),
            ("operation", .string("\(plan.prefix.rawValue) \(plan.operation)")),
            ("label", .optional(plan.label?.rawValue)),
            ("attributes", .array(plan.attributes.map { .string($0) })),
            ("estimated_rows", .number(plan.rows.rounded())), ("width", .integer(Int64(plan.width))),
            ("startup_cost", .number(plan.cost.startup)), ("total_cost", .number(plan.cost.total)),
            ("rows", .optional(rows)), ("copies", .integer(Int64(copies))), ("leader_run_ns", .optional(leaderRunNs)),
            ("run_ns", run?.json ?? .null), ("slice_rows", sliceRows?.json ?? .null),
            (
                "steps",
                .array(
                    steps.map {
                        .object([("segment", .integer(Int64($0.segment))), ("step", .integer(Int64($0.index)))])
                    })
            ),
        ])
    }
}

extension QueryAnalysis.Segment {
    fileprivate var json: JSONText {
        .object([
            ("stream", .integer(Int64(stream))), ("segment", .integer(Int64(number))),
            ("start_ns", .integer(span.lowerBound)), ("end_ns", .integer(span.upperBound)),
            ("run_ns", spread(\.runNs)?.json ?? .null),
            ("slices", .array(runs.map(\.json))),
        ])
    }
}

extension SliceTrace {
    fileprivate var json: JSONText {
        .object([
            // As SVL_QUERY_REPORT numbers it: the leader's is 10000.
            ("node", slice == SliceTrace.leaderSlice ? .null : .integer(Int64(node))),
            ("slice", .integer(Int64(slice))),
            ("start_ns", .integer(startNs)), ("end_ns", .integer(endNs)), ("run_ns", .integer(runNs)),
            ("ready_wait_ns", .integer(readyWaitNs)), ("blocked_ns", .integer(blockedNs)),
            ("steps", .array(steps.enumerated().map { $1.json(number: $0) })),
        ])
    }
}

extension StepTrace {
    fileprivate func json(number: Int) -> JSONText {
        .object([
            ("step", .integer(Int64(number))), ("label", .string(label)),
            ("plan_node", .optional(planNode.map { Int64($0) })),
            ("table", .optional(table.map { Int64($0.rawValue) })),
            ("from_network", .bool(source == .network)),
            ("rows_in", .integer(rowsIn)), ("rows_out", .integer(rowsOut)), ("bytes_out", .integer(bytesOut)),
            ("run_ns", .integer(runNs)),
            ("rows_sent", .integer(rowsSent)), ("bytes_local", .integer(bytesLocal)),
            ("bytes_remote", .integer(bytesRemote)),
            ("rows_stored", .integer(rowsStored)), ("rows_pre_filter", .integer(rowsPreFilter)),
            ("blocks_read", .integer(blocksRead)),
            ("blocks_skipped", .integer(blocksSkipped)), ("memory_bytes", .integer(memoryBytes)),
            ("spilled_bytes", .integer(spilledBytes)), ("algorithm", .string(algorithm)),
        ])
    }
}
