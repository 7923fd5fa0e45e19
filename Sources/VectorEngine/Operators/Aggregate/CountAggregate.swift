import SQLTypes

/// COUNT(*) without arguments, else rows in which all arguments are valid.
final class CountAggregate: Aggregate {
    private let counts = Column<Int64>()
    private let valid = Scratch<UInt8>(capacity: 1)

    func grow(to groupCount: Int) { counts.grow(to: groupCount, filling: 0) }

    func update(_ arguments: [Vector], _ rows: GroupedRows) {
        let counts = self.counts.pointer
        guard arguments.contains(where: \.mayHaveNulls) else {
            guard let groups = rows.groups else {
                counts[0] += Int64(rows.count)
                return
            }
            for row in 0 ..< rows.count { counts[Int(groups[row])] += 1 }
            return
        }
        let valid = self.valid.reserve(rows.count)
        valid.update(repeating: 1, count: rows.count)
        for argument in arguments { argument.maskValidity(in: valid) }
        if let groups = rows.groups {
            for row in 0 ..< rows.count { counts[Int(groups[row])] += Int64(valid[row]) }
        } else {
            var total = 0
            for row in 0 ..< rows.count { total += Int(valid[row]) }
            counts[0] += Int64(total)
        }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) {
        let added = UnsafeMutablePointer<Int64>.allocate(capacity: Swift.max(rows.count, 1))
        defer { added.deallocate() }
        states[0].copyIntegers(to: added)
        for row in 0 ..< rows.count { counts.pointer[Int(rows.groups?[row] ?? 0)] += added[row] }
    }

    func partial() -> [Vector] { [result()] }
    func result() -> Vector { Vector(kind: .int64, count: counts.count, form: .flat(counts.buffer())) }
    var byteCount: Int { counts.byteCount }
}
