import Benchmarking
import SQLTypes
import Testing

/// Text of a table as fields.
private func rows(_ data: some DataSet, _ name: String, part: Int = 0, of parts: Int = 1) throws -> [[String]] {
    let table = try #require(data.tables.first { $0.name == name })
    return String(decoding: data.text(of: table, part: part, of: parts), as: UTF8.self)
        .split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
}

private func number(_ text: String) throws -> Int { try #require(Int(text)) }

/// 123.45 as 12345.
private func cents(_ text: String) throws -> Int { try number(text.filter { $0 != "." }) }

private func fingerprint(_ data: some DataSet) -> [String: UInt64] {
    Dictionary(
        uniqueKeysWithValues: data.tables.map { table in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in data.text(of: table) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return (table.name, hash)
        })
}

@Suite struct TPCHTests {
    private static let data = TPCH(scale: 0.01)
    private static let small = TPCH(scale: 0.001)

    /// Reports name data by seed, scale and version: whoever changes what is generated must raise the version, and
    /// these.
    @Test func goldenText() {
        #expect(
            fingerprint(TPCHTests.small) == [
                "region": 3391673185965138421,
                "nation": 1098343753451551629,
                "supplier": 5056963895103881830,
                "customer": 14070424551858532493,
                "part": 17664043558753143323,
                "partsupp": 13055495606041478431,
                "orders": 14853061253866454119,
                "lineitem": 14889033766228892671,
            ])
    }

    @Test func seedsAndParts() throws {
        let small = TPCHTests.small
        let other = fingerprint(TPCH(scale: 0.001, seed: 2))
        for (table, hash) in fingerprint(small) {
            #expect(other[table] != hash, "\(table) does not depend on the seed")
        }
        for table in small.tables {
            let whole = small.text(of: table)
            let parts = (0..<3).flatMap { small.text(of: table, part: $0, of: 3) }
            #expect(whole == parts, "\(table.name) depends on how it is cut")
        }
    }

    @Test func rowCounts() throws {
        let counts = [
            "region": 5, "nation": 25, "supplier": 100, "customer": 1_500, "part": 2_000, "partsupp": 8_000,
            "orders": 15_000,
        ]
        for (table, count) in counts { #expect(try rows(TPCHTests.data, table).count == count, "\(table)") }
        // Four lines on average.
        let lines = try rows(TPCHTests.data, "lineitem").count
        #expect((59_000...61_000).contains(lines), "\(lines) lines")
    }

    @Test func columnsFitTheSchema() throws {
        let widths = [
            "region": 3, "nation": 4, "supplier": 7, "customer": 8, "part": 9, "partsupp": 5, "orders": 9,
            "lineitem": 16,
        ]
        for (table, width) in widths {
            #expect(try rows(TPCHTests.data, table).allSatisfy { $0.count == width }, "\(table)")
        }
        for (table, column, range) in [
            ("customer", 7, 29...116), ("part", 8, 5...22), ("partsupp", 4, 49...198),
            ("orders", 8, 19...78), ("lineitem", 15, 10...43), ("customer", 2, 10...40),
        ] {
            let lengths = try rows(TPCHTests.data, table).map { $0[column].utf8.count }
            #expect(lengths.allSatisfy(range.contains), "\(table) \(column)")
            // All lengths are as likely: short and long ones come up.
            #expect(lengths.min().map { $0 <= range.lowerBound + 2 } == true, "\(table) \(column)")
            #expect(lengths.max().map { $0 >= range.upperBound - 2 } == true, "\(table) \(column)")
        }
    }

    @Test func foreignKeysAreComplete() throws {
        let suppliers = Set(try rows(TPCHTests.data, "supplier").map { $0[0] })
        let parts = Set(try rows(TPCHTests.data, "part").map { $0[0] })
        let customers = Set(try rows(TPCHTests.data, "customer").map { $0[0] })
        let offers = try rows(TPCHTests.data, "partsupp")
        let pairs = Set(offers.map { "\($0[0])|\($0[1])" })
        #expect(pairs.count == offers.count, "a part's suppliers are different")
        #expect(offers.allSatisfy { parts.contains($0[0]) && suppliers.contains($0[1]) })
        let orders = try rows(TPCHTests.data, "orders")
        let keys = Set(orders.map { $0[0] })
        #expect(keys.count == orders.count)
        #expect(orders.allSatisfy { customers.contains($0[1]) })
        // A third of the customers have no orders.
        #expect(try orders.allSatisfy { try number($0[1]) % 3 != 0 })
        // The first 8 of each 32 keys.
        #expect(try orders.allSatisfy { try number($0[0]) % 32 < 8 })
        let lines = try rows(TPCHTests.data, "lineitem")
        #expect(lines.allSatisfy { keys.contains($0[0]) && pairs.contains("\($0[1])|\($0[2])") })
        #expect(Set(lines.map { $0[0] }) == keys, "each order has a line")
        #expect(Set(lines.map { "\($0[0])|\($0[3])" }).count == lines.count)
    }

    @Test func smallestScaleKeepsSuppliersApart() throws {
        let offers = try rows(TPCHTests.small, "partsupp")
        #expect(Set(offers.map { "\($0[0])|\($0[1])" }).count == offers.count)
    }

    @Test func linesAndOrdersAgree() throws {
        var totals: [String: Int] = [:]
        var open: [String: Set<String>] = [:]
        let dates = Dictionary(
            uniqueKeysWithValues: try rows(TPCHTests.data, "orders").map { ($0[0], $0[4]) })
        let prices = Dictionary(
            uniqueKeysWithValues: try rows(TPCHTests.data, "part").map { ($0[0], try cents($0[7])) })
        for line in try rows(TPCHTests.data, "lineitem") {
            let quantity = try cents(line[4]) / 100
            let price = try cents(line[5])
            #expect(prices[line[1]].map { $0 * quantity == price } == true)
            #expect((1...50).contains(quantity))
            let discount = try cents(line[6])
            let tax = try cents(line[7])
            #expect((0...10).contains(discount) && (0...8).contains(tax))
            totals[line[0], default: 0] += price * (100 - discount) / 100 * (100 + tax) / 100
            open[line[0], default: []].insert(line[9])
            let ordered = try #require(dates[line[0]])
            #expect(ordered < line[10] && ordered < line[11] && line[10] < line[12])
            #expect((line[10] > "1995-06-17") == (line[9] == "O"))
            #expect((line[12] > "1995-06-17") == (line[8] == "N"))
        }
        for order in try rows(TPCHTests.data, "orders") {
            #expect(totals[order[0]] == (try cents(order[3])))
            let status = open[order[0]] == ["F"] ? "F" : open[order[0]] == ["O"] ? "O" : "P"
            #expect(order[2] == status)
            #expect(order[4] >= "1992-01-01" && order[4] <= "1998-08-02")
        }
    }

    /// What the queries' predicates count on, as the benchmark's own data has it.
    @Test func selectivities() throws {
        let orders = try rows(TPCHTests.data, "orders")
        let special = orders.filter { order in
            guard let first = order[8].range(of: "special") else { return false }
            return order[8][first.upperBound...].contains("requests")
        }
        let share = Double(special.count) / Double(orders.count)
        #expect((0.008...0.016).contains(share), "Q13: \(share)")
        let lines = try rows(TPCHTests.data, "lineitem")
        func expect(_ name: String, _ expected: Double, _ test: ([String]) -> Bool) {
            let found = Double(lines.count(where: test)) / Double(lines.count)
            #expect(abs(found - expected) < 0.1 * expected + 0.002, "\(name): \(found), expected \(expected)")
        }
        expect("Q1", 0.985) { $0[10] <= "1998-09-02" }
        expect("Q6", 0.019) {
            $0[10] >= "1994-01-01" && $0[10] < "1995-01-01" && ["0.05", "0.06", "0.07"].contains($0[6])
                && (Double($0[4]) ?? 0) < 24
        }
        expect("Q14", 0.0125) { $0[10] >= "1995-09-01" && $0[10] < "1995-10-01" }
        expect("Q10", 0.247) { $0[8] == "R" }
        let parts = try rows(TPCHTests.data, "part")
        let green = Double(parts.count { $0[1].contains("green") }) / Double(parts.count)
        #expect(abs(green - 5.0 / 92) < 0.015, "Q9: \(green)")
        #expect(Set(parts.map { $0[3] }).count == 25)
        #expect(Set(parts.map { $0[4] }).count == 150)
        #expect(Set(parts.map { $0[6] }).count == 40)
        #expect(parts.allSatisfy { Set($0[1].split(separator: " ")).count == 5 })
        #expect(parts.allSatisfy { $0[2].last == $0[3].dropLast().last })
    }

    /// Q16's complaints: 5 of each 10,000 suppliers.
    @Test func complaints() throws {
        let suppliers = try rows(TPCH(scale: 1), "supplier")
        let complaints = suppliers.filter { row in
            guard let first = row[6].range(of: "Customer") else { return false }
            return row[6][first.upperBound...].contains("Complaints")
        }
        #expect(complaints.count == 5)
        #expect(suppliers.count { $0[6].contains("Recommends") } == 5)
    }
}

extension String {
    /// The first place of a text; nil if there is none.
    fileprivate func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}

@Suite struct SSBTests {
    private static let data = SSB(scale: 0.01)

    @Test func goldenText() {
        #expect(
            fingerprint(SSB(scale: 0.001)) == [
                "dwdate": 11005345589372859865,
                "customer": 8464475906712359631,
                "supplier": 4384268102577781203,
                "part": 3409243183352441961,
                "lineorder": 18218210235496716447,
            ])
    }

    @Test func seedsAndParts() throws {
        let small = SSB(scale: 0.001)
        let other = fingerprint(SSB(scale: 0.001, seed: 2))
        for (table, hash) in fingerprint(small) where table != "dwdate" { #expect(other[table] != hash, "\(table)") }
        for table in small.tables {
            let parts = (0..<3).flatMap { small.text(of: table, part: $0, of: 3) }
            #expect(small.text(of: table) == parts, "\(table.name)")
        }
    }

    @Test func rowCounts() throws {
        #expect(try rows(SSBTests.data, "dwdate").count == 2_557)
        #expect(try rows(SSBTests.data, "customer").count == 300)
        #expect(try rows(SSBTests.data, "supplier").count == 20)
        #expect(try rows(SSBTests.data, "part").count == 2_000)
        #expect((59_000...61_000).contains(try rows(SSBTests.data, "lineorder").count))
        #expect(SSB(scale: 1).tables.first { $0.name == "part" }?.unitCount == 200_000)
        #expect(SSB(scale: 4).tables.first { $0.name == "part" }?.unitCount == 600_000)
    }

    @Test func foreignKeysAndPrices() throws {
        let days = Set(try rows(SSBTests.data, "dwdate").map { $0[0] })
        for line in try rows(SSBTests.data, "lineorder") {
            #expect((1...300).contains(try number(line[2])))
            #expect((1...2_000).contains(try number(line[3])))
            #expect((1...20).contains(try number(line[4])))
            #expect(days.contains(line[5]) && days.contains(line[15]))
            let price = try number(line[9])
            #expect(try number(line[12]) == price * (100 - number(line[11])) / 100)
            #expect(price % (try number(line[8])) == 0)
        }
    }

    @Test func hierarchies() throws {
        let parts = try rows(SSBTests.data, "part")
        #expect(parts.allSatisfy { $0[3].hasPrefix($0[2]) && $0[4].hasPrefix($0[3]) })
        #expect(Set(parts.map { $0[3] }).count == 25)
        #expect(
            try rows(SSBTests.data, "customer").allSatisfy { row in
                row[3].count == 10 && row[4].hasPrefix(row[3].prefix(9).split(separator: " ").joined(separator: " "))
            })
        let first = try #require(try rows(SSBTests.data, "dwdate").first)
        #expect(
            first == [
                "19920101", "January 1, 1992", "Wednesday", "January", "1992", "199201", "Jan1992", "4", "1", "1", "1",
                "1",
                "Winter", "0", "0", "1", "1",
            ])
    }
}
