import Catalog
import QueryPlan
import SQLTypes

struct MetricsRow {
    enum Dimension {
        case query, segment(Int), step(Int, Int)
    }

    let query: LoggedSteps
    let queueName: String
    let dimension: Dimension
    let slices: ArraySlice<SliceTrace>
    init(
        _ query: LoggedSteps, _ names: [Int: String], _ dimension: Dimension, _ slices: ArraySlice<SliceTrace>
    ) {
        self.query = query
        queueName = query.record.serviceClass.flatMap { names[$0] } ?? ""
        self.dimension = dimension
        self.slices = slices
    }

    static let user = Field<MetricsRow>("userid", .integer) { .int($0.query.record.userID.rawValue) }
    static let number = Field<MetricsRow>("query", .integer) { .int($0.query.record.number) }
    static let serviceClass = Field<MetricsRow>("service_class", .integer) {
        $0.query.record.serviceClass.map { .int($0) } ?? .null
    }

    static let summary: [Field<MetricsRow>] = [user, number, serviceClass] + figures
    static let all: [Field<MetricsRow>] =
        [
            user, number, serviceClass, Field("dimension", .varchar(length: 24)) { .text($0.dimensionName) },
            Field("segment", .integer) { $0.segment.map { .int($0) } ?? .null },
            Field("step", .integer) { $0.step.map { .int($0) } ?? .null },
            Field("step_label", .varchar(length: 30)) { $0.step == nil ? .null : .text($0.label) },
        ] + figures

    static let figures: [Field<MetricsRow>] = [
        Field("query_cpu_time", .bigint) { .int($0.cpuTime / 1_000_000_000) },
        Field("query_blocks_read", .bigint) { .int($0.sum(\.blocksRead)) },
        Field("query_execution_time", .bigint) { .int($0.query.record.executionTime / 1_000_000) },
        Field("query_cpu_usage_percent", .decimal(precision: 38, scale: 2)) { .decimal($0.cpuPercent, scale: 2) },
        Field("query_temp_blocks_to_disk", .bigint) { .int($0.sum(\.spilledBytes) >> 20) },
        Field("segment_execution_time", .bigint) { .int($0.longest / 1_000_000_000) },
        Field("cpu_skew", .decimal(precision: 38, scale: 2)) { $0.skew($0.slices.map(\.runNs)) },
        Field("io_skew", .decimal(precision: 38, scale: 2)) {
            $0.skew($0.slices.map { $0.steps.reduce(0) { $0 + $1.blocksRead } })
        },
        Field("scan_row_count", .bigint) { .int($0.rows { $0 == .scan }) },
        Field("join_row_count", .bigint) { .int($0.rows { [.hashjoin, .mergejoin, .nestloop].contains($0) }) },
        Field("nested_loop_join_row_count", .bigint) { .int($0.rows { $0 == .nestloop }) },
        Field("return_row_count", .bigint) { .int($0.query.record.trace.resultRows) },
        Field("spectrum_scan_row_count", .bigint, .null), Field("spectrum_scan_size_mb", .bigint, .null),
        Field("query_queue_time", .bigint) { .int($0.query.record.queueTime / 1_000_000) },
        Field("service_class_name", .char(length: 64)) { .text($0.queueName, max: 64) },
    ]

    private var dimensionName: String {
        switch dimension {
        case .query: "query"
        case .segment: "segment"
        case .step: "step"
        }
    }

    private var segment: Int? {
        switch dimension {
        case .query: nil
        case .segment(let segment), .step(let segment, _): segment
        }
    }

    private var step: Int? {
        if case .step(_, let step) = dimension { step } else { nil }
    }

    private func sum(_ figure: (StepTrace) -> Int64) -> Int64 {
        slices.reduce(0) { sum, slice in
            guard let step else { return slice.steps.reduce(sum) { $0 + figure($1) } }
            return step < slice.steps.count ? sum + figure(slice.steps[step]) : sum
        }
    }

    private var label: String { step.flatMap { slices.first?.steps[$0].label } ?? "" }
    private func rows(_ isWanted: (StepKind) -> Bool) -> Int64 { sum { isWanted($0.kind) ? $0.rows : 0 } }
    private var cpuTime: Int64 { step == nil ? slices.reduce(0) { $0 + $1.runNs } : sum(\.runNs) }
    private var longest: Int64 { slices.reduce(0) { max($0, $1.endNs - $1.startNs) } }

    /// Of the cores that the cluster may use.
    private var cpuPercent: Double {
        let trace = query.record.trace
        let available = Double(trace.elapsedNs) * Double(max(1, trace.permits))
        return available > 0 ? 100 * Double(cpuTime) / available : 0
    }

    /// The greatest over the mean.
    private func skew(_ values: [Int64]) -> SQLValue {
        let total = values.reduce(0, +)
        guard total > 0, let greatest = values.max() else { return .null }
        return .decimal(Double(greatest) * Double(values.count) / Double(total), scale: 2)
    }
}
