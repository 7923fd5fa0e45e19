import Blueshift
import Foundation
import Testing

@testable import BlueshiftCLI

@Suite struct ResultWriterTests {
    private let columns = [Column(name: "id", type: .integer), Column(name: "note", type: .varchar(length: 20))]
    private let rows: [[String?]] = [
        ["1", "plain"], ["22", "a,\"b\""], ["3", nil], ["4", ""], ["5", "two\nlines|é"],
    ]

    private func print(_ format: ResultFormat, isExpanded: Bool = false, rows: [[String?]], fails: Bool = false) throws
        -> String
    {
        let pipe = Pipe()
        let output = BufferedOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        var writer = format.makeWriter(to: output, isExpanded: isExpanded)
        writer.begin(columns)
        for row in rows { writer.row(row.map { $0.map { Array($0.utf8) } }) }
        fails ? writer.fail() : writer.end(rowCount: rows.count)
        output.flush()
        try pipe.fileHandleForWriting.close()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    @Test func table() throws {
        #expect(
            try print(.table, rows: rows) == """
                 id |  note   
                ----+---------
                  1 | plain
                 22 | a,"b"
                  3 | 
                  4 | 
                  5 | two    +
                    | lines|é
                (5 rows)


                """)
        #expect(try print(.table, rows: []) == " id | note \n----+------\n(0 rows)\n\n")
    }

    @Test func expanded() throws {
        let shown = try print(.table, isExpanded: true, rows: [["1", "x"]])
        #expect(shown == "-[ RECORD 1 ]\nid   | 1\nnote | x\n\n")
    }

    @Test func csv() throws {
        #expect(try print(.csv, rows: rows) == "id,note\n1,plain\n22,\"a,\"\"b\"\"\"\n3,\n4,\"\"\n5,\"two\nlines|é\"\n")
    }

    @Test func aFullDiskIsTold() throws {
        #if os(Linux)
        let full = BufferedOutput(descriptor: open("/dev/full", O_WRONLY))
        full.line("x")
        full.flush()
        #expect(full.isBroken)
        #expect(full.failure == "No space left on device")
        #endif
    }

    @Test func json() throws {
        let text = try print(.json, rows: rows)
        let parsed = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]], "not JSON: \(text)")
        #expect(parsed.count == 5)
        #expect(parsed[1]["note"] as? String == "a,\"b\"")
        #expect(parsed[2]["note"] is NSNull)
        #expect(parsed[4]["id"] as? Int == 5)
        #expect(try print(.json, rows: []) == "[]\n")
        #expect(try print(.json, rows: [["1", "x"]], fails: true) == "[\n {\"id\": 1, \"note\": \"x\"}\n]\n")
    }

    @Test func markdown() throws {
        #expect(
            try print(.markdown, rows: rows) == """
                | id | note |
                |---:|---|
                | 1 | plain |
                | 22 | a,"b" |
                | 3 |  |
                | 4 |  |
                | 5 | two<br>lines\\|é |

                """)
    }
}
