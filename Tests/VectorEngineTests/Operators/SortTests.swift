import SQLTypes
import Testing

@testable import VectorEngine

/// Hands out batches, and now and then nothing.
final class ListSource: BatchSource {
    private var batches: [Batch]
    private var blocks: Bool
    private(set) var isClosed = false

    init(_ batches: [Batch], blocks: Bool = false) {
        self.batches = batches.reversed()
        self.blocks = blocks
    }

    func next() -> SourceResult {
        if blocks && batches.count % 2 == 1 {
            blocks.toggle()
            return .blocked
        }
        return batches.popLast().map { .batch($0) } ?? .ended
    }

    func close() { isClosed = true }
}

@Suite struct SortTests {
    static let keys: [[SQLType]] = [
        [.integer], [.bigint, .varchar(length: 30)], [.varchar(length: 30), .double],
        [.decimal(precision: 38, scale: 2), .date],
        [.boolean, .date, .smallint], [.real], [.varbyte(length: 10), .varchar(length: 30)],
        [.varchar(length: 30), .varchar(length: 30), .bigint],
    ]

    private func orders(_ types: [SQLType], _ random: inout SplitMix64) -> [SortOrder] {
        types.enumerated().map { column, type in
            SortOrder(
                column: column, type: type, isDescending: random.below(2) == 0, nullsFirst: random.below(2) == 0)
        }
    }

    private func precedes(_ left: Row, _ right: Row, _ order: [SortOrder]) -> Bool? {
        for key in order {
            let (a, b) = (left[key.column], right[key.column])
            if a.isNull && b.isNull { continue }
            if a.isNull || b.isNull { return a.isNull == key.nullsFirst }
            guard let result = SQLValue.compare(a, b), result != .equal else { continue }
            return (result == .less) != key.isDescending
        }
        return nil
    }

    private func reference(_ rows: [Row], _ order: [SortOrder]) -> [Row] {
        rows.enumerated().sorted { precedes($0.element, $1.element, order) ?? ($0.offset < $1.offset) }.map(\.element)
    }

    /// Texts that all begin alike are sorted by comparison, in pieces that are merged; the query may end between them.
    @Test(arguments: [1, 7, 64, 299, 300, 5_000])
    func mergesPiecesOfLongRuns(pieceRows: Int) throws {
        var random = SplitMix64(seed: UInt64(pieceRows))
        let order = [SortOrder(column: 0, type: .varchar(length: 30), isDescending: false, nullsFirst: false)]
        let texts = (0..<300).map { _ in "the same beginning \(random.below(120))" }
        let column = Vector.of(texts.map { .string(Array($0.utf8)) }, type: .varchar(length: 30))
        let batch = Batch(columns: [column], count: texts.count)
        var sorter = RowSorter(batch, by: order)
        sorter.pieceRows = pieceRows
        let rows = try sorter.sortedRows { () throws(SQLError) in }.map { Int($0) }
        let expected = texts.indices.sorted { (texts[$0], $0) < (texts[$1], $1) }
        #expect(rows == expected)

        var ended = RowSorter(batch, by: order)
        ended.pieceRows = pieceRows
        var looks = 0
        let countdown = { () throws(SQLError) in
            looks += 1
            if looks > 12 { throw SQLError.queryCanceled }
        }
        if pieceRows <= 7 {
            #expect(throws: SQLError.self) { _ = try ended.sortedRows(checkpoint: countdown) }
        } else {
            #expect(try ended.sortedRows(checkpoint: countdown).count == texts.count)
        }
    }

    @Test(arguments: keys)
    func sortsStably(keyTypes: [SQLType]) throws {
        var random = SplitMix64(seed: 19)
        // The last column tells rows with equal keys apart: stability shows.
        let types = keyTypes + [.integer]
        for (count, spread, nullPercent) in [
            (0, 1, 0), (1, 1, 0), (50, 4, 20), (300, 20, 10), (1_000, 900, 0), (200, 2, 0),
        ] {
            var rows = random.rows(types, count: count, spread: spread, nullPercent: nullPercent)
            for row in rows.indices { rows[row][keyTypes.count] = .integer(Int64(row)) }
            let order = orders(keyTypes, &random)
            let expected = reference(rows, order)
            let whole = SortOperator(order, types: types, limit: nil) { () throws(SQLError) in }
            let output = try run(whole, random.batches(rows, types)).rows(types)
            #expect(output.map { "\($0)" } == expected.map { "\($0)" }, "\(order) \(count) \(whole.algorithm)")
            let top = SortOperator(order, types: types, limit: 10) { () throws(SQLError) in }
            let first = try run(top, random.batches(rows, types)).rows(types)
            #expect(first.map { "\($0)" } == expected.prefix(10).map { "\($0)" })
        }
    }

    @Test func topNPrunesWhatCannotBeAmongTheFirst() throws {
        let order = [SortOrder(column: 0, type: .integer, isDescending: true, nullsFirst: true)]
        let top = SortOperator(order, types: [.integer], limit: 3) { () throws(SQLError) in }
        var held = 0
        for start in 0..<100 {
            let values = (0..<1_000).map { SQLValue.integer(Int64(($0 * 7_919 + start * 104_729) % 100_003)) }
            try top.consume(Batch(columns: [.of(values, type: .integer)], count: 1_000))
            held = max(held, top.memoryBytes)
        }
        try top.inputEnded()
        let output = try #require(top.produce())
        let all = (0..<100).flatMap { start in (0..<1_000).map { ($0 * 7_919 + start * 104_729) % 100_003 } }
        #expect(output.rows([.integer]) == all.sorted(by: >).prefix(3).map { [.integer(Int64($0))] })
        #expect(held < 40_000 * 8)
    }

    @Test(arguments: keys)
    func mergesSortedStreams(keyTypes: [SQLType]) throws {
        var random = SplitMix64(seed: 23)
        let types = keyTypes + [.integer]
        for streamCount in [1, 2, 7] {
            let order = orders(keyTypes, &random)
            var all: [Row] = []
            var streams: [any BatchSource] = []
            for stream in 0..<streamCount {
                var rows = random.rows(types, count: random.below(400), spread: 20, nullPercent: 10)
                for row in rows.indices { rows[row][keyTypes.count] = .integer(Int64(stream * 1_000 + row)) }
                let sorted = reference(rows, order)
                all += sorted
                streams.append(ListSource(random.batches(sorted, types), blocks: stream % 2 == 1))
            }
            let merge = MergeSource(streams, by: order, types: types)
            var output: [Batch] = []
            var turns = 0
            loop: while turns < 10_000 {
                turns += 1
                switch try merge.next() {
                case .batch(let batch): output.append(batch)
                case .blocked: continue
                case .ended: break loop
                }
            }
            #expect(
                output.rows(types).map { "\($0)" } == reference(all, order).map { "\($0)" }, "\(streamCount) streams")
        }
    }
}
