import SQLTypes
import Testing

struct CastTests {
    private static let dec82 = SQLType.decimal(precision: 8, scale: 2)

    @Test(
        arguments: [
            (SQLValue("Incomplete"), SQLType.text, SQLType.char(length: 3), CastContext.explicit, "Inc"),
            (SQLValue("Fourscore and seven"), .text, .varchar(length: 5), .explicit, "Fours"),
            (SQLValue("ééé"), .text, .varchar(length: 3), .explicit, "é"),
            (
                SQLValue("abcd"), .text, .varchar(length: 3), .assignment,
                "22001 value too long for type character varying(3)"
            ),
            (SQLValue("abc   "), .text, .varchar(length: 3), .assignment, "abc"),
            (SQLValue("abc"), .text, .char(length: 5), .assignment, "abc  "),
            (SQLValue("ab"), .char(length: 4), .varchar(length: 4), .implicit, "ab"),
            (SQLValue("12"), .unknown, .integer, .implicit, "12"),
            (SQLValue("12"), .text, .integer, .implicit, "42846 cannot cast type character varying to integer"),
            (SQLValue("12"), .text, .integer, .explicit, "12"),
            (SQLValue(""), .text, .integer, .explicit, "22P02 invalid input syntax for integer: \"\""),
            (SQLValue("t"), .text, .boolean, .explicit, "42846 cannot cast type character varying to boolean"),
            (SQLValue("t"), .unknown, .boolean, .explicit, "t"),
            (SQLValue("2008-01-02"), .text, .date, .explicit, "2008-01-02"),
            (.integer(12_345_678), .integer, .smallint, .explicit, "22003 smallint out of range"),
            (.integer(12_345), .integer, .varchar(length: 10), .implicit, "12345"),
            (.integer(3), .integer, .boolean, .implicit, "t"), (.boolean(true), .boolean, .integer, .explicit, "1"),
            (.boolean(true), .boolean, .integer, .implicit, "42846 cannot cast type boolean to integer"),
            (.boolean(true), .boolean, .text, .explicit, "42846 cannot cast type boolean to character varying"),
            (.decimal(decimal("1.1")), .decimal(precision: 2, scale: 1), .integer, .assignment, "1"),
            (.decimal(decimal("-2.5")), .decimal(precision: 2, scale: 1), .integer, .assignment, "-3"),
            (
                .decimal(decimal("109.652")), .decimal(precision: 6, scale: 3), .decimal(precision: 4, scale: 1),
                .explicit, "109.7"
            ),
            (
                .decimal(decimal("123.456")), .decimal(precision: 6, scale: 3), .decimal(precision: 2, scale: 1),
                .explicit,
                "22003 Numeric data overflow (result precision)"
            ),
            (
                .decimal(decimal("99999.99")), dec82, .decimal(precision: 7, scale: 3), .explicit,
                "22003 Numeric data overflow (result precision)"
            ),
            (
                .decimal(decimal("1.5")), .decimal(precision: 2, scale: 1), .boolean, .explicit,
                "42846 cannot cast type numeric to boolean"
            ),
            (.double(2.5), .double, .integer, .explicit, "2"), (.double(3.5), .double, .integer, .explicit, "4"),
            (.double(1e20), .double, .bigint, .explicit, "22003 bigint out of range"),
            (.double(.nan), .double, .integer, .explicit, "22003 integer out of range"),
            (.double(1.005), .double, dec82, .explicit, "1.01"),
            (
                .double(1e30), .double, dec82, .explicit,
                "22003 Numeric data overflow (result precision)"
            ),
            (.double(1e300), .double, .real, .explicit, "22003 real out of range"),
            (.real(0.1), .real, dec82, .implicit, "0.10"),
            (.decimal(decimal("0.1")), .decimal(precision: 1, scale: 1), .double, .implicit, "0.1"),
            (.date(0), .date, .timestamp, .implicit, "2000-01-01 00:00:00"),
            (.date(0), .date, .text, .implicit, "2000-01-01"),
            (.date(0), .date, .integer, .explicit, "42846 cannot cast type date to integer"),
            (.timestamp(-1), .timestamp, .date, .assignment, "1999-12-31"),
            (.timestamp(-1), .timestamp, .time, .assignment, "23:59:59.999999"),
            (.time(0), .time, .timetz, .implicit, "00:00:00+00"),
            (.timetz(microseconds: 5_000_000, secondsWest: 3_600), .timetz, .time, .implicit, "00:00:05"),
            (.null, .integer, .text, .implicit, ""),
            (SQLValue("é"), .text, .varbyte(length: 2), .explicit, "c3a9"),
            (.varbyte([0xC3, 0xA9]), .varbyte(length: 2), .text, .explicit, "é"),
            (
                .varbyte([0x41, 0xFF]), .varbyte(length: 2), .text, .explicit,
                "22021 invalid byte sequence for encoding \"UTF8\": 0xff"
            ),
        ] as [(SQLValue, SQLType, SQLType, CastContext, String)])
    func casts(value: SQLValue, source: SQLType, target: SQLType, context: CastContext, expected: String) {
        do {
            let result = try value.cast(from: source, to: target, context: context)
            #expect(show(result, as: target) == expected)
        } catch {
            #expect("\(error.state.code) \(error.message)" == expected)
        }
    }

