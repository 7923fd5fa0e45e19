import Catalog
import SQLTypes

extension QueryAnalysis {
    /// Columns that measured lines keep to, as far as the plan's own indentation leaves them room.
    private static let width = 110
    /// What a measured line has at least, however deep it stands.
    private static let widthMin = 56
    /// What every step holds is not worth a word.
    private static let memoryShownMin: Int64 = 4_096

    /// What EXPLAIN ANALYZE prints: EXPLAIN's own tree with what was measured below each node, the segments on a time line,
    /// and a summary.
    /// - Parameter showsSlices: with a table of each step on each slice.
    package func lines(showsSlices: Bool) -> [String] {
        var lines =
            nodes.first?.plan.lines { number, indentation in
                measured(nodes[number - 1], room: max(Self.widthMin, Self.width - indentation))
            } ?? []
        lines += notices
        lines.append("")
        lines += segmentLines
        if showsSlices { lines += [""] + sliceLines }
        lines.append("")
        lines += summary
        return lines
    }

    // MARK: A node

    private func measured(_ node: Node, room: Int) -> [String] {
        guard !node.steps.isEmpty else { return [] }
        var parts = [rows(of: node)]
        parts += time(of: node)
        parts += node.steps.compactMap(moved)
        if let blocks = scanned(node) { parts.append(blocks) }
        let memory = node.sum(\.memoryBytes)
        if memory >= Self.memoryShownMin { parts.append("memory \(FigureText.bytes(memory))") }
        let spilled = node.sum(\.spilledBytes)
        if spilled > 0 { parts.append("SPILLED \(FigureText.bytes(spilled)) to disk") }
        let ways = node.steps.flatMap(\.algorithms)
        if !ways.isEmpty { parts.append(Self.each(ways).joined(separator: ", ")) }
        return Self.flowing(parts.filter { !$0.isEmpty }, room: room - 2).map { "│ " + $0 }
    }

    private func rows(of node: Node) -> String {
        guard let rows = node.rows else { return "" }
        let own = rows / Int64(node.copies)
        var text = "\(FigureText.count(own)) row\(own == 1 ? "" : "s")"
        if node.copies > 1 { text += " on each node" }
        let stored = node.sum(\.rowsStored) / Int64(node.copies)
        if stored > 0, stored != own { text += " of \(FigureText.count(stored)) stored" }
        let (actual, expected) = (Double(max(1, own)), max(1, node.plan.rows))
        if actual >= 2 * expected || expected >= 2 * actual {
            text += " (estimated \(FigureText.count(Int64(min(expected, 9e15).rounded()))))"
        }
        return text
    }

    private func time(of node: Node) -> [String] {
        var parts: [String] = []
        if let run = node.run {
            let share = computeNs > 0 ? Double(run.total) / Double(computeNs) : 0
            if share < 0.005 {
                parts.append("run < 0.5 %")
            } else {
                parts.append("run \(Self.percent(share)), \(spread(run))")
                if run.values.count > 1, let imbalance = run.imbalance {
                    parts.append("slowest \(run.greatest.text), \(Self.times(imbalance)) mean")
                }
            }
        }
        if let leader = node.leaderRunNs { parts.append("leader \(FigureText.milliseconds(ns: Double(leader))) ms") }
        return parts
    }

    /// `2.80/3.10/3.52 ms ▆▅▇▅`: least, mean and greatest, and each slice if they are few enough to be told apart.
    private func spread(_ run: SliceSpread) -> String {
        guard run.values.count > 1 else { return "\(FigureText.milliseconds(ns: Double(run.total))) ms" }
        let ends = [Double(run.minimum), run.mean, Double(run.maximum)].map(FigureText.milliseconds(ns:))
        let heights = run.values.count <= 32 ? " " + FigureText.heights(run.values.map { Double($0.value) }) : ""
        return "\(ends.joined(separator: "/")) ms\(heights)"
    }

    private func moved(_ step: Step) -> String? {
        guard step.isExchange else { return nil }
        let (local, remote) = (step.sum(\.bytesLocal), step.sum(\.bytesRemote))
        let text =
            "\(step.kind.label) \(FigureText.count(step.sum(\.rowsSent))) rows, \(FigureText.bytes(local + remote))"
        switch (local, remote) {
        case (0, _): return text
        case (_, 0): return text + " within nodes"
        default: return text + " (\(FigureText.bytes(local)) within nodes, \(FigureText.bytes(remote)) between)"
        }
    }

