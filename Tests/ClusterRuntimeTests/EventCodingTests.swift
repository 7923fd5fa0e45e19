import Catalog
import Ingest
import QueryPlan
import SQLTypes
import Storage
import Testing
import VectorEngine

@testable import ClusterRuntime

/// Logged events as bytes: all of them come back, whatever else the bytes are does no harm, and there are never too many.
@Suite struct EventCodingTests {
    private static let source = EventSource(
        user: UserID(101), session: 7, database: "dév", transaction: 12, query: 34)

    private static var load: LoadEvent {
        LoadEvent(
            source: source, table: TableID(100_001), tableName: "t", startTime: 1, endTime: 2, isCompleted: true,
            dataSource: "s3://b/k", format: "csv", rows: 3, bytes: 4, fileCount: 5, fileBytes: 6, filesScanned: 7,
            bytesScanned: 8, errors: 9)
    }
    private static var loadedFile: LoadedFileEvent {
        LoadedFileEvent(
            source: source, slice: 3, file: "s3://b/k", lines: 1, storedBytes: 2, textBytes: 3, errors: 4, startTime: 5,
            endTime: 6, isPartial: true, startOffset: 7, isComplete: false, format: "Text")
    }
    private static var commit: CommitEvent {
        CommitEvent(
            source: source, queuedTime: 1, workTime: 2, stagedTime: 3, syncedTime: 4, endTime: 5, queueLength: 6,
            batched: 7, logBytes: 8,
            nodes: [.init(permanentBlocks: 9, newBlocks: 10), .init(permanentBlocks: 11, newBlocks: 12)],
            activeTransactions: 13, oldestTransaction: 14)
    }
    private static var vacuum: VacuumEvent {
        VacuumEvent(
            source: source, table: TableID(100_001), schemaName: "public", tableName: "t", kind: .recluster,
            phase: .finished, status: "Finished", time: 1, rows: 2, sortedRows: 3, blocks: 4, deletedRows: 5,
            reclaimableBytes: 6, sortPartitions: 7, cutoff: 8)
    }
    private static var user: UserEvent {
        UserEvent(
            source: source, affected: UserID(102), name: "new", oldName: "old", action: .rename,
            canCreateDatabases: true, isSuperuser: false, validUntil: .max, time: 1)
    }

    /// Round trip; nothing shorter and no other version is taken for it.
    private func check<Event: CodedEvent>(_ event: Event) {
        let bytes = event.encoded
        #expect(Event(decoding: bytes) == event)
        for count in bytes.indices { #expect(Event(decoding: Array(bytes.prefix(count))) == nil, "\(Event.self)") }
        #expect(Event(decoding: bytes + [0]) == nil)
        var other = bytes
        other[0] &+= 1
        #expect(Event(decoding: other) == nil)
        // Whatever the bytes are, decoding them comes to an end.
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0xFF
            _ = Event(decoding: damaged)
        }
    }

    @Test func eventsComeBackAsTheyWere() {
        let source = Self.source
        check(Self.load)
        check(Self.loadedFile)
        check(
            ReplacementEvent(
                source: source, slice: 1, table: TableID(9), startTime: 2, file: "f", line: -1, column: "c",
                rawLine: "…"))
        check(
            ObjectRequestEvent(
                source: source, slice: 10_000, method: "GET", bucket: "b", key: "k", transferBytes: 1, dataBytes: 2,
                startTime: 3, endTime: 4, transferTime: 5, compressionTime: 6, isPartial: true, startOffset: 7,
                error: "gone"))
        check(
            UnloadEvent(
                source: source, startTime: 1, endTime: 2, format: "CSV", compression: "gzip", location: "s3://b/",
                rows: 3, files: 4, bytes: 5, error: ""))
        check(
            UnloadedFileEvent(
                source: source, slice: 1, path: "p", startTime: 2, endTime: 3, lines: 4, bytes: 5, format: "Text"))
        check(Self.vacuum)
        check(
            AnalyzeEvent(
                source: source, table: TableID(9), schemaName: "s", tableName: "t", status: "Full", rows: 1.5,
                modifiedRows: 2, thresholdPercent: 10, isAutomatic: true, startTime: 3, endTime: 4, previousTime: 5,
                columnCount: 6))
        check(
            TransactionEvent(
                source: source, isolation: "Serializable", isCommitted: false, startTime: 1, commitStart: 2,
                commitEnd: 3, blocks: 4))
        check(Self.commit)
        check(ConflictEvent(source: source, startTime: 1, time: 2, table: TableID(100_002)))
        check(
            ConnectionEvent(
                source: source, event: "authenticated", time: 1, userName: "u", remoteHost: "::1", remotePort: "5",
                method: "password", duration: 2, tlsVersion: "TLS", cipher: "c", applicationName: "psql",
                sessionStart: 3))
        check(
            SessionEvent(
                source: source, userName: "u", startTime: 1, endTime: 2, timeoutSeconds: 3, end: .timedOut))
        check(Self.user)
        check(
            AlertEvent(
                source: source, slice: 1, segment: 2, step: 3, event: "e", solution: "s", time: 4, isGuarded: true))
    }

