import FoundationEssentials

/// DuckDB in a Python process of its own, asked line by line through pipes. Calls block the thread that makes them:
/// while a peer is timed nothing else of this process may run anyway.
final class PeerProcess {
    /// Reads a question a line, `{"sql": …}`, and answers with one: the time as the peer's own process saw it, rows as
    /// text. What is timed is the statement with all of its rows fetched, as on our side.
    private static let program = """
        import json, sys, time
        try:
            import duckdb
        except ImportError:
            print(json.dumps({"missing": "import duckdb"}), flush=True)
            sys.exit(0)
        database = duckdb.connect(sys.argv[1], read_only=sys.argv[3] == "read-only")
        database.execute("set threads = " + sys.argv[2])
        print(json.dumps({"version": duckdb.__version__}), flush=True)
        for line in sys.stdin:
            try:
                text = json.loads(line)["sql"]
                start = time.perf_counter()
                rows = database.execute(text).fetchall()
                milliseconds = (time.perf_counter() - start) * 1000
                cells = [[None if cell is None else str(cell) for cell in row] for row in rows]
                print(json.dumps({"milliseconds": milliseconds, "rows": cells}), flush=True)
            except Exception as problem:
                print(json.dumps({"error": str(problem)}), flush=True)
        """

    private struct Question: Encodable { var sql: String }

    private struct Greeting: Decodable {
        var version: String?
        var missing: String?
    }

    struct Answer: Decodable {
        var milliseconds: Double?
        var rows: [[String?]]?
        var error: String?
    }

    /// Of DuckDB: `1.4.4`.
    let version: String
    private let child: ChildProcess

    /// - Parameters:
    ///   - python: a path, or a name to look for on the path.
    ///   - database: the file, made if it is not there.
    /// - Throws: why there is no such peer: no such program, or it has no DuckDB.
    init(python: String, database: String, threads: Int, isReadOnly: Bool = false) throws(BenchmarkError) {
        child = try ChildProcess([
            python, "-c", PeerProcess.program, database, String(threads), isReadOnly ? "read-only" : "write",
        ])
        guard let line = child.readLine() else { throw BenchmarkError("\(python) ended without a word") }
        guard let greeting = try? JSONDecoder().decode(Greeting.self, from: Data(line)) else {
            throw BenchmarkError("\(python) said \(String(decoding: line, as: UTF8.self))")
        }
        guard let version = greeting.version else { throw BenchmarkError("\(python) cannot import duckdb") }
        self.version = version
    }

    /// - Throws: what DuckDB says against the statement, or that it is gone.
    func ask(_ sql: String) throws(BenchmarkError) -> Answer {
        guard let question = try? JSONEncoder().encode(Question(sql: sql)) else {
            throw BenchmarkError("the statement is no text")
        }
        guard child.write(Array(question) + [0x0A]), let line = child.readLine() else {
            throw BenchmarkError("DuckDB's process has ended")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line)) else {
            throw BenchmarkError("DuckDB's process said something unexpected")
        }
        if let error = answer.error { throw BenchmarkError("DuckDB: \(error)") }
        return answer
    }
}
