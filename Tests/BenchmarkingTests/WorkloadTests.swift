import Benchmarking
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct WorkloadTests {
    private static let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func text(_ path: String) throws -> String {
        let file = "/\(WorkloadTests.folder)/Benchmarks/tpch/\(path)"
        return String(decoding: try #require(FileManager.default.contents(atPath: file), "\(file)"), as: UTF8.self)
    }

    private func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace || $0 == ";" } }

    /// The command and the Python drivers measure the same queries on the same tables.
    @Test func queriesAndSchemaAreThoseOfTheDrivers() throws {
        #expect(Workload.tpch.queries.count == 22)
        for (place, query) in Workload.tpch.queries.enumerated() {
            let number = place < 9 ? "0\(place + 1)" : "\(place + 1)"
            #expect(words(query.text) == words(try text("queries/q\(number).sql")), "\(query.name)")
        }
        let schema = try text("schema.sql").split(separator: "\n").filter { !$0.hasPrefix("--") }
        let created = TPCH(scale: 0.01).tables.map(\.createStatement).joined(separator: ";\n")
        #expect(words(created) == words(schema.joined(separator: "\n")))
    }

    @Test func ssbHasThirteenQueries() {
        #expect(
            Workload.ssb.queries.map(\.name) == [
                "Q1.1", "Q1.2", "Q1.3", "Q2.1", "Q2.2", "Q2.3", "Q3.1", "Q3.2", "Q3.3", "Q3.4", "Q4.1", "Q4.2", "Q4.3",
            ])
        #expect(Set(Workload.ssb.queries.map(\.text)).count == 13)
    }

    @Test func someQueries() throws {
        #expect(try Workload.tpch.only(["18", "q1", "18"]).queries.map(\.name) == ["Q18", "Q1"])
        #expect(throws: BenchmarkError.self) { try Workload.tpch.only(["23"]) }
    }

    @Test func queryFiles() throws {
        let file = try QueryFile(
            """
            -- what we look at each morning
            -- name: morning report
            select 1;
            set query_group to 'x';
            /* another; one */ with a as (select 2) select * from a;
            (select 3) union (select 4)
            """)
        #expect(file.queries.map(\.name) == ["morning report", "Q2", "Q3"])
        #expect(file.settings.count == 1)
        for refused in ["delete from t", "create table t (a int)", "", "-- nothing"] {
            #expect(throws: BenchmarkError.self) { try QueryFile(refused) }
        }
        #expect(throws: BenchmarkError.self) { try QueryFile("-- name: a\nselect 1;\n-- name: a\nselect 2") }
    }

    @Test func shapes() {
        #expect(BenchmarkShape("2x4") == BenchmarkShape(nodes: 2, slicesPerNode: 4))
        #expect(BenchmarkShape("2×4") == BenchmarkShape(nodes: 2, slicesPerNode: 4))
        for wrong in ["", "2", "0x1", "1x", "2x-1", "99999x99999", "1x2x3"] { #expect(BenchmarkShape(wrong) == nil) }
    }
}
