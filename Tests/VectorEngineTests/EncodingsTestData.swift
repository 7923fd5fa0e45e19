import SQLTypes
import VectorEngine

/// A column in the making, by value: what goes in, and what must come out.
struct TestColumn: Sendable, CustomStringConvertible {
    var type: SQLType
    var name: String
    /// nil is null.
    var values: [SQLValue?]

    var description: String { "\(type) \(name) × \(values.count)" }
}

enum Nulls: String, CaseIterable, Sendable { case none, some, all }

extension TestColumn {
    static let numericTypes: [SQLType] = [
        .boolean, .smallint, .integer, .bigint, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 4),
        .date,
        .timestamp, .timetz, .real, .double,
    ]
    static let stringTypes: [SQLType] = [.char(length: 10), .varchar(length: 4_000), .varbyte(length: 100)]

    /// Each type with each of its distributions of values.
    static func all(count: Int, nulls: Nulls, seed: UInt64) -> [TestColumn] {
        var columns: [TestColumn] = []
        for type in numericTypes {
            for shape in ["constant", "narrow", "sorted", "runs", "few", "wide", "extreme"] {
                columns.append(TestColumn(type, shape, count, nulls, seed))
            }
        }
        for type in stringTypes {
            for shape in ["constant", "few", "runs", "distinct", "words", "empty"] {
                columns.append(TestColumn(type, shape, count, nulls, seed))
            }
        }
        return columns
    }

    init(_ type: SQLType, _ shape: String, _ count: Int, _ nulls: Nulls, _ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var values: [SQLValue?] = []
        values.reserveCapacity(count)
        for row in 0..<count {
            let value =
                type.storage == .bytes
                ? Self.string(type, shape, row, &random) : Self.number(type, shape, row, &random)
            switch nulls {
            case .none: values.append(value)
            case .some: values.append(random.next() % 4 == 0 ? nil : value)
            case .all: values.append(nil)
            }
        }
        self.init(type: type, name: "\(shape), \(nulls.rawValue) null", values: values)
    }

    private static func number(_ type: SQLType, _ shape: String, _ row: Int, _ random: inout SplitMix64) -> SQLValue {
        let word = random.next()
        let narrow: Int64 =
            switch shape {
            case "constant": 7
            case "narrow": 1_000 + Int64(word % 1_000)
            case "sorted": Int64(row) * 3 + Int64(word % 3)
            case "runs": Int64(row / 300) * 11
            case "few": [-30_000, 5, 77, 30_000, 12_345][Int(word % 5)]
            case "wide": Int64(bitPattern: word) >> 2
            default: [Int64.min, Int64.max, 0, -1, 1][Int(word % 5)]
            }
        switch type {
        case .boolean: return .boolean(narrow & 1 == 1)
        case .smallint: return .integer(Int64(Int16(truncatingIfNeeded: narrow)))
        case .integer: return .integer(Int64(Int32(truncatingIfNeeded: narrow)))
        case .bigint: return .integer(narrow)
        case .decimal(let precision, let scale):
            let large = precision > 19 && shape == "wide" ? Int128(narrow) * 0x1234_5678_9ABC : Int128(narrow)
            return .decimal(Decimal(unscaled: large, scale: scale))
        case .date: return .date(Int32(truncatingIfNeeded: narrow))
        case .timestamp: return .timestamp(narrow)
        case .timetz:
            let zones: [Int32] = [0, -3_600, 18_000]
            return .timetz(microseconds: Int64(word % 86_400_000_000), secondsWest: zones[row % 3])
        case .real:
            return .real(
                shape == "extreme"
                    ? [Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude][row % 5] : Float(narrow))
        default:
            return .double(
                shape == "extreme"
                    ? [.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude][row % 5] : Double(narrow) / 3)
        }
    }

    private static func string(_ type: SQLType, _ shape: String, _ row: Int, _ random: inout SplitMix64) -> SQLValue {
        let word = random.next()
        let words = ["quick", "fox", "", "über", "the", "blue  ", "x"]
        let text: String =
            switch shape {
            case "constant": "same"
            case "few": "entry \(word % 7)" + String(repeating: " ", count: Int(word >> 8 % 2))
            case "runs": "run \(row / 100)"
            case "distinct": "\(row)-\(String(word, radix: 36))"
            case "words": (0..<Int(word % 9)).map { words[Int((word >> UInt64(4 * $0)) % 7)] }.joined(separator: " ")
            default: row % 3 == 0 ? " " : ""
            }
        if case .varbyte = type { return .varbyte(Array(text.utf8) + [UInt8(truncatingIfNeeded: word), 0x20]) }
        return .string(Array(text.utf8))
    }

    /// As a vector of flat values or views.
    var vector: Vector {
        let isNull = values.contains { $0 == nil }
        let validity = isNull ? Buffer(values.map { $0 == nil ? UInt8(0) : 1 }) : nil
        let count = values.count
        let form: Vector.Form
        switch type.storage {
        case .int8: form = .flat(Buffer(values.map { Int8(truncatingIfNeeded: Self.integer($0)) }))
        case .int16: form = .flat(Buffer(values.map { Int16(truncatingIfNeeded: Self.integer($0)) }))
        case .int32: form = .flat(Buffer(values.map { Int32(truncatingIfNeeded: Self.integer($0)) }))
        case .int64: form = .flat(Buffer(values.map { Int64(truncatingIfNeeded: Self.integer($0)) }))
        case .int128: form = .flat(Buffer(values.map { Self.integer($0) }))
        case .float32: form = .flat(Buffer(values.map { if case .real(let value) = $0 { value } else { Float(0) } }))
        case .float64: form = .flat(Buffer(values.map { if case .double(let value) = $0 { value } else { Double(0) } }))
        case .bytes: form = views()
        }
        return Vector(kind: type.storage, count: count, form: form, validity: validity)
    }

    private func views() -> Vector.Form {
        let strings = values.map { Self.bytes($0) }
        let owner = Buffer(strings.flatMap { $0 })
        var next = owner.pointer(as: UInt8.self)
        var views: [StringView] = []
        for string in strings {
            views.append(StringView(next, count: string.count))
            next += string.count
        }
        return .views(Buffer(views), owners: [owner])
    }

    static func bytes(_ value: SQLValue?) -> [UInt8] {
        switch value {
        case .string(let bytes), .varbyte(let bytes): bytes
        default: []
        }
    }

    static func integer(_ value: SQLValue?) -> Int128 {
        switch value {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value), .timestamp(let value): Int128(value)
        case .decimal(let value): value.unscaled
        case .date(let value): Int128(value)
        case .timetz(let microseconds, let west):
            (Int128(microseconds) + Int128(west) * 1_000_000) << 32 | Int128(Int64(west) + 1 << 31)
        default: 0
        }
    }

    /// What distinguishes two values bit by bit, NaN and −0 included.
    enum Bits: Hashable { case null, number(Int128), bytes([UInt8]) }

    var bits: [Bits] {
        values.map { value in
            switch value {
            case nil: .null
            case .real(let value): .number(Int128(value.bitPattern))
            case .double(let value): .number(Int128(value.bitPattern))
            case .string(let bytes), .varbyte(let bytes): .bytes(bytes)
            case .some: .number(Self.integer(value))
            }
        }
    }
}

