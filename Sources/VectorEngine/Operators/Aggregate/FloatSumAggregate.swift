import SQLTypes

/// SUM and AVG of REAL and DOUBLE, in double.
final class FloatSumAggregate: Aggregate {
    private let resultType: SQLType
    private let isAverage: Bool
    private let sums = Column<Double>()
    private let counts = Column<Int64>()
    private let values = Scratch<Double>()
    private let added = Scratch<Int64>(capacity: 0)
    private let valid = Scratch<UInt8>(capacity: 0)

    init(result: SQLType, isAverage: Bool) {
        resultType = result
        self.isAverage = isAverage
    }

    var byteCount: Int { sums.byteCount + counts.byteCount }

    func grow(to groupCount: Int) {
        sums.grow(to: groupCount, filling: 0)
        counts.grow(to: groupCount, filling: 0)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) { add(arguments[0], rows, added: nil) }

    func combine(_ states: [Vector], _ rows: GroupedRows) {
        guard isAverage else { return add(states[0], rows, added: nil) }
        let added = self.added.reserve(rows.count)
        states[1].copyIntegers(to: added)
        add(states[0], rows, added: UnsafePointer(added))
    }

    private func add(_ column: Vector, _ rows: GroupedRows, added: UnsafePointer<Int64>?) {
        let values = self.values.reserve(rows.count)
        let valid = self.valid.reserve(rows.count)
        column.copyDoubles(to: values)
        column.copyValidity(to: valid)
        let sums = self.sums.pointer
        let counts = self.counts.pointer
        for row in 0..<rows.count where valid[row] != 0 {
            let group = Int(rows.groups?[row] ?? 0)
            sums[group] += values[row]
            counts[group] += added?[row] ?? 1
        }
    }

    private func validity() -> Buffer {
        Buffer(count: counts.count, of: UInt8.self) { target in
            for group in 0..<target.count { target[group] = counts.pointer[group] > 0 ? 1 : 0 }
        }
    }

    func partial() -> [Vector] {
        let sum = Vector(kind: .float64, count: sums.count, form: .flat(sums.buffer()), validity: validity())
        guard isAverage else { return [sum] }
        return [sum, Vector(kind: .int64, count: counts.count, form: .flat(counts.buffer()))]
    }

    func result() throws(SQLError) -> Vector {
        let isAverage = self.isAverage
        func value(_ group: Int) -> Double {
            isAverage ? sums.pointer[group] / Double(Swift.max(counts.pointer[group], 1)) : sums.pointer[group]
        }
        let buffer: Buffer
        switch resultType.storage {
        case .float32:
            buffer = Buffer(count: sums.count, of: Float.self) { target in
                for group in 0..<target.count { target[group] = Float(value(group)) }
            }
        case .float64:
            buffer = Buffer(count: sums.count, of: Double.self) { target in
                for group in 0..<target.count { target[group] = value(group) }
            }
        default: throw SQLError.internalError("a sum of floats into \(resultType)")
        }
        return Vector(kind: resultType.storage, count: sums.count, form: .flat(buffer), validity: validity())
    }
}
