package import SQLTypes

/// Rows of many batches as if they stood one after the other, from which rows are picked by number without making one
/// large vector of them first: that would take the memory of all rows once more.
package final class PartedRows {
    private let parts: [Batch]
    private let kinds: [StorageKind]
    package let count: Int
    /// The number of each part's first row.
    private let starts: [Int]
    /// For every 256th row, the part that has it.
    private var hints: [UInt32] = []
    /// How a column's rows are reached; worked out when first asked for.
    private enum Access {
        /// Where each part's first row is; what the strings need to live.
        case plain(starts: [UnsafeRawPointer], owners: [Buffer], hasValidity: Bool)
        /// The parts have no common plain form: one after the other.
        case whole(Vector)
    }
    private var access: [Access?]

    private static let hintBits = 8

    package init(_ parts: [Batch], kinds: [StorageKind]) {
        let parts = parts.filter { $0.count > 0 }
        self.parts = parts
        self.kinds = kinds
        access = kinds.map { _ in nil }
        var starts: [Int] = []
        var total = 0
        for (index, part) in parts.enumerated() {
            starts.append(total)
            total += part.count
            while hints.count << PartedRows.hintBits < total { hints.append(UInt32(index)) }
        }
        self.starts = starts
        count = total
    }

    /// All rows of one column.
    package func column(_ column: Int) -> Vector {
        Vector.concatenated(parts.map { $0.columns[column] }, kind: kinds[column])
    }

    private struct Place: BitwiseCopyable {
        var part: UInt32
        var row: UInt32
    }

    /// Rows by number, in the order given.
    package func gathered(_ rows: Span<UInt32>) -> Batch {
        let places = Buffer.filled(count: rows.count, of: Place.self) { target in
            for index in rows.indices {
                let row = Int(rows[index])
                var part = Int(hints[row >> PartedRows.hintBits])
                while part + 1 < starts.count && starts[part + 1] <= row { part += 1 }
                target[index] = Place(
                    part: UInt32(truncatingIfNeeded: part), row: UInt32(truncatingIfNeeded: row - starts[part]))
            }
        }
        let columns = kinds.indices.map { column in
            switch reach(column) {
            case .whole(let vector): vector.gathered(rows)
            case .plain(let starts, let owners, let hasValidity):
                Vector(
                    kind: kinds[column], count: rows.count,
                    form: PartedRows.form(kinds[column], starts, owners, places.values(as: Place.self)),
                    validity: hasValidity ? validity(column, places.values(as: Place.self)) : nil)
            }
        }
        withExtendedLifetime(places) {}
        return Batch(columns: columns, count: rows.count)
    }

    private func reach(_ column: Int) -> Access {
        if let known = access[column] { return known }
        let made = plainAccess(column) ?? .whole(self.column(column))
        access[column] = made
        return made
    }

    /// nil: the parts are not all flat, or not all views.
    private func plainAccess(_ column: Int) -> Access? {
        var starts: [UnsafeRawPointer] = []
        var owners: [Buffer] = []
        var known: Set<ObjectIdentifier> = []
        var hasValidity = false
        let width = kinds[column].width ?? MemoryLayout<StringView>.stride
        for part in parts {
            let vector = part.columns[column]
            switch vector.form {
            case .flat(let buffer):
                starts.append(UnsafeRawPointer(buffer.pointer(as: UInt8.self)) + vector.offset * width)
            case .views(let buffer, let own):
                starts.append(UnsafeRawPointer(buffer.pointer(as: UInt8.self)) + vector.offset * width)
                for owner in own where known.insert(ObjectIdentifier(owner)).inserted { owners.append(owner) }
            case .coded, .dictionary, .constant: return nil
            }
            hasValidity = hasValidity || vector.validity != nil
        }
        return .plain(starts: starts, owners: owners, hasValidity: hasValidity)
    }

    private static func form(
        _ kind: StorageKind, _ starts: [UnsafeRawPointer], _ owners: [Buffer], _ places: UnsafeBufferPointer<Place>
    ) -> Vector.Form {
        switch kind.width ?? 0 {
        case 1: .flat(gather(UInt8.self, starts, places))
        case 2: .flat(gather(UInt16.self, starts, places))
        case 4: .flat(gather(UInt32.self, starts, places))
        case 8: .flat(gather(UInt64.self, starts, places))
        case 16: .flat(gather(Int128.self, starts, places))
        default: .views(gather(StringView.self, starts, places), owners: owners)
        }
    }

    private func validity(_ column: Int, _ places: UnsafeBufferPointer<Place>) -> Buffer {
        let valid = parts.map { $0.columns[column].validityPointer }
        return Buffer.filled(count: places.count, of: UInt8.self) { target in
            for index in places.indices {
                let place = places[index]
                target[index] = valid[Int(place.part)].map { $0[Int(place.row)] } ?? 1
            }
        }
    }

    private static func gather<T: BitwiseCopyable>(
        _ type: T.Type, _ starts: [UnsafeRawPointer], _ places: UnsafeBufferPointer<Place>
    ) -> Buffer {
        starts.withUnsafeBufferPointer { starts in
            Buffer.filled(count: places.count, of: T.self) { target in
                for index in 0..<places.count {
                    let place = places[index]
                    target[index] = starts[Int(place.part)].assumingMemoryBound(to: T.self)[Int(place.row)]
                }
            }
        }
    }
}
