import SQLTypes

/// What the rows of one table need to know of another's: the ids, and which dates and prices belong together.
struct TickitModel {
    /// dateid of 2008-01-01, and that day as days since 2000-01-01.
    static let firstDateID = 1_827
    static let firstDay: Int32 = 2_922
    static let lastDateID = firstDateID + TickitTable.date.rowCount - 1
    private static let venueIDLimit = 309
    private static let listingIDLimit = 235_497

    struct Event {
        var venueID: Int16
        var categoryID: Int16
        var dateID: Int16
        var nameIndex: Int16
        var startSecond: Int32
    }

    struct Listing {
        var id: Int32
        var sellerID: Int32
        var eventID: Int32
        var dateID: Int16
        var ticketCount: Int16
        var priceCents: Int32
        var second: Int32
    }

    struct Sale {
        /// Position in `listings`.
        var listing: Int32
        var buyerID: Int32
        var dateID: Int16
        var quantity: Int16
        var second: Int32
    }

    let seed: UInt64
    let venueIDs: [Int]
    let events: [Event]
    let listings: [Listing]
    let sales: [Sale]

    init(seed: UInt64) {
        self.seed = seed
        var random = TickitModel.random(seed, for: .venue)
        venueIDs = TickitModel.choose(TickitTable.venue.rowCount, of: TickitModel.venueIDLimit, by: &random).map {
            $0 + 1
        }
        events = TickitModel.makeEvents(seed: seed, venueIDs: venueIDs)
        listings = TickitModel.makeListings(seed: seed, events: events)
        sales = TickitModel.makeSales(seed: seed, listings: listings, events: events)
    }

    /// A sequence of its own for each table and row block, so that parts can be made apart.
    static func random(_ seed: UInt64, for table: TickitTable, row: Int = 0) -> SplitMix64 {
        let number = UInt64(TickitTable.allCases.firstIndex(of: table) ?? 0) + 1
        var mixer = SplitMix64(seed: seed &+ number << 40 &+ UInt64(row))
        return SplitMix64(seed: mixer.next())
    }

    /// `count` of the numbers below `limit`, ascending, each set equally likely.
    /// - Source: Knuth, "The Art of Computer Programming", vol. 2, 3.4.2, algorithm S.
    static func choose(_ count: Int, of limit: Int, by random: inout SplitMix64) -> [Int] {
        var chosen: [Int] = []
        chosen.reserveCapacity(count)
        for number in 0..<limit where random.below(limit - number) < count - chosen.count {
            chosen.append(number)
        }
        return chosen
    }

    static func day(ofDateID dateID: Int16) -> Int32 { firstDay + Int32(dateID) - Int32(firstDateID) }

    private static func makeEvents(seed: UInt64, venueIDs: [Int]) -> [Event] {
        var random = random(seed, for: .event)
        let halfHours: [Int32] = [28, 29, 30, 38, 39, 40]
        return (0..<TickitTable.event.rowCount).map { _ in
            let category = 6 + random.below(4)
            return Event(
                venueID: Int16(venueIDs[random.below(venueIDs.count)]), categoryID: Int16(category),
                dateID: Int16(firstDateID + random.below(TickitTable.date.rowCount)),
                nameIndex: Int16(random.below(TickitWords.eventNamesPerCategory)),
                startSecond: halfHours[random.below(halfHours.count)] * 1_800)
        }
    }

    private static func makeListings(seed: UInt64, events: [Event]) -> [Listing] {
        var random = random(seed, for: .listing)
        let ids = choose(TickitTable.listing.rowCount, of: listingIDLimit, by: &random)
        return ids.map { id in
            let eventID = random.below(16) == 0 ? TickitGenerator.popularEventID : 1 + random.below(events.count)
            let eventDate = Int(events[eventID - 1].dateID)
            // Most tickets are cheap: the smaller of two draws.
            let price = 2_000 + min(random.below(155_801), random.below(155_801))
            return Listing(
                id: Int32(id + 1), sellerID: Int32(1 + random.below(TickitTable.users.rowCount)),
                eventID: Int32(eventID),
                dateID: Int16(firstDateID + random.below(eventDate - firstDateID + 1)),
                ticketCount: Int16(1 + random.below(30)), priceCents: Int32(price / 100 * 100),
                second: Int32(random.below(86_400)))
        }
    }

    /// At most two sales of a listing, together no more tickets than it has; none before the listing or after the
    /// event.
    private static func makeSales(seed: UInt64, listings: [Listing], events: [Event]) -> [Sale] {
        var random = random(seed, for: .sales)
        var sales: [Sale] = []
        sales.reserveCapacity(TickitTable.sales.rowCount)
        // One chance for each sale that a listing could have.
        let chances = listings.indices.flatMap { listings[$0].ticketCount > 1 ? [$0, $0] : [$0] }
        for chance in choose(TickitTable.sales.rowCount, of: chances.count, by: &random) {
            let index = chances[chance]
            let listing = listings[index]
            let isSecond = sales.last.map { Int($0.listing) == index } ?? false
            let sold = isSecond ? sales[sales.count - 1].quantity : 0
            // One ticket is left for a second buyer where the listing has more than one.
            let left = Int(listing.ticketCount - sold)
            let quantity = 1 + random.below(min(8, max(1, isSecond ? left : left - 1)))
            let eventDate = events[Int(listing.eventID) - 1].dateID
            let dateID = listing.dateID + Int16(random.below(Int(eventDate - listing.dateID) + 1))
            var buyer = Int32(1 + random.below(TickitTable.users.rowCount - 1))
            if buyer >= listing.sellerID { buyer += 1 }
            let earliest = dateID == listing.dateID ? Int(listing.second) : 0
            sales.append(
                Sale(
                    listing: Int32(index), buyerID: buyer, dateID: dateID, quantity: Int16(quantity),
                    second: Int32(earliest + random.below(86_400 - earliest))))
        }
        return sales
    }
}
