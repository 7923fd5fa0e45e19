import Catalog
package import SQLTypes
package import VectorEngine

/// How values stand in the log and in checkpoints: little-endian, each choice as one byte whose numbers are never
/// reused.
extension ByteWriter {
    package mutating func string(_ text: String) { byteString(Array(text.utf8)) }

    package mutating func byteString(_ bytes: [UInt8]) {
        u32(UInt32(bytes.count))
        raw(bytes)
    }

    package mutating func optional<Value>(_ value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
        bool(value != nil)
        if let value { write(&self, value) }
    }

    mutating func list<Value>(_ values: [Value], _ write: (inout ByteWriter, Value) -> Void) {
        u32(UInt32(values.count))
        for value in values { write(&self, value) }
    }

    mutating func columns(_ columns: [Int]) { list(columns) { $0.u32(UInt32($1)) } }

    mutating func type(_ type: SQLType) {
        switch type {
        case .boolean: u8(0)
        case .smallint: u8(1)
        case .integer: u8(2)
        case .bigint: u8(3)
        case .decimal(let precision, let scale):
            u8(4)
            u8(UInt8(precision))
            u8(UInt8(scale))
        case .real: u8(5)
        case .double: u8(6)
        case .char(let length):
            u8(7)
            u32(UInt32(length))
        case .varchar(let length):
            u8(8)
            u32(UInt32(length))
        case .date: u8(9)
        case .time: u8(10)
        case .timetz: u8(11)
        case .timestamp: u8(12)
        case .timestamptz: u8(13)
        case .intervalYearToMonth: u8(14)
        case .intervalDayToSecond: u8(15)
        case .varbyte(let length):
            u8(16)
            u32(UInt32(length))
        case .unknown: u8(17)
        case .catalog(let type):
            u8(18)
            u8(type.code)
        }
    }

    mutating func value(_ value: SQLValue) {
        switch value {
        case .null: u8(0)
        case .boolean(let value):
            u8(1)
            bool(value)
        case .integer(let value):
            u8(2)
            i64(value)
        case .decimal(let value):
            u8(3)
            i128(value.unscaled)
            u8(UInt8(truncatingIfNeeded: value.scale))
        case .real(let value):
            u8(4)
            u32(value.bitPattern)
        case .double(let value):
            u8(5)
            f64(value)
        case .string(let bytes):
            u8(6)
            byteString(bytes)
        case .date(let value):
            u8(7)
            i32(value)
        case .time(let value):
            u8(8)
            i64(value)
        case .timetz(let microseconds, let secondsWest):
            u8(9)
            i64(microseconds)
            i32(secondsWest)
        case .timestamp(let value):
            u8(10)
            i64(value)
        case .timestamptz(let value):
            u8(11)
            i64(value)
        case .interval(let months, let days, let microseconds):
            u8(12)
            i32(months)
            i32(days)
            i64(microseconds)
        case .varbyte(let bytes):
            u8(13)
            byteString(bytes)
        }
    }
}

extension ByteReader {
    package mutating func string() throws(SQLError) -> String {
        guard let text = String(validating: try byteString(), as: UTF8.self) else {
            throw .corrupt("a name that is not UTF-8")
        }
        return text
    }

    package mutating func byteString() throws(SQLError) -> [UInt8] { Array(try raw(try count(bytesEach: 1))) }

    package mutating func optional<Value>(
        _ read: (inout ByteReader) throws(SQLError) -> Value
    ) throws(SQLError) -> Value? {
        try bool() ? try read(&self) : nil
    }

    mutating func list<Value>(
        bytesEach: Int, _ read: (inout ByteReader) throws(SQLError) -> Value
    ) throws(SQLError) -> [Value] {
        let count = try count(bytesEach: bytesEach)
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }

    /// Positions of columns, each below `count`.
    mutating func columns(below count: Int) throws(SQLError) -> [Int] {
        try list(bytesEach: 4) { (reader) throws(SQLError) in try reader.column(below: count) }
    }

    mutating func column(below count: Int) throws(SQLError) -> Int {
        let column = Int(try u32())
        guard column < count else { throw .corrupt("column \(column) of \(count)") }
        return column
    }

    mutating func type() throws(SQLError) -> SQLType {
        switch try u8() {
        case 0: return .boolean
        case 1: return .smallint
        case 2: return .integer
        case 3: return .bigint
        case 4:
            let precision = Int(try u8())
            let scale = Int(try u8())
            guard precision >= 1, precision <= SQLType.maximumDecimalPrecision, scale <= precision else {
                throw .corrupt("a decimal of \(precision) and \(scale) digits")
            }
            return .decimal(precision: precision, scale: scale)
        case 5: return .real
        case 6: return .double
        case 7: return .char(length: Int(try u32()))
        case 8: return .varchar(length: Int(try u32()))
        case 9: return .date
        case 10: return .time
        case 11: return .timetz
        case 12: return .timestamp
        case 13: return .timestamptz
        case 14: return .intervalYearToMonth
        case 15: return .intervalDayToSecond
        case 16: return .varbyte(length: Int(try u32()))
        case 17: return .unknown
        case 18:
            let code = try u8()
            guard let type = CatalogType(code: code) else { throw .corrupt("unknown catalog type \(code)") }
            return .catalog(type)
        case let other: throw .corrupt("unknown type \(other)")
        }
    }

    mutating func value() throws(SQLError) -> SQLValue {
        switch try u8() {
        case 0: return .null
        case 1: return .boolean(try bool())
        case 2: return .integer(try i64())
        case 3:
            let unscaled = try i128()
            return .decimal(Decimal(unscaled: unscaled, scale: Int(try u8())))
        case 4: return .real(Float(bitPattern: try u32()))
        case 5: return .double(try f64())
        case 6: return .string(try byteString())
        case 7: return .date(try i32())
        case 8: return .time(try i64())
        case 9:
            let microseconds = try i64()
            return .timetz(microseconds: microseconds, secondsWest: try i32())
        case 10: return .timestamp(try i64())
        case 11: return .timestamptz(try i64())
        case 12:
            let months = try i32()
            let days = try i32()
            return .interval(months: months, days: days, microseconds: try i64())
        case 13: return .varbyte(try byteString())
        case let other: throw .corrupt("unknown kind of value \(other)")
        }
    }
}
