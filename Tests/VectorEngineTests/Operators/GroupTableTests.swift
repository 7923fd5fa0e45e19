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
        let shown = table.finish()[0]
        #expect((0..<3).map { shown.value(at: $0, as: .varchar(length: 9)) } == ["a ", "", "b"].map { SQLValue($0) })
    }

    // MARK: The ways to find a group

    /// How keys come, and what the table is to make of them.
    enum Pattern: String, CaseIterable {
        case ordered, orderedThenNot, dense, falling, sparse, ends, orderedThenNull, orderedThenFar

        var algorithm: String {
            switch self {
            case .ordered: "ordered runs"
            case .orderedThenNot, .dense, .falling: "dense array"
            case .sparse, .ends, .orderedThenNull, .orderedThenFar: "linear probing"
            }
        }

        func keys(_ batch: Int, _ random: inout SplitMix64) -> [Int64?] {
            let rows = 300
            switch self {
            case .ordered: return (0..<rows).map { Int64(batch * rows + $0) / 3 * 1_000_000_007 }
            case .orderedThenNot:
                return (0..<rows).map { batch < 5 ? Int64(batch * rows + $0) / 3 : Int64(random.below(1_000)) }
            case .dense: return (0..<rows).map { _ in Int64(random.below(20_000)) - 10_000 }
            case .falling: return (0..<rows).map { Int64(-(batch * rows + $0)) / 2 }
            case .sparse: return (0..<rows).map { _ in Int64(random.below(3_000)) &* 1_000_000_007_000 }
            case .ends: return (0..<rows).map { _ in [Int64.min, .max, 0, .min + 1, .max - 1][random.below(5)] }
            case .orderedThenNull:
                return (0..<rows).map { batch == 4 && $0 == 299 ? nil : Int64(batch * rows + $0) / 3 }
            case .orderedThenFar:
                return (0..<rows).map { batch == 4 && $0 == 150 ? .max : Int64(batch * rows + $0) / 3 }
                    + (batch == 4 ? [0, .min] : [])
            }
        }
    }

    @Test(arguments: Pattern.allCases)
    func numbersAreTheSameWhateverTheWay(pattern: Pattern) throws {
        let table = GroupTable([.bigint])
        var model: [Int64?: UInt32] = [:]
        var random = SplitMix64(seed: 7)
        for batch in 0..<12 {
            let keys = pattern.keys(batch, &random)
            let groups = try numbers(table, keys.map { $0.map { .integer($0) } ?? .null }, .bigint)
            for (key, group) in zip(keys, groups) {
                #expect(model[key, default: group] == group, "\(pattern) \(String(describing: key))")
                model[key] = group
            }
            #expect(table.count == model.count, "\(pattern), batch \(batch)")
        }
        #expect(table.algorithm == pattern.algorithm)
        let shown = table.finish()[0]
        for (key, group) in model {
            #expect(shown.value(at: Int(group), as: .bigint) == (key.map { .integer($0) } ?? .null))
        }
    }

    /// Text in codes of changing dictionaries, then in views, beside a number; nulls; trailing blanks.
    @Test(arguments: [[SQLType.varchar(length: 20)], [.varchar(length: 20), .integer]])
    func codesOfDictionariesAreGroupedAsTheirStrings(types: [SQLType]) throws {
        let table = GroupTable(types)
        var model: [[SQLValue]: UInt32] = [:]
        var random = SplitMix64(seed: 11)
        for batch in 0..<8 {
            let rows = 200
            let words = (0..<12).map { "w\(($0 + batch) % 17)" }
            let picked = (0..<rows).map { _ in random.below(12) }
            let isNull = (0..<rows).map { _ in random.below(10) == 0 }
            let text: Vector
            if batch % 3 == 2 {
                // Views, with blanks at the end that do not count.
                text = .of(zip(picked, isNull).map { $1 ? .null : SQLValue(words[$0] + "  ") }, type: types[0])
            } else {
                var arena = StringArena()
                let views = words.map { Array($0.utf8).withUnsafeBufferPointer { arena.copy($0) } }
                let dictionary = StringDictionary(views: Buffer(views), owners: arena.seal())
                text = Vector(
                    kind: .bytes, count: rows,
                    form: .dictionary(.u8(Buffer(zip(picked, isNull).map { $1 ? 255 : UInt8($0) })), dictionary),
                    validity: Buffer(isNull.map { $0 ? 0 : 1 as UInt8 }))
            }
            let numbers = (0..<rows).map { _ in Int64(random.below(3)) }
            let columns = [text] + (types.count > 1 ? [Vector.of(numbers.map { .integer($0) }, type: .integer)] : [])
            var groups = [UInt32](repeating: 0, count: rows)
            try groups.withUnsafeMutableBufferPointer { target in
                guard let start = target.baseAddress else { return }
                try table.assign(columns, count: rows, groups: start)
            }
            for row in 0..<rows {
                var key: [SQLValue] = [isNull[row] ? .null : SQLValue(words[picked[row]])]
                if types.count > 1 { key.append(.integer(numbers[row])) }
                #expect(model[key, default: groups[row]] == groups[row], "batch \(batch), row \(row)")
                model[key] = groups[row]
            }
        }
        #expect(table.count == model.count)
        let shown = table.finish()
        for (key, group) in model {
            // As first seen: the blanks may be there.
            #expect(SQLValue.isNotDistinct(shown[0].value(at: Int(group), as: types[0]), key[0]))
            if types.count > 1 { #expect(shown[1].value(at: Int(group), as: .integer) == key[1]) }
        }
    }
}
