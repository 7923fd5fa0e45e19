import SQLTypes

/// BIT_AND and BIT_OR of integers and booleans; null where no value was seen.
final class BitAggregate: Aggregate {
    private let type: SQLType
    private let isAnd: Bool
    private let bits = Column<Int64>()
    private let seen = Column<UInt8>()
    private let values = Scratch<Int64>()
    private let valid = Scratch<UInt8>()

    init(_ type: SQLType, isAnd: Bool) {
        self.type = type
        self.isAnd = isAnd
    }

    var byteCount: Int { bits.byteCount + seen.byteCount }

    func grow(to groupCount: Int) {
        bits.grow(to: groupCount, filling: isAnd ? -1 : 0)
        seen.grow(to: groupCount, filling: 0)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) {
        let values = self.values.reserve(rows.count)
        let valid = self.valid.reserve(rows.count)
        arguments[0].copyIntegers(to: values)
        arguments[0].copyValidity(to: valid)
        for row in 0..<rows.count where valid[row] != 0 {
            let group = Int(rows.groups?[row] ?? 0)
            if isAnd { bits.pointer[group] &= values[row] } else { bits.pointer[group] |= values[row] }
            seen.pointer[group] = 1
        }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) { update(states, rows) }
    func partial() -> [Vector] { [result()] }

    func result() -> Vector {
        let buffer = Int64.buffer(bits.pointer, count: bits.count, kind: type.storage)
        return Vector(kind: type.storage, count: bits.count, form: .flat(buffer), validity: seen.buffer())
    }
}
