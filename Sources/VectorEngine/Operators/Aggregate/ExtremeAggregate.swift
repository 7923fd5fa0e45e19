import SQLTypes

enum ExtremeChoice { case minimum, maximum, first }

/// A value type of MIN, MAX and ANY_VALUE: how a column is read into it, and its order in SQL.
protocol ExtremeValue: BitwiseCopyable {
    static var filler: Self { get }
    static func read(_ column: Vector, to target: UnsafeMutablePointer<Self>)
    static func precedes(_ left: Self, _ right: Self) -> Bool
    static func buffer(_ values: UnsafePointer<Self>, count: Int, kind: StorageKind) -> Buffer
}

extension Int64: ExtremeValue {
    static var filler: Int64 { 0 }
    static func read(_ column: Vector, to target: UnsafeMutablePointer<Int64>) { column.copyIntegers(to: target) }
    @inline(__always) static func precedes(_ left: Int64, _ right: Int64) -> Bool { left < right }

    static func buffer(_ values: UnsafePointer<Int64>, count: Int, kind: StorageKind) -> Buffer {
        func cut<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> Buffer {
            Buffer(count: count, of: T.self) { target in
                for group in 0..<count { target[group] = T(truncatingIfNeeded: values[group]) }
            }
        }
        return switch kind {
        case .int8: cut(Int8.self)
        case .int16: cut(Int16.self)
        case .int32: cut(Int32.self)
        default: cut(Int64.self)
        }
    }
}

extension Int128: ExtremeValue {
    static var filler: Int128 { 0 }
    static func read(_ column: Vector, to target: UnsafeMutablePointer<Int128>) { column.copyIntegers(to: target) }
    @inline(__always) static func precedes(_ left: Int128, _ right: Int128) -> Bool { left < right }
    static func buffer(_ values: UnsafePointer<Int128>, count: Int, kind: StorageKind) -> Buffer {
        Buffer(count: count, of: Int128.self) { $0.baseAddress?.update(from: values, count: count) }
    }
}

extension Double: ExtremeValue {
    static var filler: Double { 0 }
    static func read(_ column: Vector, to target: UnsafeMutablePointer<Double>) { column.copyDoubles(to: target) }
    /// NaN is greater than all numbers, as in PostgreSQL.
    @inline(__always) static func precedes(_ left: Double, _ right: Double) -> Bool {
        left < right || (right.isNaN && !left.isNaN)
    }
    static func buffer(_ values: UnsafePointer<Double>, count: Int, kind: StorageKind) -> Buffer {
        guard kind == .float32 else {
            return Buffer(count: count, of: Double.self) { $0.baseAddress?.update(from: values, count: count) }
        }
        return Buffer(count: count, of: Float.self) { target in
            for group in 0..<count { target[group] = Float(values[group]) }
        }
    }
}

/// MIN, MAX, ANY_VALUE (the first), BOOL_AND and BOOL_OR (the least and greatest of 0 and 1) of numbers and dates.
final class ExtremeAggregate<Value: ExtremeValue>: Aggregate {
    private let type: SQLType
    private let choice: ExtremeChoice
    private let best = Column<Value>()
    private let seen = Column<UInt8>()
    private let values = Scratch<Value>()
    private let valid = Scratch<UInt8>()

    init(_ type: SQLType, _ choice: ExtremeChoice) {
        self.type = type
        self.choice = choice
    }

    var byteCount: Int { best.byteCount + seen.byteCount }

    func grow(to groupCount: Int) {
        best.grow(to: groupCount, filling: Value.filler)
        seen.grow(to: groupCount, filling: 0)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) {
        let values = self.values.reserve(rows.count)
        let valid = self.valid.reserve(rows.count)
        Value.read(arguments[0], to: values)
        arguments[0].copyValidity(to: valid)
        switch choice {
        case .minimum: choose(values, valid, rows) { Value.precedes($0, $1) }
        case .maximum: choose(values, valid, rows) { Value.precedes($1, $0) }
        case .first: choose(values, valid, rows) { _, _ in false }
        }
    }

    @inline(__always)
    private func choose(
        _ values: UnsafePointer<Value>, _ valid: UnsafePointer<UInt8>, _ rows: GroupedRows,
        isBetter: (Value, Value) -> Bool
    ) {
        let best = self.best.pointer
        let seen = self.seen.pointer
        for row in 0..<rows.count where valid[row] != 0 {
            let group = Int(rows.groups?[row] ?? 0)
            if seen[group] == 0 || isBetter(values[row], best[group]) {
                best[group] = values[row]
                seen[group] = 1
            }
        }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) { update(states, rows) }
    func partial() -> [Vector] { [result()] }

    func result() -> Vector {
        let buffer = Value.buffer(best.pointer, count: best.count, kind: type.storage)
        return Vector(kind: type.storage, count: best.count, form: .flat(buffer), validity: seen.buffer())
    }
}
