/// A data-driven test: statements, queries and plans with what they must give. The format is sqllogictest's, with cluster
/// shapes and plans added:
///
///     # Purpose, in line one.
///     cluster nodes=1,2 slices=1,4        shapes that every record runs on (each pair); default 1×1, 1×2, 2×2, 4×8
///
///     statement ok
///     CREATE TABLE t (a INT)
///
///     user mary                           whose session runs the records from here on; awsuser's at first
///
///     statement error 22012               the SQLSTATE; an optional line `---- text` below wants that in the message
///     SELECT 1 / 0
///
///     query IT rowsort                    column kinds (I integer, R other number, T anything else); order, or rowsort
///     SELECT a, b FROM t
///     ----
///     1|one                               cells with `|` between; NULL, and (empty) for an empty string
///
///     explain expect=DS_DIST_NONE         that word must be in the plan; `<ignore>` in the lines below matches anything
///     SELECT …
///     ----
///     …
///
/// A record ends at an empty line. The same results are wanted on every shape.
struct SLTFile {
    struct Record {
        enum Kind: Equatable {
            case statement
            case error(sqlState: String)
            case query(kinds: String, isSorted: Bool)
            case explain(expect: String?)
            /// `sql` is the name.
            case user
        }
        var kind: Kind
        var sql: String
        var expected: [String]
        /// 1-based line of the record's first line, and the lines (0-based, half open) that hold the expected part.
        var line: Int
        var expectedLines: Range<Int>
    }

    struct Failure: Error, CustomStringConvertible {
        var line: Int
        var message: String
        var description: String { "line \(line): \(message)" }
    }

    var lines: [String]
    var records: [Record] = []
    var shapes: [(nodes: Int, slices: Int)] = [(1, 1), (1, 2), (2, 2), (4, 8)]

    init(text: String) throws(Failure) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var index = 0
        while index < lines.count {
            let line = lines[index]
            if line.isEmpty || line.hasPrefix("#") {
                index += 1
            } else if line.hasPrefix("cluster ") {
                shapes = try SLTFile.shapes(in: line, at: index + 1)
                index += 1
            } else if line.hasPrefix("user ") {
                records.append(
                    Record(
                        kind: .user, sql: String(line.dropFirst("user ".count)), expected: [], line: index + 1,
                        expectedLines: index + 1..<index + 1))
                index += 1
            } else {
                try parseRecord(&index)
            }
        }
    }

    private mutating func parseRecord(_ index: inout Int) throws(Failure) {
        let start = index
        let kind = try SLTFile.kind(of: lines[index], at: index + 1)
        index += 1
        var sql: [String] = []
        while index < lines.count && !lines[index].isEmpty && !lines[index].hasPrefix("----") {
            sql.append(lines[index])
            index += 1
        }
        var expected: [String] = []
        var expectedStart = index
        if index < lines.count && lines[index].hasPrefix("----") {
            if case .error = kind {
                expected = [String(lines[index].dropFirst(4).drop(while: { $0 == " " }))]
            }
            index += 1
            expectedStart = index
            while index < lines.count && !lines[index].isEmpty {
                expected.append(lines[index])
                index += 1
            }
        }
        guard !sql.isEmpty else { throw Failure(line: start + 1, message: "a record without SQL") }
        records.append(
            Record(
                kind: kind, sql: sql.joined(separator: "\n"), expected: expected, line: start + 1,
                expectedLines: expectedStart..<index))
    }

    private static func kind(of line: String, at number: Int) throws(Failure) -> Record.Kind {
        let words = line.split(separator: " ").map(String.init)
        switch (words.first, words.dropFirst().first) {
        case ("statement", "ok"): return .statement
        case ("statement", "error"):
            guard words.count == 3, words[2].utf8.count == 5 else {
                throw Failure(line: number, message: "statement error wants a SQLSTATE")
            }
            return .error(sqlState: words[2])
        case ("query", let kinds?) where kinds.allSatisfy({ "IRT".contains($0) }):
            guard words.count == 2 || words[2] == "rowsort" else {
                throw Failure(line: number, message: "unknown order '\(words[2])'")
            }
            return .query(kinds: kinds, isSorted: words.count == 3)
        case ("explain", let option):
            guard option?.hasPrefix("expect=") ?? true else {
                throw Failure(line: number, message: "unknown option '\(option ?? "")'")
            }
            return .explain(expect: option.map { String($0.dropFirst("expect=".count)) })
        default: throw Failure(line: number, message: "unknown record '\(line)'")
        }
    }

    private static func shapes(in line: String, at number: Int) throws(Failure) -> [(nodes: Int, slices: Int)] {
        var nodes = [1]
        var slices = [1]
        for word in line.split(separator: " ").dropFirst() {
            let parts = word.split(separator: "=")
            let values = parts.count == 2 ? parts[1].split(separator: ",").compactMap { Int($0) } : []
            guard !values.isEmpty, values.allSatisfy({ (1...1_024).contains($0) }) else {
                throw Failure(line: number, message: "cannot read '\(word)'")
            }
            switch parts[0] {
            case "nodes": nodes = values
            case "slices": slices = values
            default: throw Failure(line: number, message: "unknown option '\(parts[0])'")
            }
        }
        return nodes.flatMap { node in slices.map { (node, $0) } }
    }

    /// The file with the expected parts of those records (by index) replaced.
    func replacing(_ answers: [Int: [String]]) -> String {
        var result = lines
        for (index, record) in records.enumerated().reversed() {
            guard let answer = answers[index] else { continue }
            let hasRule =
                record.expectedLines.lowerBound > 0
                && lines[record.expectedLines.lowerBound - 1].hasPrefix("----")
            result.replaceSubrange(record.expectedLines, with: hasRule ? answer : ["----"] + answer)
        }
        return result.joined(separator: "\n")
    }
}
