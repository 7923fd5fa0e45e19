import SQLTypes

/// The database of TPC-H: eight tables, 8.7 million rows per unit of scale, made to the specification as far as value
/// domains, key ranges, joins and selectivities go. The random sequences are our own, so that rows differ from those of
/// the benchmark's `dbgen`, and so do answers; and
///
/// - comments come from a text of 2 MB instead of 300 MB (pieces repeat more often), and begin and end in a word;
/// - `c_nationkey` and the like are drawn row by row from SplitMix64, not from dbgen's streams;
/// - below scale 0.024 a part's four suppliers are kept different, which the formula alone does not do there.
///
/// - Source: TPC Benchmark H, revision 3.0.1, clauses 4.2.2 and 4.2.3.
package struct TPCH: DataSet {
    package static let scales = 0.001...1_000.0

    package let name = "tpch"
    package let version = 1
    package let scale: Double
    package let seed: UInt64
    package let tables: [DataTable]

    let supplierCount: Int
    let partCount: Int
    let customerCount: Int
    let orderCount: Int
    private let prose: TPCHProse
    private let calendar: DataCalendar

    /// - Parameter scale: within `scales`; 1 is a gigabyte of text.
    package init(scale: Double, seed: UInt64 = 1) {
        precondition(TPCH.scales.contains(scale), "TPC-H at scale \(scale)")
        self.scale = scale
        self.seed = seed
        supplierCount = Int((10_000 * scale).rounded())
        partCount = Int((200_000 * scale).rounded())
        customerCount = Int((150_000 * scale).rounded())
        orderCount = Int((1_500_000 * scale).rounded())
        prose = TPCHProse(seed: seed)
        calendar = DataCalendar(
            from: CivilDate(year: 1992, month: 1, day: 1), to: CivilDate(year: 1998, month: 12, day: 31))
        let units = [
            ("region", TPCHWords.regions.count, 1), ("nation", TPCHWords.nations.count, 1),
            ("supplier", supplierCount, 2), ("customer", customerCount, 4), ("part", partCount, 4),
            ("partsupp", partCount, 8), ("orders", orderCount, 16), ("lineitem", orderCount, 16),
        ]
        tables = units.map { name, units, parts in
            DataTable(name, units: units, parts: parts, TPCHSchema.createStatement(of: name))
        }
    }

    package func write(_ units: Range<Int>, of table: DataTable, to text: inout DataText) {
        switch table.name {
        case "region": writeRegions(units, to: &text)
        case "nation": writeNations(units, to: &text)
        case "supplier": writeSuppliers(units, to: &text)
        case "customer": writeCustomers(units, to: &text)
        case "part": writeParts(units, to: &text)
        case "partsupp": writePartSuppliers(units, to: &text)
        case "orders": writeOrders(units, to: &text)
        case "lineitem": writeLines(units, to: &text)
        default: preconditionFailure("TPC-H has no table \(table.name)")
        }
    }

    private enum Stream: UInt64 {
        case region = 1
        case nation, supplier, customer, part, partSupplier, order, orderComment, lineComment, complaint
    }

    private func random(_ stream: Stream, _ row: Int) -> SplitMix64 {
        SplitMix64.ofRow(row, stream: stream.rawValue, seed: seed)
    }

    // MARK: Dimensions

    private func writeRegions(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.region, row)
            text.add(row)
            text.add(TPCHWords.regions[row])
            prose.write(31...115, &random, to: &text)
            text.endRow()
        }
    }

    private func writeNations(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.nation, row)
            text.add(row)
            text.add(TPCHWords.nations[row].name)
            text.add(TPCHWords.nations[row].region)
            prose.write(31...114, &random, to: &text)
            text.endRow()
        }
    }

    private func writeSuppliers(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.supplier, row)
            let nation = random.below(TPCHWords.nations.count)
            text.add(row + 1)
            text.add("Supplier#", number: row + 1, digits: 9)
            text.addAddress(10...40, &random)
            text.add(nation)
            text.addPhone(nation: nation, &random)
            text.add(cents: random.number(-99_999...999_999))
            var comment = Array(prose.piece(random.number(25...100), &random))
            if let word = remark(onSupplier: row) {
                let start = random.below(comment.count - 19)
                comment.replaceSubrange(start..<start + 8, with: "Customer".utf8)
                // The rest of the sentence stands between the two words, down to nothing.
                let end = start + 8 + random.below(comment.count - start - 18)
                comment.replaceSubrange(end..<end + 10, with: word.utf8)
            }
            text.add(comment)
            text.endRow()
        }
    }

    /// Of each 2,000 suppliers one has complaints and one has recommendations: 5 of each per 10,000.
    private func remark(onSupplier row: Int) -> String? {
        let block = 2_000
        var random = random(.complaint, row / block)
        let complaint = random.below(block)
        let recommendation = (complaint + 1 + random.below(block - 1)) % block
        switch row % block {
        case complaint: return "Complaints"
        case recommendation: return "Recommends"
        default: return nil
        }
    }

    private func writeCustomers(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.customer, row)
            let nation = random.below(TPCHWords.nations.count)
            text.add(row + 1)
            text.add("Customer#", number: row + 1, digits: 9)
            text.addAddress(10...40, &random)
            text.add(nation)
            text.addPhone(nation: nation, &random)
            text.add(cents: random.number(-99_999...999_999))
            text.add(random.pick(TPCHWords.segments))
            prose.write(29...116, &random, to: &text)
            text.endRow()
        }
    }

    private func writeParts(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.part, row)
            text.add(row + 1)
            text.add(TPCH.partName(&random))
            let manufacturer = random.number(1...5)
            text.add("Manufacturer#", number: manufacturer, digits: 1)
            text.add("Brand#", number: manufacturer * 10 + random.number(1...5), digits: 2)
            text.add(
                DataText.joined([
                    random.pick(TPCHWords.typeSizes), random.pick(TPCHWords.typeFinishes),
                    random.pick(TPCHWords.typeMetals),
                ]))
            text.add(random.number(1...50))
            text.add(DataText.joined([random.pick(TPCHWords.containerSizes), random.pick(TPCHWords.containerKinds)]))
            text.add(cents: TPCH.retailCents(part: row + 1))
            prose.write(5...22, &random, to: &text)
            text.endRow()
        }
    }

    /// Five different colours.
    static func partName(_ random: inout SplitMix64) -> [UInt8] {
        var chosen: [Int] = []
        while chosen.count < 5 {
            let color = random.below(TPCHWords.colors.count)
            if !chosen.contains(color) { chosen.append(color) }
        }
        return DataText.joined(chosen.map { TPCHWords.colors[$0] })
    }

    static func retailCents(part: Int) -> Int { 90_000 + (part / 10) % 20_001 + 100 * (part % 1_000) }

    /// The supplier number `place` (0…3) of a part.
    func supplier(ofPart part: Int, place: Int) -> Int {
        let shift = ((part - 1) / supplierCount) % max(1, supplierCount / 12)
        return (part + place * (supplierCount / 4 + shift)) % supplierCount + 1
    }

    private func writePartSuppliers(_ parts: Range<Int>, to text: inout DataText) {
        for row in parts {
            var random = random(.partSupplier, row)
            for place in 0..<4 {
                text.add(row + 1)
                text.add(supplier(ofPart: row + 1, place: place))
                text.add(random.number(1...9_999))
                text.add(cents: random.number(100...100_000))
                prose.write(49...198, &random, to: &text)
                text.endRow()
            }
        }
    }

    // MARK: Facts

    struct Order {
        var key = 0
        var customer = 0
        var date = 0
        var lines: [Line] = []
    }

    struct Line {
        var part: Int
        var supplier: Int
        var quantity: Int
        var priceCents: Int
        var discountPercent: Int
        var taxPercent: Int
        var shipDate: Int
        var commitDate: Int
        var receiptDate: Int
        /// Shipped after what the benchmark calls today.
        var isOpen: Bool
    }

    private static let today = CivilDate(year: 1995, month: 6, day: 17).daysSince2000

    /// What orders and lineitem must agree on; the rest is drawn from other sequences. Reuses `order`'s memory.
    /// - Returns: the sequence to go on with.
    func makeOrder(_ row: Int, _ order: inout Order) -> SplitMix64 {
        var random = random(.order, row)
        // Of each 32 keys the first 8 are used.
        order.key = ((row + 1) >> 3) << 5 | (row + 1) & 7
        // A third of the customers, those whose number 3 divides, never order: the next one does instead. So half of the
        // others have twice as many orders as the rest, which the benchmark's own data has as well, and Q13 shows.
        let customer = random.number(1...customerCount)
        order.customer = customer % 3 != 0 ? customer : customer < customerCount ? customer + 1 : customer - 1
        order.date = random.number(calendar.first...calendar.last - 151)
        order.lines.removeAll(keepingCapacity: true)
        for _ in 0..<random.number(1...7) {
            let part = random.number(1...partCount)
            let quantity = random.number(1...50)
            let shipDate = order.date + random.number(1...121)
            order.lines.append(
                Line(
                    part: part, supplier: supplier(ofPart: part, place: random.below(4)), quantity: quantity,
                    priceCents: quantity * TPCH.retailCents(part: part), discountPercent: random.number(0...10),
                    taxPercent: random.number(0...8), shipDate: shipDate,
                    commitDate: order.date + random.number(30...90), receiptDate: shipDate + random.number(1...30),
                    isOpen: shipDate > TPCH.today))
        }
        return random
    }

    private func writeOrders(_ rows: Range<Int>, to text: inout DataText) {
        var order = Order()
        let clerks = max(1, Int((1_000 * scale).rounded()))
        for row in rows {
            _ = makeOrder(row, &order)
            var random = random(.orderComment, row)
            text.add(order.key)
            text.add(order.customer)
            let open = order.lines.count { $0.isOpen }
            text.add(open == 0 ? "F" : open == order.lines.count ? "O" : "P")
            text.add(
                cents: order.lines.reduce(0) { sum, line in
                    sum + line.priceCents * (100 - line.discountPercent) / 100 * (100 + line.taxPercent) / 100
                })
            text.add(calendar.text(order.date))
            text.add(random.pick(TPCHWords.priorities))
            text.add("Clerk#", number: random.number(1...clerks), digits: 9)
            text.add(0)
            prose.write(19...78, &random, to: &text)
            text.endRow()
        }
    }

    private func writeLines(_ orders: Range<Int>, to text: inout DataText) {
        var order = Order()
        for row in orders {
            _ = makeOrder(row, &order)
            var random = random(.lineComment, row)
            for (number, line) in order.lines.enumerated() {
                text.add(order.key)
                text.add(line.part)
                text.add(line.supplier)
                text.add(number + 1)
                text.add(cents: line.quantity * 100)
                text.add(cents: line.priceCents)
                text.add(cents: line.discountPercent)
                text.add(cents: line.taxPercent)
                let isReturned = random.below(2) == 0
                text.add(line.receiptDate > TPCH.today ? "N" : isReturned ? "R" : "A")
                text.add(line.isOpen ? "O" : "F")
                text.add(calendar.text(line.shipDate))
                text.add(calendar.text(line.commitDate))
                text.add(calendar.text(line.receiptDate))
                text.add(random.pick(TPCHWords.instructions))
                text.add(random.pick(TPCHWords.modes))
                prose.write(10...43, &random, to: &text)
                text.endRow()
            }
        }
    }
}