    private func scanned(_ node: Node) -> String? {
        let (read, skipped) = (node.sum(\.blocksRead), node.sum(\.blocksSkipped))
        guard read + skipped > 0 else { return nil }
        return "blocks \(FigureText.count(read)) read, \(FigureText.count(skipped)) skipped"
    }

    /// Time that steps ran, on compute slices.
    private var computeNs: Int64 {
        trace.slices.reduce(0) { sum, slice in
            slice.slice == SliceTrace.leaderSlice ? sum : sum + slice.steps.reduce(0) { $0 + $1.runNs }
        }
    }

    // MARK: Segments

    private static let timelineCells = 24

    private var segmentLines: [String] {
        let end = FigureText.milliseconds(ns: Double(trace.elapsedNs))
        let head = Self.padded("time line, 0 to \(end) ms", Self.timelineCells)
        var lines = ["stm seg  \(head)  run ms    wait blocked  slowest, × mean           steps"]
        for segment in segments {
            let labels = segment.runs.first?.steps.map(Self.label).joined(separator: " ") ?? ""
            let times = [\SliceTrace.runNs, \.readyWaitNs, \.blockedNs].map { path in
                let sum = segment.runs.reduce(0) { $0 + $1[keyPath: path] }
                let mean = Double(sum) / Double(max(1, segment.runs.count))
                return Self.padded(FigureText.milliseconds(ns: mean), -7)
            }
            var slowest = "leader"
            if let run = segment.spread(\.runNs) {
                slowest = run.greatest.text
                if run.values.count > 1, let imbalance = run.imbalance {
                    slowest += ", \(FigureText.decimal(imbalance, places: 2))"
                }
            }
            lines.append(
                "\(Self.padded(String(segment.stream), -3)) \(Self.padded(String(segment.number), -3))  "
                    + "\(timeline(segment)) \(times.joined(separator: " "))  \(Self.padded(slowest, 24))   \(labels)")
        }
        lines.append("run, wait for a core, blocked for rows, credit or memory: mean over the segment's slices")
        return lines.map { Self.trimmed($0) }
    }

    /// As the system tables label it, but for the scan of what an exchange brings.
    private static func label(_ step: StepTrace) -> String { step.source == .network ? "network" : step.label }

    /// When any of the segment's slices had it, on the query's time.
    private func timeline(_ segment: Segment) -> String {
        let cells = Self.timelineCells
        let scale = Double(cells) / Double(max(1, trace.elapsedNs))
        let first = min(cells - 1, max(0, Int(Double(segment.span.lowerBound) * scale)))
        let last = min(cells, max(first + 1, Int((Double(segment.span.upperBound) * scale).rounded(.up))))
        return String(repeating: "·", count: first) + String(repeating: "█", count: last - first)
            + String(repeating: "·", count: cells - last)
    }

    // MARK: Each slice

    private var sliceLines: [String] {
        let titles = [
            "seg", "step", "label", "node", "slice", "rows in", "rows out", "run ms", "local", "remote", "blocks",
            "skipped", "memory", "spilled", "algorithm",
        ]
        var rows: [[String]] = [titles]
        for segment in segments {
            for run in segment.runs {
                for (number, step) in run.steps.enumerated() {
                    let slice = run.slice == SliceTrace.leaderSlice ? "leader" : String(run.slice)
                    rows.append([
                        String(segment.number), String(number), step.label, step.planNode.map { String($0) } ?? "",
                        slice, FigureText.count(step.rowsIn), FigureText.count(step.rowsOut),
                        FigureText.decimal(Double(step.runNs) / 1_000_000, places: 3), Self.shown(step.bytesLocal),
                        Self.shown(step.bytesRemote), Self.shown(count: step.blocksRead),
                        Self.shown(count: step.blocksSkipped), Self.shown(step.memoryBytes),
                        Self.shown(step.spilledBytes), step.algorithm,
                    ])
                }
            }
        }
        return Self.table(rows, leftAligned: [2, titles.count - 1]) + [""] + runLines
    }

