import SQLTypes
import Testing

/// The types of the system catalog: oids, names, arrays as text.
struct CatalogTypeTests {
    @Test func oidsAreOfOneTypeEach() {
        var seen: Set<UInt32> = [SQLType.postgreSQLText.oid]
        for type in SQLType.all where type != .array(.text) {
            #expect(seen.insert(type.oid).inserted, "\(type) has the oid of another")
            #expect(SQLType(oid: type.oid) == type)
        }
        for type in SQLType.all where type.postgreSQL.arrayOID != 0 {
            guard let element = ArrayElement(type), element.type.oid == type.oid else { continue }
            #expect(SQLType.array(element).oid == type.postgreSQL.arrayOID || element == .text)
        }
    }

    @Test(arguments: [
        (SQLType.varchar(length: 25), 29), (.char(length: 3), 7), (.decimal(precision: 12, scale: 2), 786_438),
        (.varbyte(length: 8), 12), (.integer, -1), (.name, -1),
    ])
    func modifiersComeBack(_ type: SQLType, _ modifier: Int) {
        #expect(type.typeModifier == Int32(modifier))
        #expect(SQLType(oid: type.oid, typeModifier: Int32(modifier)) == type)
        #expect(SQLType.formatted(oid: type.oid, typeModifier: Int32(modifier)) == type.description)
    }

    @Test(
        arguments: [
            (1043, -1, "character varying"), (1042, -1, "bpchar"), (1700, -1, "numeric"), (25, -1, "text"),
            (23, 7, "integer"),
            (1005, -1, "smallint[]"), (1009, -1, "text[]"), (1034, -1, "aclitem[]"), (18, -1, "\"char\""),
            (99_999, -1, "???"),
            (0, -1, "-"), (2205, -1, "regclass"), (22, -1, "int2vector"),
        ] as [(UInt32, Int32, String)])
    func formatsWithoutModifier(_ oid: UInt32, _ modifier: Int32, _ text: String) {
        #expect(SQLType.formatted(oid: oid, typeModifier: modifier) == text)
    }

    @Test(
        arguments: [
            ("{}", []), ("{1,2}", ["1", "2"]), (" { a , NULL , \"NULL\" } ", ["a", nil, "NULL"]),
            (#"{"a,b","c\"d",e\ ,""}"#, ["a,b", "c\"d", "e ", ""]), ("{null}", [nil]),
        ] as [(String, [String?])])
    func arraysAreRead(_ text: String, _ expected: [String?]) throws {
        let elements = try ArrayText.elements(Array(text.utf8), of: .array(.text))
        #expect(elements.map { $0.map { String(decoding: $0, as: UTF8.self) } } == expected)
        let written = ArrayText.text(elements: elements, of: .array(.text))
        #expect(try ArrayText.elements(written, of: .array(.text)) == elements)
    }

    @Test(arguments: ["", "{", "{1", "{1,}", "{,1}", "{1}x", "{\"a", "{a\\", "1,2", "{{1},{2}}", "{a\"b}", "{a{b}"])
    func malformedArraysAreErrors(_ text: String) {
        #expect(throws: SQLError.self) { try ArrayText.elements(Array(text.utf8), of: .array(.text)) }
    }

    @Test func anythingWrittenIsReadBack() throws {
        var random = SplitMix64(seed: 7)
        let alphabet = Array("ab ,{}\"\\\t NULnul".utf8)
        for _ in 0..<500 {
            let elements: [[UInt8]?] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                if Int.random(in: 0..<8, using: &random) == 0 { return nil }
                return (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            }
            let text = ArrayText.text(elements: elements, of: .array(.text))
            #expect(try ArrayText.elements(text, of: .array(.text)) == elements)
        }
    }

    @Test func textBecomesArraysInOneForm() throws {
        #expect(try SQLType.array(.smallint).parse(Array(" { 1 , 02 }".utf8)) == SQLValue("{1,2}"))
        #expect(try SQLType.catalog(.int2vector).parse(Array("1  3".utf8)) == SQLValue("1 3"))
        #expect(throws: SQLError.self) { try SQLType.array(.smallint).parse(Array("{70000}".utf8)) }
        let vector = try SQLValue("1 3").cast(from: .catalog(.int2vector), to: .array(.smallint), context: .implicit)
        #expect(vector == SQLValue("{1,3}"))
    }

    @Test func oidsAreUnsigned() throws {
        #expect(try SQLValue.integer(-1).cast(from: .integer, to: .oid, context: .explicit) == .integer(4_294_967_295))
        #expect(try SQLType.oid.parse(Array("4294967295".utf8)) == .integer(4_294_967_295))
        #expect(throws: SQLError.self) { try SQLType.oid.parse(Array("4294967296".utf8)) }
        #expect(throws: SQLError.self) {
            try SQLValue.integer(4_294_967_295).cast(from: .oid, to: .integer, context: .explicit)
        }
    }

    @Test func namesAreStringsAndOidsAreCompared() {
        #expect(SQLType.common(.name, .unknown) == .name)
        #expect(SQLType.common(.name, .varchar(length: 10)) == .varchar(length: 127))
        #expect(SQLType.common(.catalog(.regclass), .integer) == .oid)
        #expect(SQLType.common(.oid, .varchar(length: 10)) == nil)
        #expect(SQLType.common(.catalog(.int2vector), .array(.smallint)) == .array(.smallint))
    }
}
