import SQLTypes

extension Vector {
    /// Bytes that the rows would take if sent: narrow codes as they are, strings with a 4-byte length, validity as
    /// bits. The buffers behind may be larger, and shared.
    package var wireByteCount: Int {
        let nulls = validity == nil ? 0 : (count + 7) / 8
        switch form {
        case .flat: return nulls + count * (kind.width ?? 0)
        case .coded(let codes, _): return nulls + count * codes.width
        case .constant(let value): return 16 + (value.storedBytes?.count ?? 0)
        case .dictionary(let codes, let dictionary):
            // A dictionary travels with the batch, unless its strings one by one are less.
            let average = 4 + dictionary.totalBytes / Swift.max(dictionary.count, 1)
            return nulls + Swift.min(count * codes.width + dictionary.count * average, count * average)
        case .views(let buffer, _):
            let views = buffer.pointer(as: StringView.self) + offset
            var bytes = 0
            for row in 0..<count { bytes += views[row].count }
            return nulls + 4 * count + bytes
        }
    }
}

extension Batch {
    /// Asked for every batch: no column is copied.
    package var wireByteCount: Int {
        var bytes = 0
        for column in columns.indices { bytes += columns[column].wireByteCount }
        return bytes
    }
}
