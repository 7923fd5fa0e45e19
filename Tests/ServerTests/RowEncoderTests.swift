#if Server
import NIOCore
import PGWire
import SQLTypes
import Testing
import VectorEngine

@testable import Server

/// Whole columns must read like their values written one by one.
struct RowEncoderTests {
    private static let zones = [
        SessionTimeZone.utc, SessionTimeZone(name: "a", secondsEast: -8 * 3_600),
        SessionTimeZone(name: "b", secondsEast: 5 * 3_600 + 1_800),
    ]

    private static let types: [SQLType] =
        [
            .boolean, .smallint, .integer, .bigint, .decimal(precision: 8, scale: 2),
            .decimal(precision: 19, scale: 19),
            .decimal(precision: 18, scale: 0), .decimal(precision: 38, scale: 7), .real, .double, .char(length: 5),
            .varchar(length: 40), .date, .time, .timetz, .timestamp, .timestamptz, .intervalYearToMonth,
            .intervalDayToSecond, .varbyte(length: 8), .oid, .name, .catalog(.int2vector), .array(.integer),
        ]

    @Test(arguments: types)
    func columnsReadLikeTheirValues(type: SQLType) throws {
        var random = SplitMix64(seed: 7)
        for round in 0..<12 {
            let count = [0, 1, 2, 15, 16, 17, 100, 3_000][round % 8]
            let values = (0..<count).map { _ in random.below(5) == 0 ? SQLValue.null : value(of: type, &random) }
            for format in [WireFormat.text, .binary] {
                let zone = Self.zones[round % 3]
                let vector = Vector.of(values, type: type)
                let rows = try rows(vector, type, format, zone)
                #expect(rows == values.map { expected($0, type, format, zone) }, "\(format) of \(count)")
            }
        }
    }

    @Test func narrowFormsAndSlices() throws {
        let codes = Buffer([UInt8](0..<100))
        let coded = Vector(kind: .int32, count: 100, form: .coded(.u8(codes), base: -50))
        let constant = Vector.constant(.integer(7), kind: .int32, count: 3)
        let nulls = Vector.nulls(kind: .int32, count: 2)
        for format in [WireFormat.text, .binary] {
            #expect(
                try rows(coded.slice(40..<60), .integer, format, .utc)
                    == (-10..<10).map { expected(.integer($0), .integer, format, .utc) })
            #expect(
                try rows(constant, .integer, format, .utc)
                    == Array(repeating: expected(.integer(7), .integer, format, .utc), count: 3))
            #expect(try rows(nulls, .integer, format, .utc) == [nil, nil])
        }
    }

    @Test func rowsOfSeveralColumns() throws {
        let columns = [WireColumn("a", .integer), WireColumn("b", .text), WireColumn("c", .boolean, format: .binary)]
        let batch = Batch(
            columns: [
                Vector.of([.integer(1), .null], type: .integer), Vector.of([SQLValue("é"), SQLValue("")], type: .text),
                Vector.of([.boolean(true), .boolean(false)], type: .boolean),
            ], count: 2)
        var buffer = ByteBuffer()
        RowEncoder(columns, TextStyle()).encode(batch, into: &buffer)
        let bytes = Array(buffer.readableBytesView)
        let first: [UInt8] = [
            0x44, 0, 0, 0, 22, 0, 3, 0, 0, 0, 1, 0x31, 0, 0, 0, 2, 0xC3, 0xA9, 0, 0, 0, 1, 1,
        ]
        let second: [UInt8] = [0x44, 0, 0, 0, 19, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0]
        #expect(bytes == first + second)
    }

    // MARK: Helpers

    private func value(of type: SQLType, _ random: inout SplitMix64) -> SQLValue {
        let wide = Int64(bitPattern: random.next()) >> Int64(random.below(63))
        switch type {
        case .boolean: return .boolean(wide & 1 == 0)
        case .smallint: return .integer(Int64(Int16(truncatingIfNeeded: wide)))
        case .integer: return .integer(Int64(Int32(truncatingIfNeeded: wide)))
        case .bigint: return .integer(wide)
        case .catalog(.oid): return .integer(wide & 0xFFFF_FFFF)
        case .decimal(let precision, let scale):
            let limit: Int64 = precision == 8 ? 100_000_000 : .max
            return .decimal(Decimal(unscaled: Int128(wide % limit) * (precision == 38 ? 1_000_003 : 1), scale: scale))
        case .real: return .real(Float(wide) / 7)
        case .double: return .double(Double(wide) / 7)
        case .date: return .date(Int32(truncatingIfNeeded: wide % 2_400_000))
        case .time: return .time(Int64(random.below(86_400)) * 1_000_000 + [0, 5, 120_000][random.below(3)])
        case .timetz: return .timetz(microseconds: Int64(random.below(86_400)) * 1_000_000, secondsWest: 3_600)
        case .timestamp: return .timestamp(wide % 200_000_000_000_000_000)
        case .timestamptz: return .timestamptz(wide % 200_000_000_000_000_000)
        case .intervalYearToMonth:
            return .interval(months: Int32(truncatingIfNeeded: wide % 1_000), days: 0, microseconds: 0)
        case .intervalDayToSecond: return .interval(months: 0, days: 0, microseconds: wide % 1_000_000_000_000)
        case .varbyte: return .varbyte((0..<random.below(8)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case .char: return .string(Array("abcde".utf8.prefix(random.below(6))))
        case .catalog(.int2vector): return SQLValue("1 2")
        case .catalog(.array): return SQLValue("{1,NULL,3}")
        default: return SQLValue(String(repeating: "wörter ", count: random.below(5)))
        }
    }

    private func expected(_ value: SQLValue, _ type: SQLType, _ format: WireFormat, _ zone: SessionTimeZone) -> [UInt8]?
    {
        guard !value.isNull else { return nil }
        if format == .text { return value.text(as: type, zone: zone) }
        var bytes: [UInt8] = []
        BinaryValue.append(value, as: type, to: &bytes)
        return bytes
    }

    /// The cells of DataRow messages of one column.
    private func rows(
        _ vector: Vector, _ type: SQLType, _ format: WireFormat, _ zone: SessionTimeZone
    ) throws -> [[UInt8]?] {
        let encoder = RowEncoder([WireColumn("a", type, format: format)], TextStyle(zone: zone))
        var buffer = ByteBuffer()
        encoder.encode(Batch(columns: [vector], count: vector.count), into: &buffer)
        var rows: [[UInt8]?] = []
        while buffer.readableBytes > 0 {
            guard buffer.readInteger(as: UInt8.self) == UInt8(ascii: "D"),
                let length = buffer.readInteger(as: Int32.self), var row = buffer.readSlice(length: Int(length) - 4),
                row.readInteger(as: UInt16.self) == 1, let count = row.readInteger(as: Int32.self)
            else { throw SQLError.internalError("no DataRow") }
            rows.append(count < 0 ? nil : row.readBytes(length: Int(count)))
            #expect(row.readableBytes == 0)
        }
        return rows
    }
}
#endif
