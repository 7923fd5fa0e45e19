import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

// How a statement that has ended stands in the log that outlives the process, and in memory once it is packed.
//
//     version      1 byte; records of another one are passed over, since they are but history
//     summary      what `LoggedQuery.summary` has
//     plan         its length in bytes; EXPLAIN's tree, root first; nothing if there is none
//     run          streams, names of tables, deliveries, and for each segment and slice its times, for each step a mask
//                  of the figures that are not 0
//
// Numbers are varints. Which row groups a scan read is not kept.

extension QueryRecord {
    private static let version: UInt8 = 3
    private static let hasPlan: UInt8 = 1
    private static let isPartBit: UInt8 = 2
    private static let usesNodesBit: UInt8 = 4
    private static let reusesPlanBit: UInt8 = 8
    private static let isGuardedBit: UInt8 = 16

    var encoded: [UInt8] { packed.bytes }

    /// With the place where the summary ends.
    var packed: (bytes: [UInt8], summaryEnd: Int) {
        var output = ByteWriter(capacity: 512 + trace.text.utf8.count + trace.slices.count * 64)
        output.u8(QueryRecord.version)
        output.u8(flags)
        output.u8(queryType.rawValue)
        output.signedVarint(trace.query)
        output.signedVarint(transaction)
        output.signedVarint(Int64(session))
        output.text(user)
        output.signedVarint(Int64(userID.rawValue))
        output.text(database)
        output.signedVarint(startTime)
        output.signedVarint(endTime - startTime)
        output.text(label)
        output.optional(queue) { output, queue in
            output.signedVarint(Int64(queue.serviceClass))
            output.signedVarint(Int64(queue.slots))
            output.signedVarint(queue.queueStart &- startTime)
            output.optional(queue.runStart) { $0.signedVarint($1 &- queue.queueStart) }
        }
        output.text(trace.text)
        for number in [trace.shape.nodes, trace.shape.slicesPerNode, trace.permits] { output.varint(UInt64(number)) }
        for number in [trace.planningNs, trace.elapsedNs, trace.resultRows, resultBytes, compileNs, lockTime] {
            output.signedVarint(number)
        }
        output.optional(error) { $0.error($1) }
        let summaryEnd = output.count
        var plan = ByteWriter()
        if let explain { plan.plan(explain) }
        output.varint(UInt64(plan.count))
        output.raw(plan.bytes)
        output.varint(UInt64(streams.count))
        for stream in streams { output.varint(UInt64(stream)) }
        let names = tableNames.sorted { $0.key < $1.key }
        output.varint(UInt64(names.count))
        for (table, name) in names {
            output.signedVarint(Int64(table.rawValue))
            output.text(name.schema)
            output.text(name.name)
        }
        output.varint(UInt64(trace.deliveries.count))
        for delivery in trace.deliveries {
            output.varint(UInt64(delivery.node))
            output.varint(UInt64(delivery.segment))
        }
        output.varint(UInt64(trace.slices.count))
        for slice in trace.slices { output.slice(slice) }
        return (output.bytes, summaryEnd)
    }

    private var flags: UInt8 {
        (explain == nil ? 0 : QueryRecord.hasPlan) | (isPart ? QueryRecord.isPartBit : 0)
            | (usesNodes ? QueryRecord.usesNodesBit : 0) | (reusesPlan ? QueryRecord.reusesPlanBit : 0)
            | (isGuarded ? QueryRecord.isGuardedBit : 0)
    }

    /// nil: another version's, or not of this form.
    init?(decoding bytes: [UInt8]) {
        guard let (summary, end) = QueryRecord.summary(of: bytes),
            let record = summary.with(.all, of: bytes, from: end)
        else { return nil }
        self = record
    }

    /// Without plan and run, and where those begin. nil: another version's, or not of this form.
    static func summary(of bytes: [UInt8]) -> (record: QueryRecord, end: Int)? {
        decoded(bytes, from: 0) { (reader) throws(SQLError) in
            try QueryRecord(from: &reader).map { ($0, reader.position) }
        }
    }

