import Blueshift
import Testing

/// A cluster in memory and a session on it, for one test.
func withSession<T>(
    _ configuration: Cluster.Configuration = .init(nodes: 2, slicesPerNode: 2),
    _ body: (Cluster, Session) async throws -> T
) async throws -> T {
    let cluster = try await Cluster(configuration)
    let session = cluster.session()
    let result = try await body(cluster, session)
    await session.close()
    try await cluster.close()
    return result
}

/// The shapes that every answer must be the same on.
let shapes: [(nodes: Int, slicesPerNode: Int)] = [(1, 1), (1, 2), (2, 2), (4, 8)]

/// A small generator with a seed.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

extension Session {
    /// `INSERT INTO table VALUES …` of rows given as SQL, a thousand at a time.
    func insert(into table: String, _ rows: [String]) async throws {
        for start in stride(from: 0, to: rows.count, by: 1_000) {
            let part = rows[start..<min(start + 1_000, rows.count)]
            try await execute("INSERT INTO \(table) VALUES \(part.joined(separator: ", "))")
        }
    }

    /// Rows of a table on each slice, by slice number.
    func rowsPerSlice(of table: String) async throws -> [Int] {
        let rows = try await rows(
            "SELECT slice, rows FROM stv_tbl_perm WHERE name = '\(table)' ORDER BY slice")
        return try rows.map { try $0.decode(Int.self, column: "rows") }
    }

    /// One number.
    func number(_ sql: String) async throws -> Int {
        let rows = try await rows(sql)
        #expect(rows.count == 1)
        return try rows.first?.decode(Int.self, at: 0) ?? -1
    }
}

/// Runs `body`, which must fail with an error of that state.
func expectError(
    _ state: SQLState, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("no error, \(state.code) expected", sourceLocation: sourceLocation)
    } catch let error as SQLError {
        #expect(error.state == state, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) instead of an SQLError", sourceLocation: sourceLocation)
    }
}