    @Test func zonesInCasts() throws {
        let west = DateTimeContext(zone: SessionTimeZone(name: "PST", secondsEast: -28_800))
        let midnight = SQLValue.timestamp(0)
        let instant = try midnight.cast(from: .timestamp, to: .timestamptz, context: .implicit, dateTime: west)
        #expect(instant == .timestamptz(8 * TimeOfDay.microsecondsPerHour))
        #expect(try instant.cast(from: .timestamptz, to: .timestamp, context: .implicit, dateTime: west) == midnight)
        #expect(
            try instant.cast(from: .timestamptz, to: .timetz, context: .implicit, dateTime: west)
                == .timetz(microseconds: 8 * TimeOfDay.microsecondsPerHour, secondsWest: 0))
    }

    private static let samples: [(SQLType, SQLValue)] = [
        (.boolean, .boolean(true)), (.smallint, .integer(7)), (.integer, .integer(7)), (.bigint, .integer(7)),
        (.decimal(precision: 8, scale: 2), .decimal(Decimal(unscaled: 750, scale: 2))), (.real, .real(7.5)),
        (.double, .double(7.5)), (.char(length: 30), SQLValue("7")), (.varchar(length: 30), SQLValue("7")),
        (.date, .date(7)),
        (.time, .time(7)), (.timetz, .timetz(microseconds: 7, secondsWest: 0)), (.timestamp, .timestamp(7)),
        (.timestamptz, .timestamptz(7)), (.intervalYearToMonth, .interval(months: 7, days: 0, microseconds: 0)),
        (.intervalDayToSecond, .interval(months: 0, days: 7, microseconds: 0)), (.varbyte(length: 30), .varbyte([7])),
        (.unknown, SQLValue("7")),
    ]

    /// What the matrix allows is implemented: no cast ends in an internal error. What it forbids is 42846. A context
    /// allows all that a stricter one does.
    @Test func theMatrixIsImplemented() {
        for (source, value) in Self.samples {
            for (target, _) in Self.samples {
                for context in CastContext.allCases {
                    let allowed = SQLType.canCast(from: source, to: target, context: context)
                    if context != .explicit, allowed {
                        #expect(SQLType.canCast(from: source, to: target, context: .explicit))
                    }
                    do {
                        _ = try value.cast(from: source, to: target, context: context)
                        #expect(allowed)
                    } catch {
                        #expect(error.state != .internalError, "\(source) to \(target): \(error)")
                        #expect(allowed == (error.state != .cannotCoerce), "\(source) to \(target): \(error)")
                    }
                }
            }
        }
    }

    @Test func documentedMatrix() {
        let expected: [(SQLType, [SQLType])] = [
            (.smallint, [.integer, .bigint, .boolean, Self.dec82, .real, .double, .char(length: 9), .text]),
            (Self.dec82, [.smallint, .integer, .bigint, .real, .double, .char(length: 9), .text]),
            (.double, [.smallint, .integer, .bigint, .real, Self.dec82, .char(length: 9), .text]),
            (.char(length: 9), [.text]), (.text, []), (.boolean, []),
            (.date, [.char(length: 9), .text, .timestamp, .timestamptz]),
            (.timestamp, [.char(length: 9), .text, .date, .time, .timestamptz]),
            (.timestamptz, [.char(length: 9), .text, .date, .timestamp, .timetz]),
            (.time, [.text, .timetz]), (.timetz, [.text, .time]), (.varbyte(length: 9), []),
        ]
        let all: [SQLType] = [
            .boolean, .smallint, .integer, .bigint, Self.dec82, .real, .double, .char(length: 9), .text, .date, .time,
            .timetz,
            .timestamp, .timestamptz, .varbyte(length: 9),
        ]
        for (source, targets) in expected {
            for target in all where target != source {
                #expect(
                    SQLType.canCast(from: source, to: target, context: .implicit) == targets.contains(target),
                    "\(source) to \(target)")
            }
        }
    }

    @Test(
        arguments: [
            ([SQLType.smallint, .integer], SQLType.integer), ([.unknown, .date], .date),
            ([.unknown, .unknown], .unknown),
            ([.integer, .real], .double), ([.real, .real], .real),
            ([.char(length: 3), .char(length: 5)], .char(length: 5)),
            ([.char(length: 3), .varchar(length: 2)], .varchar(length: 3)),
            ([.date, .timestamp, .timestamptz], .timestamptz),
            ([.time, .timetz], .timetz), ([.integer, .text], nil), ([.boolean, .integer], nil), ([.date, .time], nil),
            ([.bigint, .decimal(precision: 12, scale: 2)], .decimal(precision: 19, scale: 2)),
        ] as [([SQLType], SQLType?)])
    func commonTypes(types: [SQLType], expected: SQLType?) {
        #expect(SQLType.common(of: types) == expected)
        #expect(SQLType.common(of: types.reversed()) == expected)
    }

    @Test func comparisonTypes() {
        #expect(SQLType.comparison(Self.dec82, .text) == Self.dec82)
        #expect(SQLType.comparison(.text, .integer) == .text)
        #expect(SQLType.comparison(.date, .text) == .date)
        #expect(SQLType.comparison(.boolean, .text) == nil)
        #expect(
            SQLType.comparison(.decimal(precision: 18, scale: 1), .decimal(precision: 18, scale: 3))
                == .decimal(precision: 20, scale: 3))
        #expect(SQLType.comparison(.bigint, Self.dec82) == .decimal(precision: 21, scale: 2))
        #expect(SQLType.comparison(.double, Self.dec82) == .double)
    }
}

