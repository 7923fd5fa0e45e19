import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Statements of users, those that run among them. - Source: Redshift developer guide, "SYS_QUERY_HISTORY".
    static let sysQueryHistory = SystemView(log: "sys_query_history", HistoryRow.fields) { scan, add in
        let live = scan.state.live()
        let queues = Dictionary(live.workload.queues.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        for query in scan.statements where !query.summary.isPart {
            add(
                HistoryRow(
                    record: query.summary, status: query.summary.status, queues: queues, version: scan.state.version))
        }
        for query in live.queries where scan.numbers.contains(query.number) {
            let queued = live.workload.queries.contains { $0.number == query.number && $0.runStart == nil }
            add(
                HistoryRow(
                    record: scan.state.record(of: query, live), status: queued ? "queued" : "running", queues: queues,
                    version: scan.state.version))
        }
    }
}

extension SystemState {
    /// What is known of a query that has not ended.
    fileprivate func record(of query: LiveState.Query, _ live: LiveState) -> QueryRecord {
        let session = live.sessions.first { $0.process == query.process }
        var record = QueryRecord(
            trace: QueryTrace(query: query.number, text: query.text, shape: shape, permits: 0), explain: nil,
            session: query.process, user: session?.user ?? user,
            userID: UserID(userNumber(session?.user ?? user)), database: session?.database ?? database,
            startTime: query.startTime, endTime: live.now, error: nil, streams: [], transaction: query.transaction,
            label: query.label, queryType: query.type)
        let entry = live.workload.queries.first { $0.number == query.number }
        record.queue = entry.map {
            QueueUse(
                serviceClass: $0.serviceClass, slots: $0.slots, queueStart: $0.queueStart, runStart: $0.runStart)
        }
        return record
    }
}

struct HistoryRow {
    let record: QueryRecord
    let status: String
    let queues: [Int: String]
    let version: String

    static let fields: [Field<HistoryRow>] = [
        Field("user_id", .integer) { .int($0.record.userID.rawValue) },
        Field("query_id", .bigint) { .int($0.record.number) },
        Field("query_label", .char(length: 320)) { .text($0.record.label, max: 320) },
        Field("transaction_id", .bigint) { .int($0.record.transaction) },
        Field("session_id", .integer) { .int($0.record.session) },
        Field("database_name", .char(length: 128)) { .text($0.record.database, max: 128) },
        Field("query_type", .char(length: 32)) { .text($0.record.queryType.name) },
        Field("status", .char(length: 10)) { .text($0.status) },
        Field("result_cache_hit", .boolean, .boolean(false)),
        Field("start_time", .timestamp) { .timestamp($0.record.startTime) },
        Field("end_time", .timestamp) { .timestamp($0.record.endTime) },
        Field("elapsed_time", .bigint) { .int($0.record.endTime - $0.record.startTime) },
        Field("queue_time", .bigint) { .int($0.record.queueTime) },
        Field("execution_time", .bigint) { .int($0.record.executionTime) },
        Field("error_message", .char(length: 512)) { .text($0.record.error?.message ?? "", max: 512) },
        Field("returned_rows", .bigint) { .int($0.record.trace.resultRows) },
        Field("returned_bytes", .bigint) { .int($0.record.resultBytes) },
        Field("query_text", .char(length: 4_000)) { .text($0.record.trace.text, max: 4_000) },
        Field("redshift_version", .char(length: 256)) { .text($0.version, max: 256) },
        Field("usage_limit", .char(length: 150), .null), Field("compute_type", .varchar(length: 32), .text("primary")),
        Field("compile_time", .bigint) { .int($0.record.compileNs / 1_000) },
        Field("planning_time", .bigint) { .int($0.record.trace.planningNs / 1_000) },
        Field("lock_wait_time", .bigint) { .int($0.record.lockTime) },
        Field("service_class_id", .integer) { $0.record.serviceClass.map { .int($0) } ?? .null },
        Field("service_class_name", .char(length: 64)) {
            .text($0.record.serviceClass.flatMap($0.queueName) ?? "", max: 64)
        },
        Field("query_priority", .char(length: 20)) {
            $0.record.serviceClass.map { .text(SystemView.priority(ofClass: $0)) } ?? .null
        },
        Field("short_query_accelerated", .char(length: 10)) { .text($0.record.serviceClass == 14 ? "true" : "false") },
        Field("user_query_hash", .char(length: 40), .null), Field("generic_query_hash", .char(length: 40), .null),
        Field("query_hash_version", .integer, .null), Field("result_cache_query_id", .integer, .int(0)),
        Field("username", .char(length: 128)) { .text($0.record.user, max: 128) },
    ]

    private func queueName(_ id: Int) -> String? { queues[id] }
}

extension QueryRecord {
    fileprivate var status: String {
        guard let error else { return "success" }
        return error.state == .queryCanceled ? "canceled" : "failed"
    }

    /// Microseconds, without the wait for a slot.
    var executionTime: Int64 { max(0, endTime - startTime - queueTime) }
}