    @Test func fieldsOfARefusedRecordComeBack() {
        var error = LoadErrorRecord(
            query: 1, slice: 2, table: TableID(3), session: 4, user: .master, startTime: 5,
            error: .init(
                file: "f", lineNumber: 6, column: 1, columnName: "c", typeName: "int4", columnLength: "0", position: 7,
                rawLine: "a|b", rawFieldValue: "b", code: .invalidDigit, reason: "r",
                fields: [
                    .init(columnName: "x", typeName: "varchar", columnLength: "9", value: "a", isNull: false),
                    .init(columnName: "c", typeName: "int4", columnLength: "0", value: "b", isNull: true),
                ]))
        error.error.isPartial = true
        error.error.startOffset = 64 << 20
        let bytes = error.encoded
        #expect(LoadErrorRecord(decoding: bytes)?.error == error.error)
        for count in bytes.indices { #expect(LoadErrorRecord(decoding: Array(bytes.prefix(count))) == nil) }
        // As it was written before fields were kept: without them, and with 2 for the version.
        var short = error
        short.error.fields = []
        short.error.isPartial = false
        short.error.startOffset = 0
        var old = short.encoded
        old[0] = 2
        old.removeLast(4 + 1 + 8)
        #expect(LoadErrorRecord(decoding: old)?.error == short.error)
    }

    // MARK: The log

    private func openLog(_ storage: ClusterStorage) throws -> EventLog {
        let (files, stored) = try EventLog.load(from: storage)
        return EventLog(files, stored: stored) { error in Issue.record("\(error)") }
    }

    @Test func theLogOutlivesItsProcess() throws {
        let files = MemoryFileLayer()
        var storage: ClusterStorage? = try ClusterStorage.open(
            on: files, shape: ClusterShape(nodes: 1, slicesPerNode: 2))
        let log = try openLog(try #require(storage))
        log.add(Self.load)
        log.add([Self.loadedFile, Self.loadedFile])
        log.add(Self.commit)
        log.close()
        // After its end it takes nothing more into the files.
        log.add(Self.user)
        storage?.close()
        storage = try ClusterStorage.open(on: files, shape: nil)
        let again = try openLog(try #require(storage))
        #expect(again.history.loads == [Self.load])
        #expect(again.history.loadedFiles == [Self.loadedFile, Self.loadedFile])
        #expect(again.history.commits == [Self.commit])
        #expect(again.history.users.isEmpty)
        #expect(again.lastQuery == 34)
        #expect(again.lastTransaction == 12)
    }

    @Test func eachKindIsBounded() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: ClusterShape(nodes: 1, slicesPerNode: 1))
        let log = try openLog(storage)
        for round in 0..<6 {
            log.add(
                (0..<1_000).map { number in
                    var event = Self.vacuum
                    event.rows = Int64(round * 1_000 + number)
                    return event
                })
        }
        let kept = EventKind.vacuums.keptMax
        #expect((kept...kept * 5 / 4).contains(log.history.vacuums.count))
        // The latest, in their order.
        #expect(log.history.vacuums.last?.rows == 5_999)
        #expect(log.history.vacuums.map(\.rows) == log.history.vacuums.map(\.rows).sorted())
        log.close()
    }

    @Test func aDamagedFileIsNoReasonNotToStart() throws {
        let files = MemoryFileLayer()
        let storage = try ClusterStorage.open(on: files, shape: ClusterShape(nodes: 1, slicesPerNode: 1))
        let log = try openLog(storage)
        log.add(Self.load)
        log.add(Self.vacuum)
        log.close()
        try files.write([9, 9, 9, 9, 9, 9, 9, 9], to: EventKind.loads.fileName, at: 70)
        let again = try openLog(storage)
        #expect(again.history.loads.isEmpty)
        #expect(again.history.vacuums == [Self.vacuum])
        again.add(Self.load)
        again.close()
        #expect(try openLog(storage).history.loads == [Self.load])
    }
}

extension FileLayer {
    fileprivate func write(_ bytes: [UInt8], to path: String, at offset: Int64) throws(SQLError) {
        let result = bytes.withUnsafeBytes { source in
            Result { () throws(SQLError) in try write(source, to: path, at: offset) }
        }
        try result.get()
    }
}
