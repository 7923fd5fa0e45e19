import SQLTypes
import Testing

@testable import VectorEngine

/// One argument of a call in the tables below: its text and type; nil text is NULL.
struct Argument: Sendable, CustomStringConvertible {
    let text: String?
    let type: SQLType
    var description: String { text.map { "'\($0)'" } ?? "NULL" }

    func value() throws(SQLError) -> SQLValue {
        guard let text else { return .null }
        return type == .unknown ? SQLValue(text) : try type.parse(Array(text.utf8))
    }
}

private func s(_ text: String) -> Argument { Argument(text: text, type: .unknown) }
private func int(_ number: Int) -> Argument { Argument(text: "\(number)", type: .integer) }
private func dec(_ text: String) -> Argument {
    let scale = text.split(separator: ".").dropFirst().first?.count ?? 0
    return Argument(text: text, type: .decimal(precision: text.filter(\.isNumber).count, scale: scale))
}
private func dbl(_ text: String) -> Argument { Argument(text: text, type: .double) }
private func date(_ text: String) -> Argument { Argument(text: text, type: .date) }
private func ts(_ text: String) -> Argument { Argument(text: text, type: .timestamp) }
private func time(_ text: String) -> Argument { Argument(text: text, type: .time) }
private let null = Argument(text: nil, type: .varchar(length: 10))

struct Pair: Sendable, CustomStringConvertible {
    let name: String
    let arguments: [Argument]
    /// nil: NULL.
    let result: String?
    init(_ name: String, _ arguments: [Argument], _ result: String?) {
        self.name = name
        self.arguments = arguments
        self.result = result
    }
    var description: String { "\(name)(\(arguments.map(\.description).joined(separator: ", ")))" }
}

struct ExpressionsFunctionTests {
    /// - Source: Redshift developer guide, the samples of each function's page.
    static let strings: [Pair] = [
        Pair("len", [s("cat")], "3"), Pair("len", [s("cat   ")], "6"), Pair("length", [s("français")], "8"),
        Pair("octet_length", [s("français")], "9"), Pair("len", [null], nil),
        Pair("len", [Argument(text: "Augusta", type: .char(length: 20))], "7"),
        Pair("substring", [s("caterpillar"), int(6), int(4)], "pill"),
        Pair("substring", [s("caterpillar"), int(6), int(8)], "pillar"),
        Pair("substring", [s("caterpillar"), int(-2), int(6)], "cat"),
        Pair("substr", [s("caterpillar"), int(-5), int(4)], ""), Pair("substring", [s("abc"), int(2)], "bc"),
        Pair("substring", [s("éàü"), int(2), int(1)], "à"), Pair("substring", [s("abc"), int(9), int(2)], ""),
        Pair("split_part", [s("abc$def$ghi"), s("$"), int(2)], "def"),
        Pair("split_part", [s("abc$def$ghi"), s("$"), int(4)], ""),
        Pair("split_part", [s("abc"), s("$"), int(1)], "abc"), Pair("split_part", [s("abc"), s("$"), int(2)], ""),
        Pair("lpad", [s("dog"), int(5), s("xy")], "xydog"), Pair("rpad", [s("dog"), int(6), s("xy")], "dogxyx"),
        Pair("lpad", [s("caterpillar"), int(3)], "cat"), Pair("rpad", [s("ab"), int(-1)], ""),
        Pair("lpad", [int(7), int(3), s("0")], "007"),
        Pair("btrim", [s("xyzaxyzbxyzcxyz"), s("xyz")], "axyzbxyzc"), Pair("trim", [s("  ab ")], "ab"),
        Pair("ltrim", [s("  ab ")], "ab "), Pair("rtrim", [s("  ab ")], "  ab"),
        Pair("btrim", [s("éaé"), s("é")], "a"),
        Pair("left", [s("Chicago"), int(5)], "Chica"), Pair("right", [s("Chicago"), int(5)], "icago"),
        Pair("right", [s("ab"), int(5)], "ab"), Pair("left", [s("é1"), int(1)], "é"),
        Pair("strpos", [s("dogfish"), s("fish")], "4"), Pair("charindex", [s("fish"), s("dogfish")], "4"),
        Pair("position", [s("éfish"), s("fish")], "2"), Pair("strpos", [s("dog"), s("x")], "0"),
        Pair("replace", [s("Shows and Shows"), s("Shows"), s("Theatre")], "Theatre and Theatre"),
        Pair("replace", [s("abc"), null, s("x")], nil), Pair("replace", [s("abc"), s(""), s("x")], "abc"),
        Pair("translate", [s("mint tea"), s("inea"), s("osin")], "most tin"),
        Pair("concat", [s("a"), int(12)], "a12"), Pair("concat", [s("a"), null], nil),
        Pair("initcap", [s("nON-mUSICAL mlb")], "Non-Musical Mlb"), Pair("upper", [s("straße é")], "STRAßE É"),
        Pair("lower", [s("ÀB")], "àb"), Pair("chr", [int(65)], "A"), Pair("chr", [int(200)], nil),
        Pair("ascii", [s("amazon")], "97"), Pair("ascii", [s("")], "0"), Pair("repeat", [int(12), int(2)], "1212"),
        Pair("reverse", [s("abé")], "éba"),
    ]

