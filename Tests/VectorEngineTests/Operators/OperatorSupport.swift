import SQLTypes
import Testing

@testable import VectorEngine

/// Rows as plain values: what the reference implementations in these tests work on.
typealias Row = [SQLValue]

extension SplitMix64 {
    /// A value of few (`spread`) possible ones, so that keys meet; strings sometimes differ in trailing blanks only.
    mutating func value(of type: SQLType, spread: Int, nullPercent: Int) -> SQLValue {
        if nullPercent > 0 && below(100) < nullPercent { return .null }
        let number = Int64(below(spread)) - Int64(spread / 2)
        switch type {
        case .boolean: return .boolean(number % 2 == 0)
        case .smallint, .integer, .bigint: return .integer(number)
        case .decimal(let precision, let scale):
            let factor: Int128 = precision > 19 && below(2) == 0 ? Int128(1) << 70 : 1
            return .decimal(Decimal(unscaled: Int128(number) * factor, scale: scale))
        case .real: return .real(below(20) == 0 ? .nan : Float(number) / 2)
        case .double: return .double(number == 0 && below(2) == 0 ? -0.0 : Double(number) / 2)
        case .date: return .date(Int32(number))
        case .timestamp: return .timestamp(number * 1_000_000)
        case .char, .varchar:
            let blanks = String(repeating: " ", count: below(4) == 0 ? below(3) : 0)
            return SQLValue((number % 3 == 0 ? "a rather long string no. " : "s") + "\(number)" + blanks)
        case .varbyte: return .varbyte(Array("b\(number)".utf8))
        default: preconditionFailure("no random \(type)")
        }
    }

    mutating func rows(_ types: [SQLType], count: Int, spread: Int, nullPercent: Int) -> [Row] {
        (0..<count).map { _ in types.map { value(of: $0, spread: spread, nullPercent: nullPercent) } }
    }

    /// The values in any form that can carry them, at any offset.
    mutating func vector(_ values: [SQLValue], type: SQLType) -> Vector {
        if let first = values.first, values.allSatisfy({ $0 == first }), below(2) == 0 {
            return .constant(first, kind: type.storage, count: values.count)
        }
        let before = below(3)
        let padded = Array(repeating: values.first ?? .null, count: before) + values
        let whole: Vector
        switch type.storage {
        case .int8, .int16, .int32, .int64: whole = below(2) == 0 ? coded(padded, type) : .of(padded, type: type)
        case .bytes: whole = below(2) == 0 ? dictionary(padded, type) : .of(padded, type: type)
        default: whole = .of(padded, type: type)
        }
        return whole.slice(before..<padded.count)
    }

    private mutating func coded(_ values: [SQLValue], _ type: SQLType) -> Vector {
        let integers = values.map { $0.storedInteger(as: type.storage).map { Int64(truncatingIfNeeded: $0) } }
        let base = integers.compactMap(\.self).min() ?? 0
        let codes = integers.map { UInt32(truncatingIfNeeded: ($0 ?? base) - base) }
        let widest = codes.max() ?? 0
        let form: Codes =
            switch below(3) {
            case 0 where widest <= 255: .u8(Buffer(codes.map { UInt8($0) }))
            case 0, 1: widest <= 65_535 ? .u16(Buffer(codes.map { UInt16($0) })) : .u32(Buffer(codes))
            default: .u32(Buffer(codes))
            }
        return Vector(
            kind: type.storage, count: values.count, form: .coded(form, base: base), validity: validity(values))
    }

    private mutating func dictionary(_ values: [SQLValue], _ type: SQLType) -> Vector {
        var entries: [SQLValue] = []
        for value in values where !value.isNull && !entries.contains(value) { entries.append(value) }
        if entries.isEmpty { entries = [type == .varbyte(length: 10) ? .varbyte([]) : .string([])] }
        guard case .views(let views, let owners) = Vector.of(entries, type: type).form else {
            preconditionFailure("strings that are no views")
        }
        let codes = values.map { value in UInt8(entries.firstIndex(of: value) ?? 0) }
        let dictionary = StringDictionary(views: views, owners: owners)
        return Vector(
            kind: .bytes, count: values.count, form: .dictionary(.u8(Buffer(codes)), dictionary),
            validity: validity(values))
    }

    private func validity(_ values: [SQLValue]) -> Buffer? {
        values.contains(.null) ? Buffer(values.map { $0.isNull ? 0 : 1 as UInt8 }) : nil
    }

    /// The rows cut into batches of random sizes.
    mutating func batches(_ rows: [Row], _ types: [SQLType], largest: Int = 200) -> [Batch] {
        var result: [Batch] = []
        var position = 0
        while position < rows.count {
            let end = min(position + 1 + below(largest), rows.count)
            result.append(batch(Array(rows[position..<end]), types))
            position = end
        }
        return result
    }

    mutating func batch(_ rows: [Row], _ types: [SQLType]) -> Batch {
        Batch(
            columns: types.indices.map { column in vector(rows.map { $0[column] }, type: types[column]) },
            count: rows.count)
    }
}

extension Batch {
    func rows(_ types: [SQLType]) -> [Row] {
        (0..<count).map { row in zip(columns, types).map { $0.value(at: row, as: $1) } }
    }
}

extension [Batch] {
    func rows(_ types: [SQLType]) -> [Row] { flatMap { $0.rows(types) } }
}

/// Runs one operator over batches as the segment driver does.
func run(_ operation: any BatchOperator, _ batches: [Batch]) throws -> [Batch] {
    var output: [Batch] = []
    for batch in batches {
        if operation.isSatisfied { break }
        try operation.consume(batch)
        while let made = try operation.produce() { if made.count > 0 { output.append(made) } }
    }
    try operation.inputEnded()
    while let made = try operation.produce() { if made.count > 0 { output.append(made) } }
    #expect(output.allSatisfy { $0.count > 0 }, "an empty batch was handed out")
    return output
}

/// A value under which SQL-equal values are the same: for dictionaries and sorting in references.
func canonical(_ value: SQLValue) -> SQLValue {
    switch value {
    case .string(let bytes): .string(Array(bytes.reversed().drop { $0 == 0x20 }.reversed()))
    case .double(let double): .double(double.isNaN ? .nan : double == 0 ? 0 : double)
    // NaN is not equal to itself as a key: a string stands for it.
    case .real(let real): real.isNaN ? SQLValue("NaN") : .real(real == 0 ? 0 : real)
    default: value
    }
}

/// Rows in any order, compared as SQL does.
func sameRows(_ left: [Row], _ right: [Row]) -> Bool {
    func key(_ row: Row) -> String { row.map { "\(canonical($0))" }.joined(separator: "|") }
    return left.map(key).sorted() == right.map(key).sorted()
}
