import Blueshift

/// What each slice did in one query, as measured on that run:
///
///      slice  node  rows stored  rows read  blocks read  skipped  sent to own node  to others      busy
///          0     0       43,161     43,161            6        0             12 B        36 B  1.204 ms
struct SliceTable {
    private struct Line {
        var name: String
        var node: String
        var rowsStored: Int64 = 0
        var rowsRead: Int64 = 0
        var blocksRead: Int64 = 0
        var blocksSkipped: Int64 = 0
        var bytesLocal: Int64 = 0
        var bytesRemote: Int64 = 0
        var busyNs: Int64 = 0

        mutating func add(_ run: Trace.SegmentRun) {
            busyNs += run.running
            for step in run.steps {
                rowsStored += step.rowsStored
                if step.rowsStored > 0 { rowsRead += step.rowsOut }
                blocksRead += step.blocksRead
                blocksSkipped += step.blocksSkipped
                bytesLocal += step.bytesLocal
                bytesRemote += step.bytesRemote
            }
        }

        var cells: [String] {
            [
                name, node, countText(rowsStored), countText(rowsRead), countText(blocksRead), countText(blocksSkipped),
                bytesText(bytesLocal), bytesText(bytesRemote), durationText(ns: busyNs),
            ]
        }
    }

    private static let titles = [
        "slice", "node", "rows stored", "rows read", "blocks read", "skipped", "sent to own node", "to others", "busy",
    ]
    private var lines: [Line] = []
    private let elapsedNs: Int64

    init(_ trace: Trace, slices: Int, slicesPerNode: Int) {
        elapsedNs = trace.elapsedNanoseconds
        lines = (0..<slices).map { Line(name: String($0), node: String($0 / slicesPerNode)) }
        var leader = Line(name: "leader", node: "-")
        for run in trace.runs {
            if let slice = run.slice, slice < slices { lines[slice].add(run) } else { leader.add(run) }
        }
        lines.append(leader)
    }

    var text: String {
        let rows = [SliceTable.titles] + lines.map(\.cells)
        let widths = SliceTable.titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let table = rows.map { row in
            zip(row, widths).map { spaces($1 - $0.count) + $0 }.joined(separator: "  ")
        }
        return (table + ["elapsed \(durationText(ns: elapsedNs))"]).map { "    " + $0 }.joined(separator: "\n")
    }
}