    static let numbers: [Pair] = [
        Pair("round", [dec("28.05")], "28"), Pair("round", [dec("28.05"), int(1)], "28.10"),
        Pair("round", [dec("28.05"), int(-1)], "30.00"), Pair("trunc", [dec("111.15")], "111"),
        Pair("trunc", [dec("111.15"), int(1)], "111.10"), Pair("trunc", [dec("111.15"), int(-1)], "110.00"),
        Pair("round", [dec("-2.5")], "-3"), Pair("round", [dbl("2.5")], "2"),
        Pair("round", [dbl("2.675"), int(1)], "2.7"),
        Pair("ceiling", [dec("-1.5")], "-1"), Pair("ceil", [dec("28.05")], "29"), Pair("floor", [dec("-1.5")], "-2"),
        Pair("mod", [dec("10.5"), int(4)], "2.5"), Pair("mod", [int(10), int(4)], "2"),
        Pair("mod", [int(-7), int(3)], "-1"),
        Pair("log", [int(100)], "2"), Pair("ln", [int(1)], "0"), Pair("exp", [int(0)], "1"),
        Pair("sqrt", [int(16)], "4"),
        Pair("power", [int(2), int(10)], "1024"), Pair("abs", [int(-38)], "38"), Pair("abs", [dec("-7.00")], "7.00"),
        Pair("sign", [dec("-0.05")], "-1"), Pair("sign", [dbl("3")], "1"), Pair("pi", [], "3.14159265358979"),
        Pair("greatest", [int(3), Argument(text: nil, type: .integer), int(7)], "7"),
        Pair("least", [s("b"), s("a"), null], "a"), Pair("greatest", [null, null], nil),
        Pair("greatest", [dec("1.5"), int(1)], "1.5"), Pair("bitand", [int(6), int(3)], "2"),
        Pair("bitnot", [int(0)], "-1"),
    ]

    static let dates: [Pair] = [
        Pair("datediff", [s("week"), s("2009-01-01"), s("2009-12-31")], "52"),
        Pair("datediff", [s("hour"), s("2023-01-01"), s("2023-01-03 05:04:03")], "53"),
        Pair("datediff", [s("year"), s("2008-12-31"), s("2009-01-01")], "1"),
        Pair("datediff", [s("day"), date("2009-01-01"), date("2009-03-23")], "81"),
        Pair("datediff", [s("hour"), time("20:00:00"), time("15:24:45")], "-5"),
        Pair("months_between", [s("1969-01-18"), s("1969-03-18")], "-2"),
        Pair("extract", [s("century"), ts("2000-12-16 12:21:13")], "20"),
        Pair("extract", [s("decade"), ts("1999-01-01")], "200"), Pair("extract", [s("mil"), ts("2001-01-01")], "3"),
        Pair("extract", [s("sec"), ts("2009-09-21 11:10:03.189717")], "3"),
        Pair("date_part", [s("sec"), ts("2009-09-21 11:10:03.189717")], "3.189717"),
        Pair("extract", [s("ms"), ts("2009-09-09 12:08:43.101")], "101"),
        Pair("extract", [s("year"), date("1995-03-17")], "1995"),
        Pair("date_trunc", [s("week"), ts("2022-04-30 04:05:06.789")], "2022-04-25 00:00:00"),
        Pair("date_trunc", [s("millennium"), ts("2020-04-30 04:05:06.789")], "2001-01-01 00:00:00"),
        Pair("dateadd", [s("month"), int(18), date("2008-02-28")], "2009-08-28 00:00:00"),
        Pair("dateadd", [s("m"), int(30), date("2008-02-28")], "2008-02-28 00:30:00"),
        Pair("dateadd", [s("month"), int(1), date("2008-04-30")], "2008-05-30 00:00:00"),
        Pair("add_months", [date("2008-04-30"), int(1)], "2008-05-31 00:00:00"),
        Pair("dateadd", [s("month"), int(12), date("2016-02-29")], "2017-02-28 00:00:00"),
        Pair("dateadd", [s("year"), int(1), date("2016-02-29")], "2017-03-01 00:00:00"),
        Pair("dateadd", [s("hour"), int(12), time("13:24:55")], "01:24:55"),
        Pair("next_day", [date("2014-08-20"), s("Tuesday")], "2014-08-26"),
        Pair("last_day", [date("2004-02-10")], "2004-02-29"), Pair("trunc", [ts("2011-07-21 10:32:38")], "2011-07-21"),
        Pair("date_part_year", [date("2022-05-05")], "2022"),
        Pair("dateadd", [s("day"), int(1), Argument(text: nil, type: .date)], nil),
    ]

