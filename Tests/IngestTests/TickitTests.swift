import CZlib
import Catalog
import Ingest
import SQLTypes
import Testing
import Tickit
import VectorEngine

@Suite struct TickitTests {
    private static let generator = TickitGenerator()
    private static let texts = Dictionary(
        uniqueKeysWithValues: TickitTable.allCases.map { table in
            (table, (0..<table.partCount).map { generator.text(of: table, part: $0) })
        })

    /// The columns of numbers and times as integers, parsed by COPY as the DDL declares them; nulls are left out.
    private struct Loaded {
        var rowCounts: [TickitTable: Int] = [:]
        var columns: [TickitTable: [[Int64]]] = [:]

        init() throws {
            for table in TickitTable.allCases {
                var store = MemoryObjectStore()
                for (part, text) in (TickitTests.texts[table] ?? []).enumerated() {
                    store.objects[ObjectAddress(bucket: TickitTable.bucket, key: table.key(ofPart: part))] = text
                }
                let definition = TickitTests.definition(table)
                let reader = try CopyReader(
                    parts: try store.list(bucket: TickitTable.bucket, prefix: table.keyPrefix).map { FilePart($0) },
                    in: store,
                    options: .with { $0.delimiter = UInt8(ascii: ";") }, table: definition,
                    columns: Array(definition.columns.indices),
                    defaults: [SQLValue](repeating: .null, count: definition.columns.count))
                var columns = [[Int64]](repeating: [], count: definition.columns.count)
                while let batch = try reader.next() {
                    rowCounts[table, default: 0] += batch.count
                    for (index, vector) in batch.columns.enumerated() { columns[index] += TickitTests.integers(vector) }
                }
                self.columns[table] = columns
            }
        }

        func column(_ table: TickitTable, _ index: Int) -> [Int64] { columns[table]?[index] ?? [] }
    }

    private static func integers(_ vector: Vector) -> [Int64] {
        guard [.int16, .int32, .int64].contains(vector.kind) else { return [] }
        let values = [Int64](unsafeUninitializedCapacity: vector.count) { target, filled in
            if let start = target.baseAddress { vector.copyIntegers(to: start) }
            filled = vector.count
        }
        guard let validity = vector.validity, !values.isEmpty else { return values }
        return zip(values, validity.values(as: UInt8.self)).filter { $1 == 1 }.map(\.0)
    }

    private static func definition(_ name: TickitTable) -> TableDefinition {
        let money = SQLType.decimal(precision: 8, scale: 2)
        func notNull(_ types: [SQLType]) -> [(String, SQLType, Bool)] { types.map { ("c", $0, false) } }
        func nullable(_ types: [SQLType]) -> [(String, SQLType, Bool)] { types.map { ("c", $0, true) } }
        let columns =
            switch name {
            case .category:
                notNull([.smallint]) + nullable([.varchar(length: 10), .varchar(length: 10), .varchar(length: 50)])
            case .date:
                notNull([
                    .smallint, .date, .char(length: 3), .smallint, .char(length: 5), .char(length: 5), .smallint,
                    .boolean,
                ])
            case .venue:
                notNull([.smallint])
                    + nullable([.varchar(length: 100), .varchar(length: 30), .char(length: 2), .integer])
            case .users:
                notNull([.integer])
                    + nullable([
                        .char(length: 8), .varchar(length: 30), .varchar(length: 30), .varchar(length: 30),
                        .char(length: 2),
                        .varchar(length: 100), .char(length: 14),
                    ]) + nullable([SQLType](repeating: .boolean, count: 10))
            case .event:
                notNull([.integer, .smallint, .smallint, .smallint]) + nullable([.varchar(length: 200), .timestamp])
            case .listing:
                notNull([.integer, .integer, .integer, .smallint, .smallint]) + nullable([money, money, .timestamp])
            case .sales:
                notNull([.integer, .integer, .integer, .integer, .integer, .smallint, .smallint])
                    + nullable([money, money, .timestamp])
            }
        return table(columns)
    }

