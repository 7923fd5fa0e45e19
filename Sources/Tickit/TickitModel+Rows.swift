import SQLTypes

/// The dimension tables as text.
extension TickitModel {
    func writeCategories(_ rows: Range<Int>, to text: inout RowText) {
        for row in rows {
            let category = TickitWords.categories[row]
            text.add(row + 1)
            text.add(category.group)
            text.add(category.name)
            text.add(category.description)
            text.endRow()
        }
    }

    func writeDates(_ rows: Range<Int>, to text: inout RowText) {
        let days: [StaticString] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
        let months: [StaticString] = [
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ]
        for row in rows {
            let day = Int(TickitModel.firstDay) + row
            let date = CivilDate(daysSince2000: day)
            text.add(TickitModel.firstDateID + row)
            text.add(date: Int32(day))
            text.add(days[CivilDate.dayOfWeek(day)])
            // 2008-01-01 was a Tuesday; weeks begin on Sunday.
            text.add((row + 2) / 7 + 1)
            text.add(months[date.month - 1])
            text.add((date.month - 1) / 3 + 1)
            text.add(date.year)
            text.add(TickitModel.isHoliday(date))
            text.endRow()
        }
    }

    private static func isHoliday(_ date: CivilDate) -> Bool {
        let holidays = [(1, 1), (1, 21), (2, 18), (5, 26), (7, 4), (9, 1), (10, 13), (11, 11), (11, 27), (12, 25)]
        return holidays.contains { $0 == date.month && $1 == date.day }
    }

    func writeVenues(_ rows: Range<Int>, to text: inout RowText) {
        for row in rows {
            var random = TickitModel.random(seed, for: .venue, row: venueIDs[row])
            let city = TickitWords.cities[random.below(TickitWords.cities.count)]
            // Each third one is a theatre: its seats are 0, or not known for 15 of them.
            let isTheatre = row % 3 == 0
            let kinds = isTheatre ? TickitWords.theatreKinds : TickitWords.arenaKinds
            text.add(venueIDs[row])
            text.add(utf8: random.pick(TickitWords.venueWords).bytes + " ".utf8 + random.pick(kinds).bytes)
            text.add(city.name)
            text.add(city.state)
            if !isTheatre {
                text.add(5_000 + random.below(86_000))
            } else if row % 12 == 0, row < 180 {
                text.addNull()
            } else {
                text.add(0)
            }
            text.endRow()
        }
    }

    func writeUsers(_ rows: Range<Int>, to text: inout RowText) {
        for row in rows {
            var random = TickitModel.random(seed, for: .users, row: row)
            let city = TickitModel.weightedCity(by: &random)
            text.add(row + 1)
            text.add(utf8: TickitModel.userName(by: &random))
            text.add(random.pick(TickitWords.firstNames))
            text.add(random.pick(TickitWords.lastNames))
            text.add(city.name)
            text.add(city.state)
            let mail = random.pick(TickitWords.mailWords).bytes + ".".utf8 + random.pick(TickitWords.mailWords).bytes
            text.add(utf8: mail + "@".utf8 + random.pick(TickitWords.mailDomains).bytes)
            text.add(utf8: TickitModel.phone(by: &random))
            for _ in 0..<10 { text.add([true, false, nil][random.below(3)]) }
            text.endRow()
        }
    }

    private static func weightedCity(by random: inout SplitMix64) -> (
        name: StaticString, state: StaticString, weight: Int
    ) {
        var rest = random.below(TickitWords.cityWeight)
        for city in TickitWords.cities {
            if rest < city.weight { return city }
            rest -= city.weight
        }
        return TickitWords.cities[0]
    }

    /// Three letters, two digits, three letters.
    private static func userName(by random: inout SplitMix64) -> [UInt8] {
        (0..<8).map { position in
            (3...4).contains(position)
                ? UInt8(ascii: "0") + UInt8(random.below(10)) : UInt8(ascii: "A") + UInt8(random.below(26))
        }
    }

    /// `(xxx) xxx-xxxx`
    private static func phone(by random: inout SplitMix64) -> [UInt8] {
        "(###) ###-####".utf8.map { $0 == UInt8(ascii: "#") ? UInt8(ascii: "0") + UInt8(random.below(10)) : $0 }
    }
}

/// The tables that grow.
extension TickitModel {
    func writeEvents(_ rows: Range<Int>, to text: inout RowText) {
        for row in rows {
            let event = events[row]
            let words = TickitWords.eventWords[Int(event.categoryID) - 6]
            let (first, second) = Int(event.nameIndex).quotientAndRemainder(dividingBy: words.second.count)
            text.add(row + 1)
            text.add(event.venueID)
            text.add(event.categoryID)
            text.add(event.dateID)
            text.add(utf8: words.first[first].bytes + " ".utf8 + words.second[second].bytes)
            text.add(date: TickitModel.day(ofDateID: event.dateID), second: Int(event.startSecond))
            text.endRow()
        }
    }

    func writeListings(_ rows: Range<Int>, to text: inout RowText) {
        for listing in listings[rows] {
            text.add(listing.id)
            text.add(listing.sellerID)
            text.add(listing.eventID)
            text.add(listing.dateID)
            text.add(listing.ticketCount)
            text.add(cents: Int(listing.priceCents))
            text.add(cents: Int(listing.priceCents) * Int(listing.ticketCount))
            text.add(date: TickitModel.day(ofDateID: listing.dateID), second: Int(listing.second))
            text.endRow()
        }
    }

    func writeSales(_ rows: Range<Int>, to text: inout RowText) {
        for row in rows {
            let sale = sales[row]
            let listing = listings[Int(sale.listing)]
            let paid = Int(listing.priceCents) * Int(sale.quantity)
            text.add(row + 1)
            text.add(listing.id)
            text.add(listing.sellerID)
            text.add(sale.buyerID)
            text.add(listing.eventID)
            text.add(sale.dateID)
            text.add(sale.quantity)
            text.add(cents: paid)
            // 15 %: prices are whole dollars, so that there is nothing to round.
            text.add(cents: paid * 15 / 100)
            text.add(date: TickitModel.day(ofDateID: sale.dateID), second: Int(sale.second))
            text.endRow()
        }
    }
}

extension StaticString {
    fileprivate var bytes: [UInt8] { withUTF8Buffer { Array($0) } }
}

extension SplitMix64 {
    fileprivate mutating func pick(_ words: [StaticString]) -> StaticString { words[below(words.count)] }
}