    /// Each segment on each slice: steps of one share their time.
    private var runLines: [String] {
        var rows = [["seg", "node", "slice", "start ms", "end ms", "run ms", "wait ms", "blocked ms"]]
        for segment in segments {
            for run in segment.runs {
                let isLeader = run.slice == SliceTrace.leaderSlice
                let times = [run.startNs, run.endNs, run.runNs, run.readyWaitNs, run.blockedNs].map {
                    FigureText.decimal(Double($0) / 1_000_000, places: 3)
                }
                rows.append(
                    [
                        String(segment.number), isLeader ? "" : String(run.node),
                        isLeader ? "leader" : String(run.slice),
                    ] + times)
            }
        }
        return Self.table(rows, leftAligned: [])
    }

    private static func table(_ rows: [[String]], leftAligned: Set<Int>) -> [String] {
        guard let titles = rows.first else { return [] }
        let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                padded(row[column], leftAligned.contains(column) ? widths[column] : -widths[column])
            }
            return trimmed(cells.joined(separator: "  "))
        }
    }

    private static func shown(_ bytes: Int64) -> String { bytes == 0 ? "" : FigureText.bytes(bytes) }
    private static func shown(count: Int64) -> String { count == 0 ? "" : FigureText.count(count) }

    // MARK: Summary

    private var summary: [String] {
        let (local, remote) = (trace.sum(\.bytesLocal), trace.sum(\.bytesRemote))
        let (read, skipped) = (trace.sum(\.blocksRead), trace.sum(\.blocksSkipped))
        let streams = Set(segments.map(\.stream)).count
        let slices = trace.shape.slices
        let atOnce = trace.permits < slices ? ", \(trace.permits) of them at a time" : ""
        let leader = trace.leaderOnlyNs
        let share = trace.elapsedNs > 0 ? Double(leader) / Double(trace.elapsedNs) : 0
        var lines = [
            "Query \(trace.query): \(command) "
                + (isOnLeader
                    ? "(on the leader alone: SYS_QUERY_HISTORY)" : "(each step on each slice: SVL_QUERY_REPORT)"),
            "Elapsed \(FigureText.duration(ns: trace.elapsedNs)), of which the leader alone "
                + "\(FigureText.duration(ns: leader)) (\(Self.percent(share))); planning before it "
                + FigureText.duration(ns: trace.planningNs),
            "Ran \(Self.counted(streams, "stream")), \(Self.counted(segments.count, "segment")) on "
                + (isOnLeader ? "the leader" : "\(Self.counted(slices, "slice"))\(atOnce)"),
            "Moved \(FigureText.bytes(local + remote)): \(FigureText.bytes(local)) within nodes, "
                + "\(FigureText.bytes(remote)) between nodes and to the leader",
        ]
        if read + skipped > 0 {
            let spared = Double(skipped) / Double(read + skipped)
            lines.append(
                "Read \(FigureText.count(read)) of \(FigureText.count(read + skipped)) blocks; "
                    + "\(Self.percent(spared)) skipped")
        }
        let spilled = trace.sum(\.spilledBytes)
        if spilled > 0 { lines.append("Spilled \(FigureText.bytes(spilled)) to disk") }
        return lines
    }

    /// No slice has seen anything of it.
    private var isOnLeader: Bool { segments.allSatisfy(\.isLeader) }

    // MARK: Words

    private static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    private static func times(_ ratio: Double) -> String {
        ratio < 9.95
            ? "\(FigureText.decimal(ratio, places: 2)) ×" : "\(FigureText.count(Int64(min(ratio, 9e15).rounded()))) ×"
    }

    private static func percent(_ share: Double) -> String {
        let percent = 100 * share
        return percent > 0 && percent < 9.95
            ? "\(FigureText.decimal(percent, places: 1)) %" : "\(Int(percent.rounded())) %"
    }

    private static func each(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    /// - Parameter width: below 0: to the right.
    private static func padded(_ text: String, _ width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? blanks + text : text + blanks
    }

    private static func trimmed(_ line: String) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }

    /// Parts side by side, three blanks between them, as many on a line as there is room for.
    private static func flowing(_ parts: [String], room: Int) -> [String] {
        var lines: [String] = []
        for part in parts {
            if let last = lines.last, last.count + 3 + part.count <= room {
                lines[lines.count - 1] = last + "   " + part
            } else {
                lines.append(part)
            }
        }
        return lines
    }
}