    /// A summary with those parts of the record that begin at `place`. nil: they are not of this form.
    func with(_ parts: LoggedQuery.Parts, of bytes: [UInt8], from place: Int) -> QueryRecord? {
        QueryRecord.decoded(bytes, from: place) { (reader) throws(SQLError) in
            var record = self
            let length = try reader.count()
            if parts.contains(.plan) {
                let end = reader.position + length
                if length > 0 { record.explain = try reader.plan(depth: 0) }
                guard reader.position == end else { throw .corrupt("a plan of another length") }
            } else {
                _ = try reader.raw(length)
            }
            if parts.contains(.run) { try record.takeRun(from: &reader) }
            return record
        }
    }

    private static func decoded<T>(
        _ bytes: [UInt8], from place: Int, _ read: (inout ByteReader) throws(SQLError) -> T?
    ) -> T? {
        bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[min(place, bytes.count)...]))
            // What is damaged is passed over, like what another version has written.
            return (try? read(&reader)) ?? nil
        }
    }

    private init?(from reader: inout ByteReader) throws(SQLError) {
        guard try reader.u8() == QueryRecord.version else { return nil }
        let flags = try reader.u8()
        guard let type = QueryType(rawValue: try reader.u8()) else { return nil }
        let number = try reader.signedVarint()
        let transaction = try reader.signedVarint()
        let session = Int32(truncatingIfNeeded: try reader.signedVarint())
        let user = try reader.text()
        let userID = UserID(Int32(truncatingIfNeeded: try reader.signedVarint()))
        let database = try reader.text()
        let start = try reader.signedVarint()
        let end = start &+ (try reader.signedVarint())
        let label = try reader.text()
        let queue = try reader.optional { (reader) throws(SQLError) in
            let serviceClass = Int(try reader.signedVarint())
            let slots = Int(try reader.signedVarint())
            let queueStart = start &+ (try reader.signedVarint())
            let wait = try reader.optional { (reader) throws(SQLError) in try reader.signedVarint() }
            return QueueUse(
                serviceClass: serviceClass, slots: slots, queueStart: queueStart,
                runStart: wait.map { queueStart &+ $0 })
        }
        let text = try reader.text()
        let shape = ClusterShape(nodes: max(1, try reader.count()), slicesPerNode: max(1, try reader.count()))
        var trace = QueryTrace(query: number, text: text, shape: shape, permits: try reader.count())
        trace.planningNs = try reader.signedVarint()
        trace.elapsedNs = try reader.signedVarint()
        trace.resultRows = try reader.signedVarint()
        let resultBytes = try reader.signedVarint()
        let compileNs = try reader.signedVarint()
        let lockTime = try reader.signedVarint()
        let error = try reader.optional { (reader) throws(SQLError) in try reader.error() }
        self.init(
            trace: trace, explain: nil, session: session, user: user, userID: userID, database: database,
            startTime: start, endTime: end, error: error, streams: [], transaction: transaction, label: label,
            queryType: type)
        self.queue = queue
        self.resultBytes = resultBytes
        self.compileNs = compileNs
        self.lockTime = lockTime
        isPart = flags & QueryRecord.isPartBit != 0
        usesNodes = flags & QueryRecord.usesNodesBit != 0
        isGuarded = flags & QueryRecord.isGuardedBit != 0
        reusesPlan = flags & QueryRecord.reusesPlanBit != 0
    }

    private mutating func takeRun(from reader: inout ByteReader) throws(SQLError) {
        streams = try reader.items { (reader) throws(SQLError) in try reader.count() }
        for _ in 0..<(try reader.count()) {
            let table = TableID(Int32(truncatingIfNeeded: try reader.signedVarint()))
            tableNames[table] = TableName(schema: try reader.text(), name: try reader.text())
        }
        trace.deliveries = try reader.items { (reader) throws(SQLError) in
            SegmentDelivery(node: try reader.count(), segment: try reader.count())
        }
        trace.slices = try reader.items { (reader) throws(SQLError) in try reader.slice() }
        try reader.expectEnd()
    }
}

