import SQLTypes

/// The database of the Star Schema Benchmark: a fact table of six million rows per unit of scale, and four dimensions.
/// Rows are our own; value domains, key ranges and selectivities are those of the paper. Prices are whole cents.
/// - Source: O'Neil, O'Neil, Chen, "The Star Schema Benchmark", revision 3, 2009.
package struct SSB: DataSet {
    package static let scales = 0.001...1_000.0

    package let name = "ssb"
    package let version = 1
    package let scale: Double
    package let seed: UInt64
    package let tables: [DataTable]

    let customerCount: Int
    let supplierCount: Int
    let partCount: Int
    let orderCount: Int
    private let calendar: DataCalendar

    /// - Parameter scale: within `scales`; 1 is 600 MB of text.
    package init(scale: Double, seed: UInt64 = 1) {
        precondition(SSB.scales.contains(scale), "SSB at scale \(scale)")
        self.scale = scale
        self.seed = seed
        customerCount = Int((30_000 * scale).rounded())
        supplierCount = max(1, Int((2_000 * scale).rounded()))
        // Parts grow with the logarithm of the scale; below 1, where that makes no sense, with the scale.
        partCount = scale < 1 ? Int((200_000 * scale).rounded()) : 200_000 * (1 + SSB.wholeLog2(scale))
        orderCount = Int((1_500_000 * scale).rounded())
        calendar = DataCalendar(
            from: CivilDate(year: 1992, month: 1, day: 1), to: CivilDate(year: 1998, month: 12, day: 31))
        let days = calendar.last - calendar.first + 1
        let units = [
            ("dwdate", days, 1), ("customer", customerCount, 4), ("supplier", supplierCount, 2), ("part", partCount, 4),
            ("lineorder", orderCount, 16),
        ]
        tables = units.map { name, units, parts in
            DataTable(name, units: units, parts: parts, SSBSchema.createStatement(of: name))
        }
    }

    private static func wholeLog2(_ scale: Double) -> Int {
        var exponent = 0
        var rest = scale
        while rest >= 2 {
            rest /= 2
            exponent += 1
        }
        return exponent
    }

    package func write(_ units: Range<Int>, of table: DataTable, to text: inout DataText) {
        switch table.name {
        case "dwdate": writeDates(units, to: &text)
        case "customer": writeCustomers(units, to: &text)
        case "supplier": writeSuppliers(units, to: &text)
        case "part": writeParts(units, to: &text)
        case "lineorder": writeOrders(units, to: &text)
        default: preconditionFailure("SSB has no table \(table.name)")
        }
    }

    private enum Stream: UInt64 { case customer = 21, supplier, part, order }

    private func random(_ stream: Stream, _ row: Int) -> SplitMix64 {
        SplitMix64.ofRow(row, stream: stream.rawValue, seed: seed)
    }

    private func writeDates(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            let day = calendar.first + row
            let date = CivilDate(daysSince2000: day)
            let weekday = CivilDate.dayOfWeek(day)
            let month = SSBWords.months[date.month - 1]
            let isLastOfMonth = date.day == CivilDate.daysInMonth(date.month, year: date.year)
            text.add(calendar.number(day))
            text.add("\(month) \(date.day), \(date.year)".utf8)
            text.add(SSBWords.weekdays[weekday].utf8)
            text.add(month.utf8)
            text.add(date.year)
            text.add(date.year * 100 + date.month)
            text.add("\(month.prefix(3))\(date.year)".utf8)
            text.add(weekday + 1)
            text.add(date.day)
            text.add(date.dayOfYear)
            text.add(date.month)
            text.add((date.dayOfYear - 1) / 7 + 1)
            text.add(SSBWords.season(date).utf8)
            text.add(weekday == 6 ? 1 : 0)
            text.add(isLastOfMonth ? 1 : 0)
            text.add(SSBWords.isHoliday(date) ? 1 : 0)
            text.add((1...5).contains(weekday) ? 1 : 0)
            text.endRow()
        }
    }

    /// Name, address, city, nation, region and phone, as customers and suppliers have them.
    private func writePlace(_ random: inout SplitMix64, to text: inout DataText) {
        let nation = random.below(TPCHWords.nations.count)
        text.addAddress(10...25, &random)
        text.add(SSBWords.city(nation: nation, number: random.below(10)))
        text.add(TPCHWords.nations[nation].name)
        text.add(TPCHWords.regions[TPCHWords.nations[nation].region])
        text.addPhone(nation: nation, &random)
    }

    private func writeCustomers(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.customer, row)
            text.add(row + 1)
            text.add("Customer#", number: row + 1, digits: 9)
            writePlace(&random, to: &text)
            text.add(random.pick(TPCHWords.segments))
            text.endRow()
        }
    }

    private func writeSuppliers(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.supplier, row)
            text.add(row + 1)
            text.add("Supplier#", number: row + 1, digits: 9)
            writePlace(&random, to: &text)
            text.endRow()
        }
    }

    private func writeParts(_ rows: Range<Int>, to text: inout DataText) {
        for row in rows {
            var random = random(.part, row)
            let manufacturer = random.number(1...5)
            let category = manufacturer * 10 + random.number(1...5)
            let color = random.pick(TPCHWords.colors)
            text.add(row + 1)
            text.add(DataText.joined([color, random.pick(TPCHWords.colors)]))
            text.add("MFGR#", number: manufacturer, digits: 1)
            text.add("MFGR#", number: category, digits: 2)
            text.add("MFGR#\(category)\(random.number(1...40))".utf8)
            text.add(color)
            text.add(
                DataText.joined([
                    random.pick(TPCHWords.typeSizes), random.pick(TPCHWords.typeFinishes),
                    random.pick(TPCHWords.typeMetals),
                ]))
            text.add(random.number(1...50))
            text.add(DataText.joined([random.pick(TPCHWords.containerSizes), random.pick(TPCHWords.containerKinds)]))
            text.endRow()
        }
    }

    private struct Line {
        var part: Int
        var supplier: Int
        var quantity: Int
        var discount: Int
        var tax: Int
        var commitDate: Int
        var mode: StaticString
        var retailCents: Int { TPCH.retailCents(part: part) }
        var priceCents: Int { quantity * retailCents }
        var revenueCents: Int { priceCents * (100 - discount) / 100 }
    }

    /// Of each order its one to seven lines, which repeat what the order is.
    private func writeOrders(_ orders: Range<Int>, to text: inout DataText) {
        var lines: [Line] = []
        for row in orders {
            var random = random(.order, row)
            let customer = random.number(1...customerCount)
            let date = random.number(calendar.first...calendar.last - 151)
            let priority = random.pick(TPCHWords.priorities)
            lines.removeAll(keepingCapacity: true)
            for _ in 0..<random.number(1...7) {
                lines.append(
                    Line(
                        part: random.number(1...partCount), supplier: random.number(1...supplierCount),
                        quantity: random.number(1...50), discount: random.number(0...10), tax: random.number(0...8),
                        commitDate: date + random.number(30...90), mode: random.pick(TPCHWords.modes)))
            }
            let total = lines.reduce(0) { $0 + $1.revenueCents * (100 + $1.tax) / 100 }
            for (number, line) in lines.enumerated() {
                text.add(((row + 1) >> 3) << 5 | (row + 1) & 7)
                text.add(number + 1)
                text.add(customer)
                text.add(line.part)
                text.add(line.supplier)
                text.add(calendar.number(date))
                text.add(priority)
                text.add(0)
                text.add(line.quantity)
                text.add(line.priceCents)
                text.add(total)
                text.add(line.discount)
                text.add(line.revenueCents)
                text.add(line.retailCents * 6 / 10)
                text.add(line.tax)
                text.add(calendar.number(line.commitDate))
                text.add(line.mode)
                text.endRow()
            }
        }
    }
}
