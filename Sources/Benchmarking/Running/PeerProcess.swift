import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// DuckDB in a Python process of its own, asked line by line through pipes. Calls block the thread that makes them: while
/// a peer is timed nothing else of this process may run anyway. The process ends when this is released.
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
    private let process: pid_t
    private let input: UnsafeMutablePointer<FILE>
    private let output: UnsafeMutablePointer<FILE>

    /// - Parameters:
    ///   - python: a path, or a name to look for on the path.
    ///   - database: the file, made if it is not there.
    /// - Throws: why there is no such peer: no such program, or it has no DuckDB.
    init(python: String, database: String, threads: Int, isReadOnly: Bool = false) throws(BenchmarkError) {
        // A peer that has died must be an error of ours, not a signal.
        signal(SIGPIPE, SIG_IGN)
        let spawned = try PeerProcess.spawn([
            python, "-c", PeerProcess.program, database, String(threads), isReadOnly ? "read-only" : "write",
        ])
        process = spawned.process
        guard let input = fdopen(spawned.input, "w"), let output = fdopen(spawned.output, "r") else {
            throw BenchmarkError("no stream to \(python): \(Platform.lastError)")
        }
        self.input = input
        self.output = output
        guard let line = PeerProcess.line(of: output) else { throw BenchmarkError("\(python) ended without a word") }
        guard let greeting = try? JSONDecoder().decode(Greeting.self, from: Data(line)) else {
            throw BenchmarkError("\(python) said \(String(decoding: line, as: UTF8.self))")
        }
        guard let version = greeting.version else { throw BenchmarkError("\(python) cannot import duckdb") }
        self.version = version
    }

    deinit {
        fclose(input)
        fclose(output)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// - Throws: what DuckDB says against the statement, or that it is gone.
    func ask(_ sql: String) throws(BenchmarkError) -> Answer {
        guard let question = try? JSONEncoder().encode(Question(sql: sql)) else {
            throw BenchmarkError("the statement is no text")
        }
        let bytes = Array(question) + [0x0A]
        guard fwrite(bytes, 1, bytes.count, input) == bytes.count, fflush(input) == 0,
            let line = PeerProcess.line(of: output)
        else { throw BenchmarkError("DuckDB's process has ended") }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line)) else {
            throw BenchmarkError("DuckDB's process said something unexpected")
        }
        if let error = answer.error { throw BenchmarkError("DuckDB: \(error)") }
        return answer
    }

    private static func line(of file: UnsafeMutablePointer<FILE>) -> [UInt8]? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        let count = getline(&buffer, &capacity, file)
        guard count > 0, let buffer else { return nil }
        return UnsafeRawBufferPointer(start: buffer, count: count).map(\.self)
    }

    private static func spawn(
        _ arguments: [String]
    ) throws(BenchmarkError) -> (process: pid_t, input: Int32, output: Int32) {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0 else { throw BenchmarkError("no pipe: \(Platform.lastError)") }
        guard pipe(&fromChild) == 0 else { throw BenchmarkError("no pipe: \(Platform.lastError)") }
        // Our ends are not for the child, nor for another child.
        for end in [toChild[1], fromChild[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_addclose(&actions, toChild[0])
        posix_spawn_file_actions_addclose(&actions, fromChild[1])
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let status = posix_spawnp(&process, arguments[0], &actions, nil, &words, environ)
        close(toChild[0])
        close(fromChild[1])
        guard status == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw BenchmarkError("cannot run \(arguments[0]): \(String(cString: strerror(status)))")
        }
        return (process, toChild[1], fromChild[0])
    }
}
