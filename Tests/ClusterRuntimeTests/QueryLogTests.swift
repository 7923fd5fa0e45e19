import Catalog
import QueryPlan
import SQLTypes
import Testing

@testable import ClusterRuntime

/// The log of statements: how a record is packed, and how much is kept.
@Suite struct QueryLogTests {
    /// A record of everything that a record can have.
    private static func record(_ number: Int64, seed: UInt64 = 1, endTime: Int64 = 1_000_000) -> QueryRecord {
        var random = SplitMix64(seed: seed &+ UInt64(bitPattern: number))
        func figure() -> Int64 { Int64(truncatingIfNeeded: random.next() >> (8 + random.next() % 56)) }
        var trace = QueryTrace(
            query: number, text: "SELECT 'ü' -- \(number)", shape: ClusterShape(nodes: 2, slicesPerNode: 2), permits: 2)
        (trace.planningNs, trace.elapsedNs, trace.resultRows) = (figure(), figure(), figure())
        trace.deliveries = [SegmentDelivery(node: 0, segment: 0), SegmentDelivery(node: 1, segment: 0)]
        for slice in [0, 1, SliceTrace.leaderSlice] {
            var run = SliceTrace(node: slice == SliceTrace.leaderSlice ? -1 : slice, slice: slice, segment: slice & 1)
            (run.startNs, run.endNs, run.runNs, run.compileNs) = (figure(), figure(), figure(), figure())
            for kind in StepKind.allCases {
                var step = StepTrace(kind)
                (step.rowsIn, step.rowsOut, step.bytesOut, step.packets) = (figure(), figure(), figure(), figure())
                (step.slots, step.occupied, step.estimatedRows, step.spilledBytes) = (figure(), 0, figure(), figure())
                step.table = random.below(2) == 0 ? TableID(Int32(100_000 + random.below(99))) : nil
                step.source = kind == .scan ? .files : nil
                step.joinKind = kind == .hashjoin ? .nullAwareAnti : nil
                step.transientTable = random.below(2) == 0 ? random.below(9) : nil
                step.planNode = 1 + random.below(5)
                step.algorithm = kind == .aggr ? "linear probing" : ""
                run.steps.append(step)
            }
            trace.slices.append(run)
        }
        let leaf = ExplainNode(
            operation: "Seq Scan on t", cost: Cost(startup: 0, total: 1.5), rows: 7, width: 4,
            attributes: ["Filter: (a)"],
            steps: [StepReference(segment: 0, step: 0)])
        var root = ExplainNode(
            prefix: .leader, operation: "Hash Join", label: .both, cost: Cost(startup: 1, total: 1e15), rows: 1e12,
            width: 9, children: [leaf, leaf])
        if random.below(2) == 0 {
            root.guarded = GuardedScan(table: TableID(100_001), steps: [StepReference(segment: 1, step: 2)])
        }
        var error = SQLError(.divisionByZero, "Divide by zero", detail: "why", hint: "how")
        error.position = 3
        var record = QueryRecord(
            trace: trace, explain: root, session: 7, user: "ann", userID: UserID(101), database: "dev",
            startTime: endTime - 500, endTime: endTime, error: error, streams: [0, 0, 1], transaction: 99,
            label: "night",
            queryType: .ctas)
        record.tableNames = [TableID(100_001): TableName(schema: "public", name: "t")]
        record.queue = QueueUse(
            serviceClass: 100, slots: Int(random.below(3)), queueStart: endTime - 490,
            runStart: random.below(2) == 0 ? nil : endTime - 480)
        (record.lockTime, record.isPart, record.reusesPlan) = (5, true, random.below(2) == 0)
        record.sumUpRun()
        return record
    }

    @Test(arguments: UInt64(0)..<20)
    func whatIsPackedComesOut(seed: UInt64) throws {
        let record = QueryLogTests.record(5, seed: seed)
        let bytes = record.encoded
        let unpacked = try #require(QueryRecord(decoding: bytes))
        #expect("\(unpacked)" == "\(record)")
        #expect(unpacked.encoded == bytes)
        let (summary, end) = try #require(QueryRecord.summary(of: bytes))
        #expect("\(summary)" == "\(LoggedQuery(record).summary)")
        let plan = try #require(summary.with(.plan, of: bytes, from: end))
        #expect(plan.explain == record.explain && plan.trace.slices.isEmpty)
        let run = try #require(summary.with(.run, of: bytes, from: end))
        #expect(run.explain == nil && "\(run.trace)" == "\(record.trace)")
    }

    @Test func damagedRecordsArePassedOver() {
        let bytes = QueryLogTests.record(5).encoded
        for end in 0..<bytes.count { #expect(QueryRecord(decoding: Array(bytes[..<end])) == nil) }
        var other = bytes
        other[0] = 200
        #expect(QueryRecord(decoding: other) == nil)
        for place in bytes.indices {
            // Whatever comes out, nothing is read that is not there.
            var flipped = bytes
            flipped[place] ^= 0xFF
            _ = QueryRecord(decoding: flipped)
        }
    }

    @Test func isBoundedByCount() async {
        var limits = QueryLog.Limits()
        limits.count = 100
        let log = QueryLog(limits, file: nil, records: [], now: 0)
        for number in 1...Int64(1_000) { log.add(QueryLogTests.record(number)) }
        #expect(log.all.map(\.number) == Array(901...1_000))
        await log.flush()
        #expect(log.all.map(\.number) == Array(901...1_000))
        #expect(log.all.allSatisfy { "\($0.record)" == "\(QueryLogTests.record($0.number))" })
    }

    @Test func isBoundedByBytes() async {
        let size = QueryLogTests.record(1_000).encoded.count
        var limits = QueryLog.Limits()
        limits.bytes = size * 50
        let log = QueryLog(limits, file: nil, records: [], now: 0)
        for number in 1...Int64(1_000) { log.add(QueryLogTests.record(number)) }
        await log.flush()
        let kept = log.all
        #expect((30...70).contains(kept.count) && kept.last?.number == 1_000)
        #expect(kept.map(\.number) == Array((1_001 - Int64(kept.count))...1_000))
    }

    @Test func isBoundedByAge() {
        let day: Int64 = 86_400 * 1_000_000
        let records = (0..<Int64(20)).map { QueryLogTests.record($0 + 1, endTime: $0 * day) }
        let log = QueryLog(QueryLog.Limits(), file: nil, records: records.map(\.encoded), now: 19 * day)
        #expect(log.all.map(\.number) == Array(13...20))
        log.add(QueryLogTests.record(21, endTime: 22 * day))
        #expect(log.all.map(\.number) == Array(16...21))
        #expect(log.lastNumbers.query == 21 && log.lastNumbers.transaction == 99)
    }

    /// Whoever reads while others write sees whole records, each once, in order.
    @Test func readersSeeWholeRecords() async {
        let log = QueryLog(QueryLog.Limits(), file: nil, records: [], now: 0)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for number in 1...Int64(500) { log.add(QueryLogTests.record(number)) } }
            group.addTask {
                while log.all.count < 500 {
                    let numbers = log.all.map(\.number)
                    #expect(numbers == Array(1..<Int64(numbers.count + 1)))
                    if let last = log.all.last { #expect(last.record.trace.slices.count == 3) }
                    await Task.yield()
                }
            }
        }
    }
}
