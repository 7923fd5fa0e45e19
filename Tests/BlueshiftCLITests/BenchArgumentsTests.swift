import ArgumentParser
import Benchmarking
import Testing

@testable import BlueshiftCLI

@Suite struct BenchArgumentsTests {
    @Test func shapes() {
        #expect(ShapeList(argument: "1x1,2x4")?.shapes.map(\.slices) == [1, 8])
        for wrong in ["", "1x1,", "1x1,1x1", "2", "0x2"] { #expect(ShapeList(argument: wrong) == nil, "\(wrong)") }
    }

    @Test func counts() {
        #expect(CountList(argument: "1,2,8")?.counts == [1, 2, 8])
        for wrong in ["", "0", "1,1", "x"] { #expect(CountList(argument: wrong) == nil, "\(wrong)") }
    }

    @Test func slicesThatShowACurve() {
        #expect(sliceCounts(upTo: 1) == [1])
        #expect(sliceCounts(upTo: 2) == [1, 2])
        #expect(sliceCounts(upTo: 4) == [1, 2, 3, 4])
        #expect(sliceCounts(upTo: 16) == [1, 2, 3, 4, 6, 8, 12, 16])
        #expect(sliceCounts(upTo: 20) == [1, 2, 3, 4, 6, 8, 12, 16, 20])
    }

    @Test(arguments: [
        ["scale", "--scale", "0.0001"], ["scale", "--shapes", "1x1", "--max-slices", "4"], ["tpch", "--rounds", "0"],
        ["query", "-f", "x.sql"], ["agree", "one.json"], ["scale", "--copy-files", "2", "--data", "x"],
        ["ssb", "--python", "python3", "--no-duckdb"],
    ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try BenchCommand.parseAsRoot(arguments) }
    }

    @Test func accepted() throws {
        let command = try BenchCommand.parseAsRoot([
            "scale", "--scale", "0.1", "--shapes", "1x1,2x2", "--queries", "1,Q6", "--memory", "1GB",
        ])
        let scale = try #require(command as? BenchScaleCommand)
        let plan = try scale.data.plan(mode: "scale", .tpch, [], scale.run)
        #expect(plan.workload.queries.map(\.name) == ["Q1", "Q6"])
        #expect(plan.shapes.map(\.slices) == [1, 4])
        #expect(plan.memoryBytes == 1 << 30)
    }
}