    static let formats: [Pair] = [
        Pair("to_char", [ts("2009-12-31 23:15:59"), s("MONTH-DY-DD-YYYY HH12:MIPM")], "DECEMBER -THU-31-2009 11:15PM"),
        Pair("to_char", [ts("2009-12-31 23:15:59"), s("DDD")], "365"),
        Pair("to_char", [ts("2022-05-16 23:15:59"), s("ID")], "1"),
        Pair("to_char", [ts("2008-01-25 14:30:00"), s("MON-DD-YYYY HH12:MIPM")], "JAN-25-2008 02:30PM"),
        Pair(
            "to_char", [Argument(text: "2008-01-25 14:30:00+00", type: .timestamptz), s("HH12:MI:SS TZ")],
            "02:30:00 UTC"),
        Pair("to_char", [ts("2008-01-25 14:30:00"), s("cc")], "21"),
        Pair("to_char", [date("1995-03-07"), s("FMMonth FMDD, YYYY")], "March 7, 1995"),
        Pair("to_char", [ts("2008-01-25 14:30:05.25"), s("HH24:MI:SS.MS US Q IW W")], "14:30:05.250 250000 1 04 4"),
        Pair("to_char", [dec("-125.8"), s("999D99S")], "125.80-"),
        Pair("to_char", [dec("-125.88"), s("$S999D99")], "$-125.88"),
        Pair("to_char", [dec("-125.88"), s("$999D99PR")], "$<125.88>"), Pair("to_char", [int(125), s("RN")], "CXXV"),
        Pair("to_char", [dec("618.80"), s("rn")], "dcxix"),
        Pair("to_char", [dec("618.80"), s("l99999D99")], "$   618.80"),
        Pair("to_char", [int(1_234_567), s("9,999,999")], " 1,234,567"),
        Pair("to_char", [int(12), s("0000")], " 0012"),
        Pair("to_char", [int(12), s("FM999")], "12"), Pair("to_char", [int(-12), s("999")], " -12"),
        Pair("to_char", [int(0), s("999")], "   0"),
        Pair("to_char", [int(12345), s("999")], " ###"), Pair("to_char", [dec("0.5"), s("990.99")], "   0.50"),
        Pair("to_char", [int(22), s("99th")], " 22nd"),
        Pair("to_date", [s("20010631"), s("YYYYMMDD")], "2001-07-01"),
        Pair("to_date", [s("02 Oct 2001"), s("DD Mon YYYY")], "2001-10-02"),
        Pair("to_timestamp", [s("2017"), s("YYYY")], "2017-01-01 00:00:00+00"),
        Pair("to_timestamp", [s("2011-12-18 24:38:15"), s("YYYY-MM-DD HH24:MI:SS")], "2011-12-19 00:38:15+00"),
        Pair("to_timestamp", [s("05:10 PM"), s("HH12:MI AM")], "0001-01-01 17:10:00+00"),
    ]

    @Test(arguments: strings + numbers + dates + formats)
    func documented(pair: Pair) throws {
        let (value, type) = try call(pair.name, pair.arguments)
        #expect(value.isNull == (pair.result == nil))
        #expect(String(decoding: value.text(as: type), as: UTF8.self) == (pair.result ?? ""))
    }

