import Blueshift

/// Runs the records of an `.slt` file on each of its cluster shapes, each time in a fresh cluster in memory.
struct SLTRunner {
    struct Mismatch: CustomStringConvertible {
        /// All shapes on which it came out this way.
        var shapes: [String]
        var line: Int
        var sql: String
        var message: String
        var description: String {
            "line \(line) on \(shapes.joined(separator: ", ")): \(message)\n    \(sql.replacing("\n", with: "\n    "))"
        }
    }

    let file: SLTFile
    /// What each cluster may hold; nil: the default.
    var memoryBytes: Int?

    /// What did not come out as expected; empty: all passed.
    func run() async throws(SQLError) -> [Mismatch] {
        var mismatches: [Mismatch] = []
        for shape in file.shapes {
            let cluster = try await Cluster(configuration(shape))
            var sessions = Sessions(cluster)
            for record in file.records {
                guard let message = await check(record, on: &sessions) else { continue }
                let name = "\(shape.nodes)×\(shape.slices)"
                if let known = mismatches.firstIndex(where: { $0.line == record.line && $0.message == message }) {
                    mismatches[known].shapes.append(name)
                } else {
                    mismatches.append(
                        Mismatch(shapes: [name], line: record.line, sql: record.sql, message: message))
                }
            }
            try await cluster.close()
        }
        return mismatches
    }

    private func configuration(_ shape: (nodes: Int, slices: Int)) -> Cluster.Configuration {
        var configuration = Cluster.Configuration(nodes: shape.nodes, slicesPerNode: shape.slices)
        configuration.memoryBytes = memoryBytes
        return configuration
    }

    /// The answers of the first shape, by record: for `--update`.
    func answers() async throws(SQLError) -> [Int: [String]] {
        let shape = file.shapes[0]
        let cluster = try await Cluster(configuration(shape))
        var sessions = Sessions(cluster)
        var answers: [Int: [String]] = [:]
        for (index, record) in file.records.enumerated() {
            let session = sessions.current
            switch record.kind {
            case .statement, .error, .user: _ = await check(record, on: &sessions)
            case .query(_, let isSorted):
                let lines = try await lines(of: record.sql, on: session)
                answers[index] = isSorted ? lines.sorted() : lines
            case .explain: answers[index] = try await plan(of: record.sql, on: session)
            }
        }
        try await cluster.close()
        return answers
    }

    /// A session for each user of the file, kept from its first record to the end.
    private struct Sessions {
        private let cluster: Cluster
        private var byUser: [String: Session] = [:]
        private(set) var current: Session

        init(_ cluster: Cluster) {
            self.cluster = cluster
            current = cluster.session()
            byUser["awsuser"] = current
        }

        mutating func change(to user: String) throws(SQLError) {
            guard let known = byUser[user] else {
                current = try cluster.session(user: user)
                byUser[user] = current
                return
            }
            current = known
        }
    }

    /// nil if the record holds.
    private func check(_ record: SLTFile.Record, on sessions: inout Sessions) async -> String? {
        let session = sessions.current
        do {
            switch record.kind {
            case .user:
                try sessions.change(to: record.sql)
                return nil
            case .statement:
                _ = try await session.execute(record.sql).collect()
                return nil
            case .error(let sqlState):
                _ = try await session.execute(record.sql).collect()
                return "no error, expected \(sqlState)"
            case .query(let kinds, let isSorted):
                return try await checkQuery(record, kinds, isSorted, on: session)
            case .explain(let expect):
                let plan = try await plan(of: record.sql, on: session)
                if let expect, !plan.contains(where: { $0.contains(expect) }) {
                    return "the plan has no \(expect):\n" + plan.joined(separator: "\n")
                }
                return difference(plan, record.expected)
            }
        } catch {
            guard case .error(let sqlState) = record.kind else { return "\(error)" }
            if error.state.code != sqlState { return "\(error), expected \(sqlState)" }
            if let text = record.expected.first, !error.message.contains(text) {
                return "message '\(error.message)', expected '\(text)'"
            }
            return nil
        }
    }

    private func checkQuery(
        _ record: SLTFile.Record, _ kinds: String, _ isSorted: Bool, on session: Session
    ) async throws(SQLError) -> String? {
        let rows = try await session.execute(record.sql)
        let found = String(rows.columns.map { kind(of: $0.type) })
        guard found == kinds else { return "column kinds \(found), expected \(kinds)" }
        let lines = try await text(of: rows)
        return difference(isSorted ? lines.sorted() : lines, isSorted ? record.expected.sorted() : record.expected)
    }

    private func lines(of sql: String, on session: Session) async throws(SQLError) -> [String] {
        try await text(of: session.execute(sql))
    }

    private func text(of rows: Rows) async throws(SQLError) -> [String] {
        var lines: [String] = []
        for row in try await rows.collect() {
            let cells = zip(row.values, rows.columns).map { value, column in
                if value.isNull { return "NULL" }
                let text = String(decoding: value.text(as: column.type, zone: rows.timeZone), as: UTF8.self)
                return text.isEmpty ? "(empty)" : text
            }
            lines.append(cells.joined(separator: "|"))
        }
        return lines
    }

    private func plan(of sql: String, on session: Session) async throws(SQLError) -> [String] {
        try await session.explain(sql).split(separator: "\n").map(String.init)
    }

    private func kind(of type: SQLType) -> Character { type.isInteger ? "I" : type.isNumeric ? "R" : "T" }

    /// nil if the lines agree; an expected line may have `<ignore>` for what varies.
    private func difference(_ found: [String], _ expected: [String]) -> String? {
        if found.count == expected.count && zip(found, expected).allSatisfy({ matches($0, $1) }) { return nil }
        return "found\n\(found.joined(separator: "\n"))\nexpected\n\(expected.joined(separator: "\n"))"
    }

    private func matches(_ line: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "<ignore>", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return line == pattern }
        guard line.count >= first.count + last.count, line.hasPrefix(first), line.hasSuffix(last) else { return false }
        var rest = line.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