extension StepTrace {
    /// All figures, in the order of the mask that stands before them: a new one goes to the end.
    fileprivate mutating func eachFigure<Failure: Error>(
        _ body: (inout Int64) throws(Failure) -> Void
    ) throws(Failure) {
        try body(&rowsIn)
        try body(&rowsOut)
        try body(&runNs)
        try body(&bytesOut)
        try body(&bytesLocal)
        try body(&bytesRemote)
        try body(&rowsSent)
        try body(&packets)
        try body(&blocksRead)
        try body(&blocksSkipped)
        try body(&rowsStored)
        try body(&rowsPreFilter)
        try body(&rowsPreUserFilter)
        try body(&memoryBytes)
        try body(&spilledBytes)
        try body(&slots)
        try body(&occupied)
        try body(&estimatedRows)
    }
}

extension ByteWriter {
    fileprivate mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            varint(UInt64(bytes.count))
            raw(UnsafeRawBufferPointer(bytes))
        }
    }

    fileprivate mutating func error(_ error: SQLError) {
        text(error.state.code)
        text(error.message)
        optional(error.detail) { $0.text($1) }
        optional(error.hint) { $0.text($1) }
        optional(error.position) { $0.varint(UInt64($1)) }
    }

    fileprivate mutating func plan(_ node: ExplainNode) {
        bool(node.prefix == .leader)
        text(node.operation)
        optional(node.label) { $0.text($1.rawValue) }
        for number in [node.cost.startup, node.cost.total, node.rows] { f64(number) }
        varint(UInt64(max(0, node.width)))
        varint(UInt64(node.attributes.count))
        for attribute in node.attributes { text(attribute) }
        steps(node.steps)
        optional(node.guarded) { output, guarded in
            output.signedVarint(Int64(guarded.table.rawValue))
            output.steps(guarded.steps)
        }
        varint(UInt64(node.children.count))
        for child in node.children { plan(child) }
    }

    private mutating func steps(_ steps: [StepReference]) {
        varint(UInt64(steps.count))
        for step in steps {
            varint(UInt64(step.segment))
            varint(UInt64(step.step))
        }
    }

    fileprivate mutating func slice(_ slice: SliceTrace) {
        signedVarint(Int64(slice.node))
        for number in [slice.slice, slice.segment] { varint(UInt64(number)) }
        signedVarint(slice.startNs)
        for number in [slice.endNs - slice.startNs, slice.compileNs, slice.runNs, slice.readyWaitNs, slice.blockedNs] {
            signedVarint(number)
        }
        varint(UInt64(slice.steps.count))
        for step in slice.steps { self.step(step) }
    }

    fileprivate mutating func step(_ step: StepTrace) {
        u8(step.kind.rawValue)
        u8(step.source?.rawValue ?? 0)
        u8(step.joinKind.map { UInt8(JoinKind.logged.firstIndex(of: $0) ?? 0) + 1 } ?? 0)
        signedVarint(Int64(step.table?.rawValue ?? 0))
        varint(UInt64((step.transientTable ?? -1) + 1))
        varint(UInt64(step.planNode ?? 0))
        text(step.algorithm)
        var step = step
        var mask: UInt64 = 0
        var bit: UInt64 = 1
        step.eachFigure { figure in
            if figure != 0 { mask |= bit }
            bit <<= 1
        }
        varint(mask)
        step.eachFigure { if $0 != 0 { signedVarint($0) } }
    }
}

extension ByteReader {
    /// As a count of things that take a byte at least, or a small number.
    fileprivate mutating func count() throws(SQLError) -> Int {
        let value = try varint()
        guard value <= UInt32.max else { throw .corrupt("\(value) where a small number was expected") }
        return Int(value)
    }

    fileprivate mutating func text() throws(SQLError) -> String {
        String(decoding: try raw(try count()), as: UTF8.self)
    }

