import Blueshift
import FoundationEssentials
import Synchronization
import Testing

/// What is on disk, as seen by sessions: mirrors, tails, snapshots beside loads, very many slices.
@Suite struct DurabilityTests {
    private func configuration(_ directory: String, nodes: Int = 2, slices: Int = 2) -> Cluster.Configuration {
        var configuration = Cluster.Configuration(
            nodes: nodes, slicesPerNode: slices, directory: directory + "/cluster")
        configuration.objectDirectory = directory + "/s3"
        return configuration
    }

    private func write(_ text: String, to key: String, in directory: String) throws {
        let url = URL(filePath: directory).appending(path: "s3/lab/\(key)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test func aFlippedBitIsMendedAndTold() async throws {
        try await withDirectory { directory in
            let sum = 4_000 * 3_999 / 2
            try await withSession(configuration(directory)) { _, session in
                try await session.execute("CREATE TABLE t (id INT) DISTKEY (id) SORTKEY (id)")
                try await session.insert(into: "t", (0..<4_000).map { "(\($0))" })
                try await session.execute("VACUUM t")
            }
            let files = FileManager.default
            for node in 0..<2 {
                let folder = directory + "/cluster/nodes/\(node)"
                for name in try files.contentsOfDirectory(atPath: folder) where name.hasSuffix(".dat") {
                    var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
                    bytes[bytes.count - 9] ^= 4
                    try bytes.write(to: URL(filePath: "\(folder)/\(name)"))
                }
            }
            try await withSession(configuration(directory)) { _, session in
                #expect(try await session.number("SELECT sum(id) FROM t") == sum)
                let told = try await session.execute("SET query_group TO 'x'").notices
                #expect(told.count == 4, "\(told)")
                #expect(
                    told.allSatisfy {
                        $0.message == "block of public.t.id was damaged and has been mended from its other copy"
                            && $0.detail?.contains("bytes at ") == true
                    })
                #expect(try await session.execute("SET query_group TO 'x'").notices.isEmpty)
            }
            try FileManager.default.removeItem(atPath: directory + "/cluster/nodes/1")
            try await withSession(configuration(directory)) { _, session in
                let found = try await session.number("SELECT sum(id) FROM t")
                #expect(found == sum)
            }
        }
    }

    @Test(arguments: ["DISTSTYLE EVEN", "DISTKEY (id) SORTKEY (v)", "DISTSTYLE ALL"])
    func smallChangesAreThereAfterReopening(style: String) async throws {
        try await withDirectory { directory in
            var model: [Int: Int] = [:]
            var random = SplitMix(seed: 5)
            for round in 0..<6 {
                try await withSession(configuration(directory)) { _, session in
                    if round == 0 { try await session.execute("CREATE TABLE t (id INT, v INT) \(style)") }
                    #expect(try await session.number("SELECT count(*) FROM t") == model.count)
                    #expect(try await session.number("SELECT nvl(sum(v), 0) FROM t") == model.values.reduce(0, +))
                    for step in 0..<12 {
                        let id = round * 100 + step
                        switch random.below(5) {
                        case 0, 1:
                            try await session.execute("INSERT INTO t VALUES (\(id), \(step))")
                            model[id] = step
                        case 2:
                            try await session.execute("UPDATE t SET v = v + 1 WHERE id % 3 = \(step % 3)")
                            for key in model.keys where key % 3 == step % 3 { model[key]? += 1 }
                        case 3:
                            try await session.execute("DELETE FROM t WHERE id % 5 = \(step % 5)")
                            model = model.filter { $0.key % 5 != step % 5 }
                        default:
                            // Rows of a block, changed by it again, while another session commits rows of its own.
                            try await session.execute("BEGIN; INSERT INTO t VALUES (\(id), 1), (\(id + 50), 2)")
                            try await session.execute("UPDATE t SET v = v + 10 WHERE id = \(id)")
                            try await session.execute("DELETE FROM t WHERE id = \(id + 50); COMMIT")
                            model[id] = 11
                        }
                    }
                    let rows = try await session.rows("SELECT id, v FROM t ORDER BY id")
                    let ids = try rows.map { try $0.decode(Int.self, at: 0) }
                    #expect(ids == model.keys.sorted())
                    let values = try rows.map { try $0.decode(Int.self, at: 1) }
                    #expect(values == model.sorted { $0.key < $1.key }.map(\.value))
                    if round == 3 {
                        try await session.execute("ALTER TABLE t ADD COLUMN w INT; ALTER TABLE t DROP COLUMN w")
                    }
                    if round == 4 { try await session.execute("VACUUM t TO 100 PERCENT") }
                }
            }
        }
    }

