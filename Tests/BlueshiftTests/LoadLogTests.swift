import Blueshift
import FoundationEssentials
import SQLTypes
import Synchronization
import Testing

/// What system tables say of COPY and UNLOAD: every file once, figures that agree with what was done, and all of it after a
/// restart.
@Suite struct LoadLogTests {
    private func write(_ text: some DataProtocol, to key: String, in directory: String) throws {
        let url = URL(filePath: directory).appending(path: "s3/lab/\(key)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text).write(to: url)
    }

    private func write(_ text: String, to key: String, in directory: String) throws {
        try write(Array(text.utf8), to: key, in: directory)
    }

    private func withLab(
        _ shape: (nodes: Int, slicesPerNode: Int) = (2, 2), _ body: (String, Session) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            var configuration = Cluster.Configuration(nodes: shape.nodes, slicesPerNode: shape.slicesPerNode)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in try await body(directory, session) }
        }
    }

    private func texts(_ session: Session, _ sql: String) async throws -> [[String]] {
        try await session.rows(sql).map { row in try (0..<row.count).map { try row.decode(String.self, at: $0) } }
    }

    @Test(arguments: shapes)
    func everyFileIsLoggedOnce(shape: (nodes: Int, slicesPerNode: Int)) async throws {
        try await withLab(shape) { directory, session in
            var bytes = 0
            for file in 0..<7 {
                let text = (0..<(10 + file)).map { "\(file)|line \($0)\n" }.joined()
                bytes += text.utf8.count
                try write(text, to: "in/part-\(file)", in: directory)
            }
            try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
            try await session.execute("COPY t FROM 's3://lab/in/part-' IAM_ROLE default")
            let lines = (0..<7).reduce(0) { $0 + 10 + $1 }
            let mine = "query = pg_last_copy_id()"
            let files = (0..<7).map { "s3://lab/in/part-\($0)" }
            #expect(
                try await texts(session, "SELECT trim(filename) FROM stl_load_commits WHERE \(mine) ORDER BY 1")
                    == files.map { [$0] })
            #expect(
                try await session.number("SELECT sum(lines_scanned) FROM stl_load_commits WHERE \(mine) AND status = 1")
                    == lines)
            #expect(try await session.number("SELECT sum(lines) FROM stl_file_scan WHERE \(mine)") == lines)
            #expect(try await session.number("SELECT sum(bytes) FROM stl_file_scan WHERE \(mine)") == bytes)
            #expect(try await session.number("SELECT count(*) FROM stl_file_scan WHERE loadtime < 0") == 0)
            // Seven files, dealt over the slices like cards; the list was the leader's.
            let busy = min(7, shape.nodes * shape.slicesPerNode)
            #expect(
                try await session.number("SELECT count(DISTINCT slice) FROM stl_load_commits WHERE \(mine)") == busy)
            #expect(
                try await session.number(
                    "SELECT count(*) FROM stl_s3client c JOIN stv_slices s ON s.slice = c.slice WHERE \(mine) "
                        + "AND http_method = 'GET' AND transfer_size = data_size AND end_time >= start_time") == 7)
            #expect(
                try await texts(
                    session,
                    "SELECT trim(key), trim(bucket) FROM stl_s3client WHERE \(mine) AND slice = 10000")
                    == [["prefix=in/part-;marker=", "lab"]])
            #expect(try await session.number("SELECT sum(transfer_size) FROM stl_s3client WHERE \(mine)") == bytes)
            #expect(
                try await texts(
                    session,
                    "SELECT status, table_name, data_source, file_format, loaded_rows::varchar, loaded_bytes::varchar, "
                        + "source_file_count::varchar, file_count_scanned::varchar, error_count::varchar, database_name "
                        + "FROM sys_load_history WHERE query_id = pg_last_copy_id()")
                    == [
                        [
                            "completed", "t", "s3://lab/in/part-", "txt", "\(lines)", "\(bytes)", "7", "7", "0", "dev",
                        ]
                    ])
            #expect(
                try await session.number(
                    "SELECT sum(lines_scanned) FROM sys_load_detail WHERE query_id = pg_last_copy_id()") == lines)
            #expect(try await session.number("SELECT count(*) FROM sys_load_detail") == 7)
            #expect(try await session.number("SELECT pg_last_copy_count()") == lines)
            // The transaction is the commit's.
            #expect(
                try await session.number(
                    "SELECT count(*) FROM sys_load_history h JOIN stl_commit_stats c ON c.xid = h.transaction_id "
                        + "AND c.node = -1") == 1)
        }
    }

    /// What loads and what checks need not be the same process.
    @Test func anAssertionKnowsLoadsOfEarlierProcesses() async throws {
        try await withDirectory { directory in
            let configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 2, directory: directory)
            try await withSession(configuration) { _, session in
                for file in 0..<4 { try write("\(file)\n", to: "in/\(file)", in: directory) }
                for table in ["t", "u"] { try await session.execute("CREATE TABLE \(table) (id INT)") }
                try await session.execute("COPY t FROM 's3://lab/in/' IAM_ROLE default")
                try await session.execute("COPY u FROM 's3://lab/in/1' IAM_ROLE default")
            }
            try await withSession(configuration) { _, session in
                try await session.execute("ASSERT COPY OF t USES EVERY SLICE")
                #expect(await session.lastAssertion?.findings.first?.figure == 4)
                await expectError(.assertFailure) { try await session.execute("ASSERT COPY OF u USES EVERY SLICE") }
                #expect(await session.lastAssertion?.findings.first?.figure == 1)
            }
        }
    }

    @Test func rangesOfALargeFileAreOneFile() async throws {
        try await withLab { directory, session in
            let line = String(repeating: "x", count: 1_000)
            let count = 140_000
            var text: [UInt8] = []
            text.reserveCapacity(count * 1_010)
            for number in 0..<count { text += Array("\(number)|\(line)\n".utf8) }
            try write(text, to: "large", in: directory)
            try await session.execute("CREATE TABLE t (id INT, name VARCHAR(2000))")
            try await session.execute("COPY t FROM 's3://lab/large' IAM_ROLE default NOLOAD")
            let parts = try await session.number("SELECT count(*) FROM stl_load_commits")
            #expect(parts > 1)
            #expect(try await session.number("SELECT count(*) FROM stl_load_commits WHERE is_partial = 1") == parts)
            #expect(try await session.number("SELECT count(DISTINCT start_offset) FROM stl_file_scan") == parts)
            #expect(
                try await texts(
                    session, "SELECT lines_scanned::varchar, splits_scanned::varchar FROM sys_load_detail")
                    == [["\(count)", "\(parts)"]])
        }
    }

    @Test func refusedRecordsAreShownFieldByField() async throws {
        try await withLab { directory, session in
            try write("1|a|2024-01-02\n2|\\N|never\n3|c|2024-01-03\nx|d|2024-01-04\n", to: "f", in: directory)
            try await session.execute("CREATE TABLE t (id INT, name VARCHAR(10), d DATE)")
            await expectError(.internalError) {
                try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default MAXERROR 1")
            }
            #expect(
                try await texts(
                    session,
                    "SELECT status, loaded_rows::varchar, error_count::varchar FROM sys_load_history ORDER BY query_id")
                    == [["aborted", "0", "2"]])
            try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default MAXERROR 9")
            #expect(
                try await texts(
                    session,
                    "SELECT line_number::varchar, field::varchar, trim(colname), trim(value), is_null::varchar, "
                        + "trim(type), trim(col_length) FROM stl_loaderror_detail WHERE query = pg_last_copy_id() "
                        + "ORDER BY line_number, field")
                    == [
                        ["2", "0", "id", "2", "0", "int4", "0"], ["2", "1", "name", #"\N"#, "1", "varchar", "10"],
                        ["2", "2", "d", "never", "0", "date", "0"], ["4", "0", "id", "x", "0", "int4", "0"],
                    ])
            #expect(
                try await session.number(
                    "SELECT count(*) FROM sys_load_error_detail d JOIN sys_load_history h ON h.query_id = d.query_id "
                        + "AND h.transaction_id = d.transaction_id WHERE error_code > 1200") == 4)
            // AWS's documentation joins them like this.
            #expect(
                try await session.number(
                    "SELECT count(*) FROM stl_loaderror_detail d, stl_load_errors l WHERE d.query = l.query AND "
                        + "d.line_number = l.line_number AND d.query = pg_last_copy_id()") == 4)
        }
    }

    @Test func noMoreErrorsThanTwentyInDetail() async throws {
        try await withLab((1, 1)) { directory, session in
            try write((0..<30).map { "x\($0)\n" }.joined(), to: "f", in: directory)
            try await session.execute("CREATE TABLE t (id INT)")
            try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default MAXERROR 99")
            #expect(try await session.number("SELECT count(*) FROM stl_loaderror_detail") == 20)
            #expect(try await session.number("SELECT count(*) FROM stl_load_errors") == 30)
        }
    }

    @Test func replacedCharactersAreLogged() async throws {
        try await withLab((1, 1)) { directory, session in
            var bytes: [UInt8] = []
            for number in 0..<150 { bytes += Array("\(number)|good|".utf8) + [0xFF] + Array("bad\n".utf8) }
            try write(bytes + Array("150|fine|fine\n".utf8), to: "f", in: directory)
            try await session.execute("CREATE TABLE t (id INT, a VARCHAR(10), b VARCHAR(10))")
            try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default ACCEPTINVCHARS")
            #expect(try await session.number("SELECT count(*) FROM stl_replacements") == 100)
            #expect(
                try await texts(
                    session,
                    "SELECT line_number::varchar, trim(colname), trim(raw_line) FROM stl_replacements "
                        + "WHERE line_number < 3 ORDER BY 1")
                    == [["1", "b", "0|good|.bad"], ["2", "b", "1|good|.bad"]])
            #expect(
                try await session.number(
                    "SELECT count(*) FROM sys_copy_replacements WHERE query_id = pg_last_copy_id()") == 100)
        }
    }

    @Test(arguments: shapes)
    func unloadedFilesAreLogged(shape: (nodes: Int, slicesPerNode: Int)) async throws {
        try await withLab(shape) { directory, session in
            try FileManager.default.createDirectory(
                at: URL(filePath: directory).appending(path: "s3/lab"), withIntermediateDirectories: true)
            try await session.execute("CREATE TABLE t (id INT) DISTSTYLE EVEN")
            try await session.insert(into: "t", (0..<200).map { "(\($0))" })
            try await session.execute(
                "UNLOAD ('SELECT * FROM t') TO 's3://lab/out/t_' IAM_ROLE default HEADER GZIP")
            let slices = shape.nodes * shape.slicesPerNode
            let mine = "query = pg_last_unload_id()"
            #expect(try await session.number("SELECT sum(line_count) FROM stl_unload_log WHERE \(mine)") == 200)
            #expect(try await session.number("SELECT count(DISTINCT slice) FROM stl_unload_log") == slices)
            #expect(
                try await session.number("SELECT count(*) FROM stl_unload_log WHERE path LIKE 's3://lab/out/t_%.gz'")
                    == slices)
            let size = try FileManager.default.contentsOfDirectory(atPath: directory + "/s3/lab/out").reduce(0) {
                $0 + (try Data(contentsOf: URL(filePath: directory + "/s3/lab/out/" + $1)).count)
            }
            #expect(try await session.number("SELECT sum(transfer_size) FROM stl_unload_log") == size)
            #expect(
                try await texts(
                    session,
                    "SELECT status, file_format, compression_type, unloaded_location, unloaded_rows::varchar, "
                        + "unloaded_files_count::varchar, unloaded_files_size::varchar FROM sys_unload_history")
                    == [["completed", "Text", "gzip", "s3://lab/out/t_", "200", "\(slices)", "\(size)"]])
            #expect(
                try await session.number("SELECT count(*) FROM stl_s3client WHERE http_method = 'PUT' AND \(mine)")
                    == slices)
            await expectError(.divisionByZero) {
                try await session.execute("UNLOAD ('SELECT 1 / (id - id) FROM t') TO 's3://lab/x' IAM_ROLE default")
            }
            #expect(
                try await texts(
                    session, "SELECT status, error_message FROM sys_unload_history ORDER BY query_id DESC LIMIT 1"
                )
                .first?.first == "aborted")
            #expect(try await session.number("SELECT pg_last_unload_count()") == 200)
        }
    }

    @Test func aRunningLoadShowsItsState() async throws {
        try await withLab { directory, session in
            for file in 0..<4 {
                try write((0..<40_000).map { "\($0)|name \($0)\n" }.joined(), to: "in/\(file)", in: directory)
            }
            let watcher = session
            try await watcher.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
            let figures = Mutex<[LoadProgress]>([])
            try await session.execute(
                "COPY t FROM 's3://lab/in/' IAM_ROLE default", progress: { now in figures.withLock { $0.append(now) } })
            let seen = figures.withLock { $0 }
            #expect(seen.count > 4)
            #expect(seen.allSatisfy { $0.filesTotal == 4 && $0.rows <= 160_000 })
            #expect(seen.map(\.rows).max() == 160_000)
            // It is over.
            #expect(try await session.number("SELECT count(*) FROM stv_load_state") == 0)
        }
    }

    @Test func aRunningLoadIsSeenByOthers() async throws {
        try await withDirectory { directory in
            for file in 0..<4 {
                try write((0..<60_000).map { "\($0)|name \($0)\n" }.joined(), to: "in/\(file)", in: directory)
            }
            var configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { cluster, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
                let watcher = cluster.session()
                var seen = 0
                var running = 0
                var loads = 0
                // On a busy machine a load may be over before anybody has looked.
                while loads < 8, seen < 4 || running < 1 {
                    loads += 1
                    let isOver = Mutex(false)
                    async let load: Void = {
                        defer { isOver.withLock { $0 = true } }
                        try await session.execute("COPY t FROM 's3://lab/in/' IAM_ROLE default NOLOAD")
                    }()
                    while !isOver.withLock({ $0 }) {
                        seen = max(
                            seen,
                            try await watcher.number(
                                "SELECT count(*) FROM stv_load_state WHERE num_files = 1 AND pct_complete BETWEEN 0 AND "
                                    + "100 AND bytes_loaded <= bytes_to_load AND bytes_to_load_compressed = 0"))
                        running = max(
                            running,
                            try await watcher.number("SELECT count(*) FROM sys_load_history WHERE status = 'running'"))
                    }
                    try await load
                }
                #expect(seen == 4)
                #expect(running == 1)
                #expect(
                    try await watcher.number("SELECT count(*) FROM sys_load_history WHERE status = 'completed'")
                        == loads)
                await watcher.close()
            }
        }
    }

    @Test func logsOutliveTheProcess() async throws {
        try await withDirectory { directory in
            try write("1\n2\n3\n", to: "f", in: directory)
            var configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 2, directory: directory + "/cluster")
            configuration.objectDirectory = directory + "/s3"
            let questions = [
                "SELECT query, filename, lines_scanned, curtime FROM stl_load_commits ORDER BY 1, 2",
                "SELECT query_id, status, transaction_id, end_time FROM sys_load_history ORDER BY 1",
                "SELECT query, http_method, key, start_time FROM stl_s3client ORDER BY start_time, 3",
                "SELECT query, path, line_count FROM stl_unload_log ORDER BY path",
                "SELECT xid, table_id, status, rows, eventtime FROM stl_vacuum ORDER BY eventtime",
                "SELECT xid, table_name, rows, starttime FROM stl_analyze ORDER BY starttime",
                "SELECT userid, username, action, recordtime FROM stl_userlog ORDER BY recordtime",
                "SELECT xid, node, startqueue, endtime, newblocks FROM stl_commit_stats WHERE xid <= 5 ORDER BY 1, 2",
                "SELECT query, event, event_time FROM stl_alert_event_log WHERE query < 20 ORDER BY 1, 2",
            ]
            func answers(_ session: Session) async throws -> [[[SQLValue]]] {
                var all: [[[SQLValue]]] = []
                for question in questions {
                    all.append(try await session.rows(question).map { row in (0..<row.count).map { row[$0] } })
                }
                return all
            }
            var before: [[[SQLValue]]] = []
            var last = 0
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT) SORTKEY (id)")
                try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default")
                try await session.execute("INSERT INTO t VALUES (0)")
                try await session.execute("VACUUM t TO 100 PERCENT")
                try await session.execute("ANALYZE t")
                try await session.execute("CREATE USER mary PASSWORD 'Secret12'; ALTER USER mary CREATEDB")
                try await session.execute("CREATE TABLE u (id INT); INSERT INTO u VALUES (1)")
                _ = try await session.rows("SELECT count(*) FROM t, u WHERE t.id < u.id")
                try await session.execute("UNLOAD ('SELECT id FROM t') TO 's3://lab/out/' IAM_ROLE default")
                before = try await answers(session)
                last = try await session.number("SELECT max(xid) FROM stl_commit_stats")
            }
            for (question, rows) in zip(questions, before) { #expect(!rows.isEmpty, "\(question)") }
            try await withSession(configuration) { _, session in
                let after = try await answers(session)
                for (question, (old, new)) in zip(questions, zip(before, after)) { #expect(old == new, "\(question)") }
                // What this process does is not taken for what the other one did.
                try await session.execute("INSERT INTO t VALUES (9)")
                #expect(try await session.number("SELECT max(xid) FROM stl_commit_stats") > last)
                #expect(try await session.number("SELECT count(*) FROM stl_sessions") == 1)
                #expect(
                    try await session.number(
                        "SELECT count(*) FROM stl_connection_log WHERE event = 'disconnecting session'") == 1)
            }
        }
    }

    @Test func othersSeeNothingOfIt() async throws {
        try await withDirectory { directory in
            try write("1\n2\n", to: "f", in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { cluster, session in
                try await session.execute(
                    "CREATE USER mary PASSWORD 'Secret12'; CREATE USER john PASSWORD 'Secret12' SYSLOG ACCESS UNRESTRICTED"
                )
                try await session.execute("CREATE TABLE t (id INT); COPY t FROM 's3://lab/f' IAM_ROLE default")
                let mary = try cluster.session(user: "mary")
                let john = try cluster.session(user: "john")
                for view in [
                    "stl_load_commits", "stl_file_scan", "stl_s3client", "sys_load_history", "sys_load_detail",
                    "stl_sessions",
                ] {
                    #expect(try await mary.number("SELECT count(*) FROM \(view)") == 0, "\(view)")
                }
                #expect(try await john.number("SELECT count(*) FROM stl_load_commits") == 1)
                #expect(try await mary.number("SELECT count(*) FROM sys_session_history") == 1)
                for view in [
                    "stl_vacuum", "stl_analyze", "stl_commit_stats", "stl_tr_conflict", "stl_connection_log",
                    "stl_userlog", "stv_blocklist", "stv_partitions", "stv_node_storage_capacity", "svv_diskusage",
                    "svv_vacuum_progress", "svv_vacuum_summary", "svl_vacuum_percentage", "sys_transaction_history",
                ] {
                    await expectError(.insufficientPrivilege) { _ = try await mary.rows("SELECT * FROM \(view)") }
                }
                await mary.close()
                await john.close()
            }
        }
    }
}