struct ComparisonTests {
    @Test(
        arguments: [
            (SQLValue("abc"), SQLValue("abc   "), SQLOrdering.equal), (SQLValue("ab"), SQLValue("abc"), .less),
            (SQLValue("a\t"), SQLValue("a"), .greater), (SQLValue("Z"), SQLValue("a"), .less),
            (SQLValue(""), SQLValue("  "), .equal),
            (SQLValue("é"), SQLValue("z"), .greater), (.double(0), .double(-0.0), .equal),
            (.double(.nan), .double(.nan), .equal),
            (.double(.nan), .double(.infinity), .greater), (.real(1.5), .double(1.5), .equal),
            (.integer(2), .decimal(decimal("2.00")), .equal), (.integer(2), .decimal(decimal("2.01")), .less),
            (.integer(3), .double(2.5), .greater), (.boolean(false), .boolean(true), .less),
            (.date(1), .timestamp(TimeOfDay.microsecondsPerDay), .equal), (.varbyte([1, 32]), .varbyte([1]), .greater),
            (.timetz(microseconds: 0, secondsWest: 0), .timetz(microseconds: 0, secondsWest: 3_600), .less),
        ] as [(SQLValue, SQLValue, SQLOrdering)])
    func compares(left: SQLValue, right: SQLValue, expected: SQLOrdering) {
        #expect(SQLValue.compare(left, right) == expected)
        #expect(SQLValue.compare(right, left) == expected.reversed)
    }

    @Test func nulls() {
        #expect(SQLValue.compare(.null, .integer(1)) == nil)
        #expect(SQLValue.isNotDistinct(.null, .null))
        #expect(!SQLValue.isNotDistinct(.null, .integer(1)))
        #expect(SQLValue.compareNullsLast(.null, .integer(1)) == .greater)
        #expect(SQLValue.compareNullsLast(.null, .null) == .equal)
    }

    @Test func timetzPacksInOrder() {
        var random = SplitMix64(seed: 10)
        for _ in 0..<1_000 {
            let time = random.int64(in: 0...TimeOfDay.microsecondsPerDay)
            let west = Int32(random.int64(in: -53_940...53_940))
            let packed = TimeOfDay.packed(microseconds: time, secondsWest: west)
            #expect(TimeOfDay.unpacked(packed) == (time, west))
        }
    }
}