extension Vector {
    /// Each row as the test compares it.
    var bits: [TestColumn.Bits] { (0..<count).map { bits(at: offset + $0) } }

    private func bits(at row: Int) -> TestColumn.Bits {
        if let validity, validity.pointer(as: UInt8.self)[row] == 0 { return .null }
        switch form {
        case .constant(.null): return .null
        case .constant: return .bytes([])
        case .coded(let codes, let base): return .number(Int128(base) + Int128(codes[row]))
        case .dictionary(let codes, let dictionary): return .bytes(Array(dictionary.entries[codes[row]].bytes))
        case .views(let buffer, _): return .bytes(Array(buffer.pointer(as: StringView.self)[row].bytes))
        case .flat(let buffer):
            switch kind {
            case .int8: return .number(Int128(buffer.pointer(as: Int8.self)[row]))
            case .int16: return .number(Int128(buffer.pointer(as: Int16.self)[row]))
            case .int32: return .number(Int128(buffer.pointer(as: Int32.self)[row]))
            case .int64: return .number(Int128(buffer.pointer(as: Int64.self)[row]))
            case .int128: return .number(buffer.pointer(as: Int128.self)[row])
            case .float32: return .number(Int128(buffer.pointer(as: UInt32.self)[row]))
            case .float64, .bytes: return .number(Int128(buffer.pointer(as: UInt64.self)[row]))
            }
        }
    }
}