    @Test func rowsAndRelations() throws {
        let loaded = try Loaded()
        for table in TickitTable.allCases { #expect(loaded.rowCounts[table] == table.rowCount, "\(table)") }
        let dates = Set(loaded.column(.date, 0))
        #expect(dates == Set(1_827...2_191))
        let venues = Set(loaded.column(.venue, 0))
        #expect(venues.count == 202 && venues.isSubset(of: Set(1...309)))
        #expect(loaded.column(.venue, 4).count == 187)
        #expect(loaded.column(.users, 0) == Array(1...49_990))
        #expect(loaded.column(.event, 0) == Array(1...8_798))
        #expect(Set(loaded.column(.event, 1)).isSubset(of: venues))
        #expect(Set(loaded.column(.event, 2)) == Set(6...9))
        #expect(Set(loaded.column(.event, 3)).isSubset(of: dates))
        checkListings(loaded)
        checkSales(loaded)
    }

    private func checkListings(_ loaded: Loaded) {
        let ids = loaded.column(.listing, 0)
        #expect(ids.count == 192_497 && zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.first.map { $0 >= 1 } == true && ids.last.map { $0 <= 235_497 } == true)
        let eventDates = loaded.column(.event, 3)
        let (events, dates) = (loaded.column(.listing, 2), loaded.column(.listing, 3))
        let (counts, prices, totals) = (
            loaded.column(.listing, 4), loaded.column(.listing, 5), loaded.column(.listing, 6)
        )
        var wrong = 0
        for row in ids.indices
        where dates[row] > eventDates[Int(events[row]) - 1] || !(1...30).contains(counts[row])
            || totals[row] != counts[row] * prices[row]
        { wrong += 1 }
        #expect(wrong == 0)
        let popular = events.reduce(0) { $0 + ($1 == Int64(TickitGenerator.popularEventID) ? 1 : 0) }
        #expect((11_500...12_600).contains(popular))
    }

    private func checkSales(_ loaded: Loaded) {
        let ids = loaded.column(.listing, 0)
        var position = [Int](repeating: -1, count: 235_498)
        for (row, id) in ids.enumerated() { position[Int(id)] = row }
        let listing = loaded.columns[.listing] ?? []
        let sales = loaded.columns[.sales] ?? []
        #expect(sales[0] == Array(1...172_456))
        var sold = [Int64](repeating: 0, count: ids.count)
        var wrong = 0
        for row in sales[0].indices {
            let of = position[Int(sales[1][row])]
            guard of >= 0 else {
                wrong += 1
                continue
            }
            let quantity = sales[6][row]
            sold[of] += quantity
            let isRight =
                sales[2][row] == listing[1][of] && sales[3][row] != listing[1][of]
                && sales[4][row] == listing[2][of] && (1...8).contains(quantity)
                && sales[7][row] == listing[5][of] * quantity && sales[8][row] * 100 == sales[7][row] * 15
                && sales[9][row] >= listing[7][of] && sold[of] <= listing[4][of]
            wrong += isRight ? 0 : 1
        }
        #expect(wrong == 0)
        #expect(sold.contains(0))
    }

    /// The text is fixed: a change of the generator is a change of every lesson's figures.
    @Test func isTheSameEverywhere() {
        let sums = TickitTable.allCases.map { table in
            (TickitTests.texts[table] ?? []).reduce(crc32(0, nil, 0)) { crc32($0, $1, UInt32($1.count)) }
        }
        #expect(sums == TickitTests.expectedChecksums)
        #expect(TickitGenerator(seed: 1).text(of: .event, part: 0) != TickitTests.texts[.event]?.first)
    }

    private static let expectedChecksums: [UInt] = [
        1_208_535_359, 3_260_079_318, 1_804_829_006, 693_460_108, 3_519_354_704, 3_429_002_072, 3_136_244_890,
    ]

    /// From the generator through files to rows.
    @Test func writesObjects() throws {
        try withDirectory { root in
            let store = DirectoryObjectStore(root: root)
            for table in [TickitTable.venue, .event] { try TickitTests.generator.write(table, to: store) }
            let objects = try CopySource.objects(
                from: "s3://tickit/event/part", options: CopyOptions(), in: store, clusterRegion: "us-west-2")
            #expect(objects.map(\.address.key) == ["event/part-0.gz", "event/part-1.gz"])
            let definition = TickitTests.definition(.event)
            let reader = try CopyReader(
                parts: objects.map { FilePart($0) }, in: store,
                options: .with {
                    $0.compression = .gzip
                    $0.delimiter = UInt8(ascii: ";")
                }, table: definition, columns: Array(definition.columns.indices),
                defaults: [SQLValue](repeating: .null, count: definition.columns.count))
            var names: Set<SQLValue> = []
            var rowCount = 0
            while let batch = try reader.next() {
                rowCount += batch.count
                names.formUnion(values(of: batch.columns[4], .varchar(length: 200)))
            }
            #expect(rowCount == 8_798)
            #expect(names.count == 576)
            #expect(reader.progress.storedBytes == Int64(objects.reduce(0) { $0 + $1.sizeBytes }))
        }
    }

    @Test func statements() {
        for table in TickitTable.allCases {
            #expect(table.createStatement.hasPrefix("create table \(table.rawValue)("))
            #expect(table.createStatement.contains("distkey") && table.createStatement.contains("sortkey"))
        }
        #expect(
            TickitTable.sales.copyStatement()
                == """
                COPY sales FROM 's3://tickit/sales/part-' CREDENTIALS \
                'aws_iam_role=arn:aws:iam::123456789012:role/blueshift'
                gzip DELIMITER ';' REGION 'us-west-2';
                """)
    }
}
