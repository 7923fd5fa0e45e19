import Testing

@testable import BlueshiftCLI

@Suite struct KeyConditionTests {
    @Test(arguments: [
        ("sales.listid = 5", "sales.listid", "5"), ("sales.listid=5", "sales.listid", "5"),
        ("s.t.name = 'O''Neil'", "s.t.name", "O'Neil"), ("t.name = O'Neil", "t.name", "O'Neil"),
        ("t.x = a=b", "t.x", "a=b"), ("t.k = ''", "t.k", ""), ("\"a=b\".k = 1", "\"a=b\".k", "1"),
        ("t.k = '2008-01-01 00:00:00'", "t.k", "2008-01-01 00:00:00"),
    ])
    func isReadAsTyped(text: String, column: String, value: String) {
        #expect(KeyCondition(text)?.column == column)
        #expect(KeyCondition(text)?.value == value)
    }

    @Test(arguments: ["t.k = NULL", "t.k is null", "t.k  IS  NULL"])
    func nothingIsAValueToo(text: String) throws {
        let condition = try #require(KeyCondition(text))
        #expect(condition.column == "t.k" && condition.value == nil)
    }

    @Test(arguments: ["", "t.k", "= 5", "is null", "t.k > 5"])
    func othersAreNone(text: String) { #expect(KeyCondition(text) == nil) }
}
