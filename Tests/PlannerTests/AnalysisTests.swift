import Catalog
import QueryPlan
import SQLTypes
import Testing

/// What is made of a trace.
@Suite struct AnalysisTests {
    private func slice(_ slice: Int, segment: Int, _ span: Range<Int64>, runNs: Int64 = 0) -> SliceTrace {
        var trace = SliceTrace(node: slice / 2, slice: slice, segment: segment)
        (trace.startNs, trace.endNs, trace.runNs) = (span.lowerBound, span.upperBound, runNs)
        return trace
    }

    @Test func theLeaderIsAloneWhereNoSliceHasASegment() {
        var trace = QueryTrace(query: 1, text: "", shape: ClusterShape(nodes: 1, slicesPerNode: 2), permits: 2)
        trace.elapsedNs = 100
        #expect(trace.leaderOnlyNs == 100)
        trace.slices = [
            slice(0, segment: 0, 10..<30), slice(1, segment: 0, 20..<40), slice(0, segment: 1, 25..<28),
            slice(1, segment: 2, 60..<80), slice(SliceTrace.leaderSlice, segment: 3, 0..<100),
        ]
        #expect(trace.leaderOnlyNs == 50)
        trace.slices.append(slice(0, segment: 4, 0..<200))
        #expect(trace.leaderOnlyNs == 0)
    }

    @Test func spreadNamesTheSlowestSlice() throws {
        let spread = try #require(
            SliceSpread([10, 40, 40, 30].enumerated().map { (place: .init(node: $0 / 2, slice: $0), value: $1) }))
        #expect(spread.total == 120 && spread.minimum == 10 && spread.maximum == 40 && spread.mean == 30)
        #expect(spread.greatest.text == "node 0 slice 1", "of equals the first")
        #expect(spread.imbalance == 40.0 / 30)
        #expect(SliceSpread([]) == nil)
        #expect(try #require(SliceSpread([(place: .init(node: 0, slice: 0), value: 0)])).imbalance == nil)
    }

    @Test func jsonIsWellFormed() {
        let value = JSONText.object([
            ("a\"b\\", .string("line\nbreak\t\u{1}é")), ("n", .number(1.5)), ("w", .number(3)), ("x", .number(.nan)),
            ("list", .array([.integer(1), .null, .bool(true)])), ("none", .array([])), ("o", .object([])),
        ])
        #expect(
            value.text == """
                {
                  "a\\"b\\\\": "line\\nbreak\\t\\u0001é",
                  "n": 1.5,
                  "w": 3,
                  "x": null,
                  "list": [1, null, true],
                  "none": [],
                  "o": {}
                }
                """)
    }

    @Test func figures() {
        #expect(FigureText.milliseconds(ns: 1_234) == "0.00" && FigureText.milliseconds(ns: 9_994_000) == "9.99")
        #expect(FigureText.milliseconds(ns: 9_996_000) == "10.0" && FigureText.milliseconds(ns: 1.2e9) == "1,200")
        #expect(FigureText.decimal(-0.001, places: 2) == "0.00" && FigureText.decimal(-1.5, places: 1) == "-1.5")
        #expect(FigureText.decimal(2.996, places: 2) == "3.00" && FigureText.decimal(1.05, places: 2) == "1.05")
        #expect(FigureText.bar(0, of: 10, width: 4) == "" && FigureText.bar(10, of: 10, width: 4) == "████")
        #expect(FigureText.bar(5, of: 10, width: 3) == "█▌" && FigureText.bar(0.001, of: 10, width: 4) == "▏")
        #expect(FigureText.heights([0, 1, 4, 8]) == "▁▁▄█" && FigureText.heights([0, 0]) == "▁▁")
        #expect(FigureText.count(-1_234_567) == "-1,234,567" && FigureText.bytes(999_960) == "1.0 MB")
    }
}