    @Test func readersKeepTheirSnapshotWhileACopyRuns() async throws {
        try await withDirectory { directory in
            for file in 0..<4 {
                let lines = (0..<20_000).map { "\(file * 20_000 + $0)|text \($0)\n" }.joined()
                try write(lines, to: "lines/part-\(file)", in: directory)
            }
            try await withSession(configuration(directory)) { cluster, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20)) DISTKEY (id)")
                try await session.execute("INSERT INTO t VALUES (-1, 'first')")
                let (block, reader) = (cluster.session(), cluster.session())
                try await block.execute("BEGIN")
                #expect(try await block.number("SELECT count(*) FROM t") == 1)
                let isLoading = Mutex(false)
                async let load = session.execute(
                    "COPY t FROM 's3://lab/lines/' IAM_ROLE default",
                    progress: { _ in isLoading.withLock { $0 = true } })
                var seen: Set<Int> = []
                var readsWhileLoading = 0
                while seen.max() ?? 0 < 80_001 {
                    seen.insert(try await reader.number("SELECT count(*) FROM t"))
                    #expect(try await block.number("SELECT count(*) FROM t") == 1)
                    if isLoading.withLock({ $0 }) { readsWhileLoading += 1 }
                }
                #expect(try await load.affectedRows == 80_000)
                #expect(seen.isSubset(of: [1, 80_001]) && readsWhileLoading > 0)
                // Rows that no snapshot needs any more give back their space when the last one ends.
                try await block.execute("COMMIT; BEGIN")
                #expect(try await block.number("SELECT count(*) FROM t") == 80_001)
                try await session.execute("TRUNCATE t")
                #expect(try await block.number("SELECT count(id) FROM t") == 80_001)
                #expect(try bytes(in: directory) > 100_000)
                try await block.execute("COMMIT")
                await block.close()
                await reader.close()
                // Nodes let go of a query's version shortly after the client has seen its end.
                for _ in 0..<200 where try bytes(in: directory) > 0 { try await Task.sleep(for: .milliseconds(10)) }
                let left = try bytes(in: directory)
                #expect(left == 0)
            }
        }
    }

    /// Of data files and mirrors.
    private func bytes(in directory: String) throws -> Int {
        var bytes = 0
        for node in 0..<2 {
            let folder = directory + "/cluster/nodes/\(node)"
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                bytes += try Data(contentsOf: URL(filePath: "\(folder)/\(name)")).count
            }
        }
        return bytes
    }

    @Test func thousandSlicesOpenLoadAndAnswer() async throws {
        try await withDirectory { directory in
            for file in 0..<3 {
                let lines = (0..<4_000).map { "\(file * 4_000 + $0)|\($0 % 7)\n" }.joined()
                try write(lines, to: "lines/part-\(file)", in: directory)
            }
            for isNew in [true, false] {
                try await withSession(configuration(directory, nodes: 64, slices: 16)) { cluster, session in
                    if isNew {
                        try await session.execute("CREATE TABLE t (id INT, k INT) DISTKEY (id)")
                        try await session.execute("COPY t FROM 's3://lab/lines/' IAM_ROLE default")
                    }
                    #expect(try await session.number("SELECT count(*) FROM t") == 12_000)
                    #expect(try await session.number("SELECT sum(id) FROM t WHERE k = 3") > 0)
                    let groups = try await session.rows("SELECT k, count(*) FROM t GROUP BY k ORDER BY k")
                    #expect(groups.count == 7)
                    #expect(try await session.rowsPerSlice(of: "t").filter { $0 > 0 }.count > 1_000)
                }
            }
        }
    }
}
