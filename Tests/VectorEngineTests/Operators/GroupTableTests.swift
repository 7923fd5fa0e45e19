import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct GroupTableTests {
    private func numbers(_ table: GroupTable, _ values: [SQLValue], _ type: SQLType) throws -> [UInt32] {
        var groups = [UInt32](repeating: 0, count: values.count)
        try groups.withUnsafeMutableBufferPointer { target in
            guard let start = target.baseAddress else { return }
            try table.assign([.of(values, type: type)], count: values.count, groups: start)
        }
        return groups
    }

    /// Far past the first size of the table, over many batches, with keys that come again.
    @Test func growsAndKeepsItsNumbers() throws {
        let table = GroupTable([.bigint])
        var known: [Int64: UInt32] = [:]
        var random = SplitMix64(seed: 29)
        for _ in 0..<20 {
            let values = (0..<300).map { _ in Int64(random.below(3_000)) &* 1_000_000_007 }
            let groups = try numbers(table, values.map { .integer($0) }, .bigint)
            for (value, group) in zip(values, groups) {
                #expect(known[value, default: group] == group)
                known[value] = group
            }
        }
        #expect(table.count == known.count)
        #expect(Set(known.values) == Set(0..<UInt32(known.count)))
    }

    /// The filler of a null is the value 0: it must not meet a real 0, whoever comes first.
    @Test func nullIsAGroupOfItsOwn() throws {
        for first in [[SQLValue.null], [.integer(0)], [.integer(0), .null]] {
            let table = GroupTable([.bigint])
            _ = try numbers(table, first, .bigint)
            let groups = try numbers(table, [.integer(0), .null, .integer(0), .null], .bigint)
            #expect(groups[0] == groups[2] && groups[1] == groups[3] && groups[0] != groups[1], "\(first)")
            #expect(table.count == 2)
        }
    }

    @Test func trailingBlanksDoNotCountAndTheFirstSpellingIsShown() throws {
        let table = GroupTable([.varchar(length: 9)])
        let groups = try numbers(
            table, [SQLValue("a "), SQLValue("a"), SQLValue(""), SQLValue("  "), SQLValue("b")], .varchar(length: 9))
        #expect(groups == [0, 0, 1, 1, 2])
        let shown = table.keys.finish()[0]
        #expect((0..<3).map { shown.value(at: $0, as: .varchar(length: 9)) } == ["a ", "", "b"].map { SQLValue($0) })
    }
}
