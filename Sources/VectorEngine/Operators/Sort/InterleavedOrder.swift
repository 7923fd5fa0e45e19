package import SQLTypes

/// The order of an interleaved sort key, in which each of its columns counts for as much as any other: rows that are
/// near in all columns lie near one another, so that the zone maps of each column rule out rows.
///
///     column a    rank of the value among the rows ▶ bucket    1 0 1
///     column b    the same                         ▶ bucket     0 1 1
///     word        the buckets' bits in turn, highest first     100111
///
/// Buckets have about the same number of rows each, however the values are distributed; equal values share one. They
/// are found anew with each sort, which is what VACUUM REINDEX asks for.
/// - Source: Morton, "A Computer Oriented Geodetic Data Base", IBM 1966; Redshift developer guide, "Interleaved sort key".
package enum InterleavedOrder {
    /// Bits of a word that the columns share, so that it stays positive.
    private static let wordBits = 63
    /// Of one column: more buckets than a row group has rows tell nothing more.
    private static let columnBitsMax = 16

    /// Row numbers in order; rows of equal words keep theirs.
    /// - Parameters:
    ///   - keys: the key's columns, of equal length, at most 63.
    ///   - checkpoint: called now and then; throws if the query is over.
    /// - Complexity: that of sorting once for each column and once more.
    package static func sortedRows(
        keys: [Vector], types: [SQLType], count: Int, checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> [UInt32] {
        precondition(!keys.isEmpty && keys.count == types.count, "\(keys.count) keys of \(types.count) types")
        let bits = min(wordBits / keys.count, columnBitsMax)
        let words = Scratch<UInt64>(capacity: count)
        words.pointer.update(repeating: 0, count: count)
        for (column, key) in keys.enumerated() {
            let order = SortOrder(column: 0, type: types[column], isDescending: false, nullsFirst: false)
            var sorter = RowSorter(keys: [key], by: [order], count: count)
            let rows = try sorter.sortedRows(checkpoint: checkpoint)
            let values = SortKeyColumn(key, order, usesRanks: true)
            // Bit b of a bucket goes to bit b · columns + (columns − 1 − column) of the word.
            let place = keys.count - 1 - column
            var first = 0
            for (position, row) in rows.enumerated() {
                if position > 0, values.compare(Int(row), values, Int(rows[position - 1])) != 0 { first = position }
                let bucket = UInt64(first) << UInt64(bits) / UInt64(count)
                words.pointer[Int(row)] |= spread(bucket, bits: bits, stride: keys.count) << UInt64(place)
            }
        }
        let word = Vector(
            kind: .int64, count: count,
            form: .flat(
                Buffer(count: count, of: Int64.self) { target in
                    for row in 0..<count { target[row] = Int64(bitPattern: words.pointer[row]) }
                }))
        let order = SortOrder(column: 0, type: .bigint, isDescending: false, nullsFirst: false)
        var sorter = RowSorter(keys: [word], by: [order], count: count)
        return try sorter.sortedRows(checkpoint: checkpoint)
    }

    /// Bit b of the value to bit b · `stride`.
    private static func spread(_ value: UInt64, bits: Int, stride: Int) -> UInt64 {
        var spread: UInt64 = 0
        for bit in 0..<bits { spread |= (value >> UInt64(bit) & 1) << UInt64(bit * stride) }
        return spread
    }
}
