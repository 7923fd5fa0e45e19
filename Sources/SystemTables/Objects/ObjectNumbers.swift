package import Catalog

/// A row's number in PostgreSQL's catalog; 0: none.
package typealias ObjectID = UInt32

/// What has no number of its own in the catalog, because it is known there by its name.
package enum ObjectKey: Hashable, Sendable {
    case schema(String)
    case view(TableName)
    /// The rule that makes a view a view.
    case rule(TableName)
    case constraint(TableID, String)
    /// The index entry that stands for a primary key or a unique constraint.
    case index(TableID, String)
    case columnDefault(TableID, String)

    /// Different for different keys.
    fileprivate var text: String {
        switch self {
        case .schema(let name): "s\u{0}\(name)"
        case .view(let name): "v\u{0}\(name.schema)\u{0}\(name.name)"
        case .rule(let name): "r\u{0}\(name.schema)\u{0}\(name.name)"
        case .constraint(let table, let name): "c\u{0}\(table.rawValue)\u{0}\(name)"
        case .index(let table, let name): "i\u{0}\(table.rawValue)\u{0}\(name)"
        case .columnDefault(let table, let name): "d\u{0}\(table.rawValue)\u{0}\(name)"
        }
    }
}

/// Numbers for objects, made of their keys: the same in every session and after every restart, whatever else there is.
///
/// Each key's hash names a place in a range; where two keys meet, the later one in the order of the list takes the next
/// free place.
/// - Complexity: O(n) for n keys, as long as they fill a small part of the range.
package struct ObjectNumbers<Key: Hashable & Sendable>: Sendable {
    private var numbers: [Key: ObjectID] = [:]

    init(_ keys: [Key], in range: Range<ObjectID>, text: (Key) -> String) {
        precondition(keys.count <= range.count / 2, "\(keys.count) objects for \(range.count) numbers")
        var taken: Set<ObjectID> = []
        taken.reserveCapacity(keys.count)
        numbers.reserveCapacity(keys.count)
        for key in keys where numbers[key] == nil {
            var place = range.lowerBound + ObjectID(Self.hash(text(key)) % UInt64(range.count))
            while !taken.insert(place).inserted {
                place = place + 1 == range.upperBound ? range.lowerBound : place + 1
            }
            numbers[key] = place
        }
    }

    package subscript(key: Key) -> ObjectID { numbers[key] ?? 0 }

    /// FNV-1a, its upper half folded into the lower: never to change, since tools remember numbers.
    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}

extension ObjectNumbers where Key == ObjectKey {
    /// Above all tables' own numbers.
    static let range: Range<ObjectID> = 0x4000_0000..<0x7FFF_FFFF

    /// `keys` in an order that does not depend on the run.
    init(_ keys: [ObjectKey]) { self.init(keys, in: Self.range, text: \.text) }
}