    /// A kernel on a column gives, row by row, what it gives on constants; null rows in between change nothing.
    @Test(arguments: strings + numbers + dates + formats)
    func columnsAgreeWithConstants(pair: Pair) throws {
        let (expected, type) = try call(pair.name, pair.arguments)
        guard !pair.arguments.isEmpty else { return }
        let (function, resolution, values) = try resolve(pair.name, pair.arguments)
        var random = SplitMix64(seed: 7)
        for nullRow in [nil, 1] {
            var columns: [Vector] = []
            for (value, type) in zip(values, resolution.arguments) {
                let column = (0..<3).map { $0 == nullRow ? SQLValue.null : value }
                let forms = VectorForms.all(column, type: type, random: &random)
                columns.append(forms[random.below(forms.count)].vector)
            }
            let operands = resolution.arguments.enumerated().map { ExpressionNode.column($0.offset, $0.element) }
            let node = ExpressionNode.call(function.name, operands, type)
            let vector = try ExpressionEvaluator(try ExpressionProgram(node)).evaluate(
                Batch(columns: columns, count: 3))
            for row in 0..<3 where row != nullRow { #expect(vector.value(at: row, as: type) == expected) }
            if nullRow != nil { #expect(vector.value(at: 1, as: type).isNull) }
        }
    }

    @Test(arguments: [
        Pair("substring", [s("abc"), int(1), int(-1)], "22011"), Pair("split_part", [s("a"), s("b"), int(0)], "22023"),
        Pair("mod", [int(1), int(0)], "22012"), Pair("sqrt", [int(-1)], "22023"), Pair("ln", [int(0)], "22023"),
        Pair("exp", [int(100_000)], "22003"), Pair("dateadd", [s("dau"), int(1), date("2001-01-01")], "22023"),
        Pair("dateadd", [s("year"), int(1_000_000), date("2001-01-01")], "22008"),
        Pair("to_date", [s("20010631"), s("YYYYMMDD"), s("true")], "22008"),
        Pair("to_date", [s("abcd"), s("YYYY")], "22007"),
        Pair("to_timestamp", [s("2011-12-18 24:38:15"), s("YYYY-MM-DD HH24:MI:SS"), s("t")], "22008"),
        Pair("repeat", [s("abc"), int(1_000_000)], "22001"), Pair("abs", [int(-2_147_483_648)], "22003"),
    ])
    func errors(pair: Pair) throws {
        do throws(SQLError) {
            let (value, _) = try call(pair.name, pair.arguments)
            Issue.record("\(pair) = \(value)")
        } catch {
            #expect(error.state.code == pair.result)
        }
    }

    /// Whatever the arguments, a function answers or throws; and a column gives what its rows give one by one.
    @Test(arguments: UInt64(0)..<40)
    func anyArguments(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let types: [SQLType] = [
            .boolean, .smallint, .integer, .bigint, .decimal(precision: 9, scale: 3),
            .decimal(precision: 38, scale: 10),
            .real, .double, .date, .time, .timetz, .timestamp, .timestamptz, .varchar(length: 30), .char(length: 4),
            .varbyte(length: 8), .intervalYearToMonth, .intervalDayToSecond, .unknown,
        ]
        for function in BuiltinFunctions.scalar where function.signature.volatility == .immutable {
            for _ in 0..<12 {
                // Many functions take strings first and integers then.
                let given = (0..<random.below(6)).map { place -> SQLType in
                    if random.below(3) == 0 { return types[random.below(types.count)] }
                    return place < 2 ? .varchar(length: 30) : [.integer, .unknown, .boolean][random.below(3)]
                }
                guard let resolution = function.signature.resolve(given), !given.isEmpty else { continue }
                let columns = resolution.arguments.map { type in (0..<5).map { _ in random.anyValue(type) } }
                let operands = resolution.arguments.enumerated().map { ExpressionNode.column($0.offset, $0.element) }
                let program = try ExpressionProgram(.call(function.signature.name, operands, resolution.result))
                var selection = RowMask(count: 5)
                var expected: [SQLValue?] = []
                for row in 0..<5 {
                    let values = columns.map { $0[row] }
                    let value = try? BuiltinFunctions.evaluate(function.signature.name, values, resolution)
                    selection[row] = value != nil
                    expected.append(value)
                }
                let vectors = zip(columns, resolution.arguments).map { Vector.of($0, type: $1) }
                let vector = try ExpressionEvaluator(program).evaluate(
                    Batch(columns: vectors, count: 5), selection: selection)
                for row in 0..<5 {
                    guard let value = expected[row] else { continue }
                    let actual = vector.value(at: row, as: resolution.result)
                    // NaN is not equal to itself here.
                    #expect(
                        actual == value || "\(actual)" == "\(value)",
                        "seed \(seed), \(function.signature.name)(\(columns.map { $0[row] })): \(actual), not \(value)")
                }
            }
        }
    }

    /// A row that is not selected raises nothing.
    @Test func unselectedRowsDoNotRaise() throws {
        let node = ExpressionNode.call("sqrt", [.column(0, .double)], .double)
        let batch = Batch(columns: [.of([.double(4), .double(-1)], type: .double)], count: 2)
        var selection = RowMask(count: 2)
        selection[1] = false
        let vector = try ExpressionEvaluator(try ExpressionProgram(node)).evaluate(batch, selection: selection)
        #expect(vector.value(at: 0, as: .double) == .double(2))
    }

    private func resolve(
        _ name: String, _ arguments: [Argument]
    ) throws(SQLError) -> (FunctionSignature, FunctionSignature.Resolution, [SQLValue]) {
        for function in BuiltinFunctions.scalar where function.signature.names.contains(name) {
            guard let resolution = function.signature.resolve(arguments.map(\.type)) else { continue }
            var values: [SQLValue] = []
            for (argument, type) in zip(arguments, resolution.arguments) {
                values.append(try argument.value().cast(from: argument.type, to: type, context: .explicit))
            }
            return (function.signature, resolution, values)
        }
        throw SQLError(.undefinedFunction, "\(name)(\(arguments))")
    }

    private func call(_ name: String, _ arguments: [Argument]) throws(SQLError) -> (SQLValue, SQLType) {
        let (signature, resolution, values) = try resolve(name, arguments)
        return (try BuiltinFunctions.evaluate(signature.name, values, resolution), resolution.result)
    }
}

extension SplitMix64 {
    /// Of the type, often at its limits or meaningful to some function.
    fileprivate mutating func anyValue(_ type: SQLType) -> SQLValue {
        if below(8) == 0 { return .null }
        switch type {
        case .decimal, .boolean, .smallint, .integer, .bigint, .date, .timestamp:
            if type == .bigint, below(4) == 0 { return .integer([.min, .max, 65_536, -1][below(4)]) }
            if type == .date, below(4) == 0 {
                return .date(Int32(below(2) == 0 ? DateRange.days.lowerBound : DateRange.days.upperBound))
            }
            if type == .timestamp, below(4) == 0 {
                return .timestamp(below(2) == 0 ? DateRange.microseconds.lowerBound : DateRange.microseconds.upperBound)
            }
            return value(type)
        case .timestamptz: return .timestamptz(int64(in: DateRange.microseconds))
        case .time: return .time(int64(in: 0...86_400_000_000))
        case .timetz:
            return .timetz(
                microseconds: int64(in: 0...86_400_000_000), secondsWest: Int32(int64(in: -53_940...53_940)))
        case .intervalYearToMonth: return .interval(months: Int32(int64(in: -500...500)), days: 0, microseconds: 0)
        case .intervalDayToSecond:
            return .interval(months: 0, days: 0, microseconds: [0, .min, .max, -1, 86_400_000_000][below(5)])
        case .varbyte: return .varbyte([[], [0], [0xFF, 0xC3, 0x28], [1, 2, 3, 4, 5, 6, 7, 8]][below(4)])
        case .real: return .real([0, -0.5, 1e38, .nan, .infinity, 3][below(6)])
        case .double: return .double([0, -0.5, 1e308, .nan, -.infinity, 710, 1e-300][below(7)])
        default:
            let texts = [
                "", "day", "month", "epoch", "century", "YYYY-MM-DD HH24:MI:SS.US", "FM999,999.99S",
                "J Q WW IDDD RM TZ OF",
                "2001-02-03 04:05:06", "tuesday", "é€", "\u{0}a", "%_\\", "PR 0", "Y,YYY BC", "99999999999999999999",
                "RN th", "(a|b)*?[[:alpha:]]$", "(?=x)", "((", "$1$9$", "ip", "e", "{\"a\":[1,{\"b\":null}]}", "[1,2",
                "{\"\\u00", "\"\\ud83d\"", "PST8PDT", "Nowhere+25", "hex", "base64", "TWFu=", "0x7fffffffffffffff",
                "-z",
            ]
            return SQLValue(texts[below(texts.count)])
        }
    }
}
