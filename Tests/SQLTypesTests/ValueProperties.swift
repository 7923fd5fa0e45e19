import Testing

@testable import SQLTypes

/// What must hold for any value of any type.
struct ValueProperties {
    static let types: [SQLType] = [
        .boolean, .smallint, .integer, .bigint, .decimal(precision: 9, scale: 3), .decimal(precision: 19, scale: 18),
        .decimal(precision: 38, scale: 10), .real, .double, .char(length: 6), .varchar(length: 6), .date, .time,
        .timetz,
        .timestamp, .timestamptz, .intervalYearToMonth, .intervalDayToSecond, .varbyte(length: 6), .oid, .name,
        .array(.integer),
    ]

    @Test(arguments: types)
    func textGivesTheValueBack(type: SQLType) throws {
        var random = SplitMix64(seed: 20)
        guard type.family != .varbyte else { return }
        for _ in 0..<300 {
            let value = random.value(of: type)
            let text = value.text(as: type)
            let again = try type.parse(text)
            // Floats keep the digits that are shown.
            if type.isFloat {
                #expect(again.text(as: type) == text)
            } else {
                #expect(SQLValue.compare(again, value) == .equal, "\(String(decoding: text, as: UTF8.self)): \(value)")
            }
        }
    }

    @Test(arguments: types)
    func storedIntegersAreInOrder(type: SQLType) {
        var random = SplitMix64(seed: 21)
        var last: (value: SQLValue, integer: Int128)?
        for _ in 0..<300 {
            let value = random.value(of: type)
            guard let integer = value.storedInteger(as: type) else {
                #expect(!type.storage.isInteger)
                continue
            }
            if let last { #expect(SQLValue.compare(last.value, value) == SQLOrdering(last.integer, integer)) }
            last = (value, integer)
        }
    }

    @Test(arguments: types)
    func equalValuesShareASlice(type: SQLType) throws {
        var random = SplitMix64(seed: 22)
        for _ in 0..<300 {
            let (a, b) = (random.value(of: type), random.value(of: type))
            let isEqual = SQLValue.compare(a, b) == .equal
            let hashesAgree = DistributionHash.hash(a, as: type) == DistributionHash.hash(b, as: type)
            #expect(isEqual == hashesAgree, "\(a) \(b)")
        }
    }

    @Test(arguments: types)
    func orderIsTotal(type: SQLType) throws {
        var random = SplitMix64(seed: 23)
        for _ in 0..<200 {
            let values = [random.value(of: type), random.value(of: type), random.value(of: type)].sorted {
                SQLValue.compareNullsLast($0, $1) == .less
            }
            #expect(SQLValue.compare(values[0], values[2]) != .greater)
            #expect(SQLValue.compare(values[2], values[0]) == SQLValue.compare(values[0], values[2])?.reversed)
        }
    }

    @Test func numberTextNeverTraps() {
        var random = SplitMix64(seed: 24)
        let pieces = [
            "0", "9", "99999999999999999999", "-", "+", ".", "e", "E-", "400", " ", "x", "NaN", "infinity", "é", "1e5",
        ]
        for _ in 0..<3_000 {
            let text = (0...random.below(6)).map { _ in pieces[random.below(pieces.count)] }.joined()
            for type in Self.types {
                guard let value = try? type.parse(Array(text.utf8)) else { continue }
                _ = value.text(as: type)
                for target in Self.types { _ = try? value.cast(from: type, to: target, context: .explicit) }
            }
        }
    }
}

extension SplitMix64 {
    /// Few enough strings and small numbers that equal values come up.
    fileprivate mutating func value(of type: SQLType) -> SQLValue {
        let small = below(3) == 0
        switch type {
        case .boolean: return .boolean(below(2) == 0)
        case .smallint, .integer, .bigint:
            return .integer(small ? int64(in: -2...2) : int64(in: type.integerRange))
        case .decimal(let precision, let scale):
            let bound = Decimal.maximumUnscaled(precision: precision)
            let wide = Int128(truncatingIfNeeded: next()) << 64 | Int128(next())
            return .decimal(Decimal(unscaled: small ? Int128(below(3)) : wide % bound, scale: scale))
        case .real: return .real(small ? Float(below(2)) * -1 : Float(unitDouble() * 1e9))
        case .double: return .double(small ? Double(below(2)) * -1 : unitDouble() * 1e9)
        case .char: return SQLValue(["", "a", "ab", "b"][below(4)])
        case .varchar: return SQLValue(["", " ", "a", "a  ", "ab", "é", "b\t"][below(7)])
        case .varbyte: return .varbyte([[], [32], [0], [0, 0]][below(4)])
        case .date: return .date(Int32(small ? below(3) : below(DateRange.days.count) + DateRange.days.lowerBound))
        case .time: return .time(int64(in: 0...(small ? 2 : TimeOfDay.microsecondsPerDay)))
        case .timetz:
            return .timetz(
                microseconds: int64(in: 0...(small ? 2 : TimeOfDay.microsecondsPerDay)),
                secondsWest: 0)
        case .timestamp: return .timestamp(small ? int64(in: 0...2) : int64(in: DateRange.microseconds))
        case .timestamptz: return .timestamptz(small ? int64(in: 0...2) : int64(in: DateRange.microseconds))
        case .intervalYearToMonth: return .interval(months: Int32(below(200) - 100), days: 0, microseconds: 0)
        case .intervalDayToSecond:
            return .interval(
                months: 0, days: Int32(below(3) - 1),
                microseconds: small ? 0 : int64(in: -1_000_000_000_000...1_000_000_000_000))
        case .unknown: return .null
        case .catalog(let type):
            if type.storage == .int64 { return .integer(small ? Int64(below(3)) : int64(in: 0...Int64(UInt32.max))) }
            return SQLValue(type.element == nil ? ["", "a", "b"][below(3)] : ["{}", "{1}", "{1,2}"][below(3)])
        }
    }
}