    fileprivate mutating func items<T>(
        _ read: (inout ByteReader) throws(SQLError) -> T
    ) throws(SQLError) -> [T] {
        let count = try count()
        guard count <= remaining else { throw .corrupt("a count of \(count) with \(remaining) bytes left") }
        var items: [T] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try read(&self)) }
        return items
    }

    fileprivate mutating func error() throws(SQLError) -> SQLError {
        let code = try text()
        guard let state = SQLState(code: code) else { throw .corrupt("\"\(code)\" is no SQLSTATE") }
        var error = SQLError(state, try text())
        error.detail = try optional { (reader) throws(SQLError) in try reader.text() }
        error.hint = try optional { (reader) throws(SQLError) in try reader.text() }
        error.position = try optional { (reader) throws(SQLError) in try reader.count() }
        return error
    }

    fileprivate mutating func plan(depth: Int) throws(SQLError) -> ExplainNode {
        guard depth < 5_000 else { throw .corrupt("a plan of more than \(depth) levels") }
        let prefix = try bool() ? ExplainNode.Prefix.leader : .computeNodes
        let operation = try text()
        let label = try optional { (reader) throws(SQLError) in DistributionLabel(rawValue: try reader.text()) }
        let cost = Cost(startup: try f64(), total: try f64())
        let rows = try f64()
        let width = try count()
        let attributes = try items { (reader) throws(SQLError) in try reader.text() }
        let steps = try steps()
        let guarded = try optional { (reader) throws(SQLError) in
            GuardedScan(table: TableID(Int32(truncatingIfNeeded: try reader.signedVarint())), steps: try reader.steps())
        }
        let children = try items { (reader) throws(SQLError) in try reader.plan(depth: depth + 1) }
        return ExplainNode(
            prefix: prefix, operation: operation, label: label ?? nil, cost: cost, rows: rows, width: width,
            attributes: attributes, children: children, steps: steps, guarded: guarded)
    }

    private mutating func steps() throws(SQLError) -> [StepReference] {
        try items { (reader) throws(SQLError) in
            StepReference(segment: try reader.count(), step: try reader.count())
        }
    }

    fileprivate mutating func slice() throws(SQLError) -> SliceTrace {
        let node = Int(try signedVarint())
        var slice = SliceTrace(node: node, slice: try count(), segment: try count())
        slice.startNs = try signedVarint()
        slice.endNs = slice.startNs &+ (try signedVarint())
        slice.compileNs = try signedVarint()
        slice.runNs = try signedVarint()
        slice.readyWaitNs = try signedVarint()
        slice.blockedNs = try signedVarint()
        slice.steps = try items { (reader) throws(SQLError) in try reader.step() }
        return slice
    }

    fileprivate mutating func step() throws(SQLError) -> StepTrace {
        guard let kind = StepKind(rawValue: try u8()) else { throw .corrupt("an unknown kind of step") }
        var step = StepTrace(kind)
        step.source = ScanSource(rawValue: try u8())
        let join = Int(try u8()) - 1
        if JoinKind.logged.indices.contains(join) { step.joinKind = JoinKind.logged[join] }
        let table = Int32(truncatingIfNeeded: try signedVarint())
        if table != 0 { step.table = TableID(table) }
        let transient = try count()
        if transient > 0 { step.transientTable = transient - 1 }
        let planNode = try count()
        if planNode > 0 { step.planNode = planNode }
        step.algorithm = try text()
        var mask = try varint()
        try step.eachFigure { (figure) throws(SQLError) in
            if mask & 1 != 0 { figure = try signedVarint() }
            mask >>= 1
        }
        return step
    }
}

extension JoinKind {
    /// By the number under which the log has them, from 0: never changed, a new one goes to the end.
    fileprivate static let logged: [JoinKind] = [
        .inner, .left, .right, .full, .semi, .anti, .nullAwareAnti, .buildSemi, .buildAnti,
    ]
}
