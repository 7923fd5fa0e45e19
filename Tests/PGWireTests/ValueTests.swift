import PGWire
import SQLTypes
import Testing

struct ValueTests {
    /// What PostgreSQL 15 sends for these numbers (`numeric_send`).
    @Test(
        arguments: [
            ("0", 0, "0000 0000 0000 0000"), ("0", 2, "0000 0000 0000 0002"), ("1", 0, "0001 0000 0000 0000 0001"),
            ("12345", 0, "0002 0001 0000 0000 0001 0929"), ("-12345", 2, "0002 0000 4000 0002 007b 1194"),
            ("10000", 0, "0001 0001 0000 0000 0001"), ("1", 4, "0001 ffff 0000 0004 0001"),
            ("1", 5, "0001 fffe 0000 0005 03e8"), ("100000", 1, "0001 0001 0000 0001 0001"),
            ("123456789012345678901234567890", 10, "0008 0004 0000 000a 04d2 162e 2334 0d80 1ed2 04d2 162e 2328"),
        ] as [(String, Int, String)])
    func numericBytes(unscaled: String, scale: Int, expected: String) throws {
        let value = try #require(Int128(unscaled))
        var bytes: [UInt8] = []
        BinaryNumeric.append(value, scale: scale, to: &bytes)
        #expect(Hexadecimal.text(bytes) == expected.filter { $0 != " " })
        #expect(
            try decoded(bytes, .decimal(precision: 38, scale: 10)) == .decimal(Decimal(unscaled: value, scale: scale)))
    }

    @Test(arguments: UInt64(0)..<50)
    func numericRoundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<40 {
            let digits = 1 + random.below(37)
            var value: Int128 = 0
            for _ in 0..<digits { value = value * 10 + Int128(random.below(3) == 0 ? 0 : random.below(10)) }
            if random.below(2) == 0 { value = -value }
            let scale = random.below(38)
            var bytes: [UInt8] = []
            BinaryNumeric.append(value, scale: scale, to: &bytes)
            let back = try decoded(bytes, .decimal(precision: 38, scale: 10))
            #expect(back == .decimal(Decimal(unscaled: value, scale: scale)), "\(value) / 10^\(scale)")
        }
    }

    @Test(
        arguments: [
            (.boolean(true), .boolean, "01"), (.integer(-2), .smallint, "fffe"), (.integer(-2), .integer, "fffffffe"),
            (.integer(1), .bigint, "0000000000000001"), (.double(1.5), .double, "3ff8000000000000"),
            (.real(1.5), .real, "3fc00000"), (.date(-1), .date, "ffffffff"), (.time(1), .time, "0000000000000001"),
            (.timetz(microseconds: 1, secondsWest: 0), .timetz, "000000000000000100000000"),
            (.timestamp(1_000_000), .timestamp, "00000000000f4240"),
            (.timestamptz(1_000_000), .timestamptz, "00000000000f4240"),
            (.interval(months: 14, days: 0, microseconds: 0), .intervalYearToMonth, "0000000e"),
            (.interval(months: 0, days: 0, microseconds: 16), .intervalDayToSecond, "0000000000000010"),
            (SQLValue("é"), .text, "c3a9"), (.varbyte([1, 255]), .varbyte(length: 2), "01ff"),
            (.integer(4_000_000_000), .oid, "ee6b2800"), (SQLValue("pg_class"), .name, "70675f636c617373"),
            (
                SQLValue("{1,NULL}"), .array(.smallint),
                "00000001" + "00000001" + "00000015" + "00000002" + "00000001" + "000000020001" + "ffffffff"
            ),
            (SQLValue("{}"), .array(.text), "00000000" + "00000000" + "00000019"),
            (
                SQLValue("3 4"), .catalog(.oidvector),
                "00000001" + "00000000" + "0000001a" + "00000002" + "00000000" + "0000000400000003"
                    + "0000000400000004"
            ),
        ] as [(SQLValue, SQLType, String)])
    func binary(value: SQLValue, type: SQLType, expected: String) throws {
        var bytes: [UInt8] = []
        BinaryValue.append(value, as: type, to: &bytes)
        #expect(Hexadecimal.text(bytes) == expected)
        #expect(try decoded(bytes, type) == value)
        for length in 0..<bytes.count where !type.isString && type.storage != .bytes {
            #expect(throws: SQLError.self) { try decoded(Array(bytes[..<length]), type) }
        }
    }

    @Test(arguments: UInt64(0)..<100)
    func randomParametersAreErrorsAtMost(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for type in SQLType.all {
            let bytes = (0..<random.below(40)).map { _ in
                random.below(2) == 0 ? 0 : UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? decoded(bytes, type)
        }
    }

    /// As a Bind decodes it.
    private func decoded(_ bytes: [UInt8], _ type: SQLType) throws -> SQLValue {
        var talk = try Conversation.loggedIn()
        _ = try talk.send(Frontend.parse("", "select $1"))
        _ = talk.machine.prepared(parameterTypes: [type], columns: nil)
        switch try talk.send(Frontend.bind("", "", [bytes], formats: [1])).first {
        case .bind(_, _, let parameters): return parameters[0].value
        case .send(.error(let fields)): throw SQLError(fields.state, fields.message)
        default: throw SQLError.internalError("no answer to Bind")
        }
    }

    @Test func backendMessages() {
        func hex(_ message: BackendMessage) -> String { Hexadecimal.text(message.bytes) }
        #expect(hex(.readyForQuery(.inBlock)) == "5a0000000554")
        #expect(hex(.commandComplete("SELECT")) == "430000000b53454c45435400")
        #expect(hex(.authentication(.md5Password(salt: [1, 2, 3, 4]))) == "520000000c0000000501020304")
        #expect(hex(.parameterStatus(name: "a", value: "b")) == "530000000861006200")
        #expect(hex(.encryptionAnswer(accepted: true)) == "53")
        #expect(hex(.textRow(["x", nil])) == "440000000f0002" + "0000000178" + "ffffffff")
        #expect(
            hex(.rowDescription([WireColumn("a", .decimal(precision: 8, scale: 2), format: .binary)]))
                == "540000001a0001" + "6100" + "00000000" + "0000" + "000006a4" + "ffff" + "00080006" + "0001")
        #expect(hex(.parameterDescription([23])) == "740000000a000100000017")
        let error = SQLError(.undefinedTable, "m", detail: "d", hint: "h", position: 5)
        #expect(
            hex(.error(ErrorFields(error)))
                == "4500000026" + "534552524f5200" + "564552524f5200" + "43343250303100" + "4d6d00" + "446400"
                + "486800"
                + "503500" + "00")
    }
}
