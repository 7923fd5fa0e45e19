import Catalog
import Execution
import Planner
import QueryPlan
import SQLTypes
import Storage

// ANALYZE COMPRESSION, and what COPY … COMPUPDATE ON makes of it.

/// What measuring found best for a column.
struct EncodingAdvice: Sendable {
    var encoding: ColumnEncoding
    /// Of the bytes at rest, against the present encoding; 0...1.
    var reduction: Double
}

extension DatabaseSession {
    /// - Source: Redshift developer guide, "ANALYZE COMPRESSION": 100,000 rows a slice at least.
    static let compressionRowsPerSlice = 100_000

    static let compressionColumns = ["Table", "Column", "Encoding", "Est_reduction_pct"].map { OutputColumn.text($0) }

    /// One row for each column of each table: what would be smallest, measured on a sample. A sort key's encoding stays;
    /// a column that was not asked for shows N/A.
    func analyzeCompression(
        _ targets: [AnalyzeTarget], sampleRows: Int64?, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> StatementResult {
        var rows: [[String?]] = []
        for target in targets {
            guard let table = version.catalog.tables[target.table], let stored = version.tables[target.table] else {
                continue
            }
            let sortKey = table.sortKey.columns
            let tried = target.columns.filter { !sortKey.contains($0) }
            let advice = try await advice(
                for: table, columns: tried, in: stored.partitions, sampleRows: sampleRows, run, version)
            for (position, column) in table.columns.enumerated() {
                var (encoding, reduction) = ("N/A", 0.0)
                if let found = advice[position] {
                    (encoding, reduction) = (found.encoding.rawValue, found.reduction)
                } else if target.columns.contains(position) {
                    encoding = column.encoding.rawValue
                }
                let hundredths = Int((reduction * 10_000).rounded())
                let fraction = hundredths % 100
                rows.append([
                    table.name.name, column.name, encoding,
                    "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)",
                ])
            }
        }
        return StatementResult(tag: "ANALYZE COMPRESSION", columns: Self.compressionColumns.map(\.name), rows: rows)
    }

    /// By column position. What an encoding gives is found by encoding with it; of equals the present one stays.
    func advice(
        for table: TableDefinition, columns: [Int], in partitions: [[RowGroupDescriptor]], sampleRows: Int64?,
        _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> [Int: EncodingAdvice] {
        // Of an ALL table one copy tells everything.
        let partitions =
            table.distribution.effective == .all
            ? [partitions.first ?? []] + Array(repeating: [], count: max(0, leader.shape.slices - 1)) : partitions
        let candidates = columns.map { column in
            let definition = table.columns[column]
            return [definition.encoding] + definition.type.encodingCandidates.filter { $0 != definition.encoding }
        }
        let rowsPerSlice = max(
            Self.compressionRowsPerSlice, Int(clamping: (sampleRows ?? 0) / Int64(leader.shape.slices)))
        let order = EncodingOrder(
            table: table, columns: columns, candidates: candidates, partitions: partitions, rowsPerSlice: rowsPerSlice)
        var sizes = EncodingSizes(bytes: candidates.map { Array(repeating: 0, count: $0.count) })
        for part in try await tryEncodings(order, run, version) { sizes.add(part) }
        var advice: [Int: EncodingAdvice] = [:]
        for (place, column) in columns.enumerated() {
            let bytes = sizes.bytes[place]
            var best = 0
            for candidate in bytes.indices where bytes[candidate] < bytes[best] { best = candidate }
            let reduction = bytes[0] > 0 ? 1 - Double(bytes[best]) / Double(bytes[0]) : 0
            advice[column] = EncodingAdvice(encoding: candidates[place][best], reduction: reduction)
        }
        return advice
    }

    private func tryEncodings(
        _ order: EncodingOrder, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> [EncodingSizes] {
        let table = order.table
        let scan = TableScan(
            table: table.id, columns: order.columns, types: order.columns.map { table.columns[$0].type }, filter: nil,
            output: [], share: .ownPartition)
        let segment = Segment(number: 0, location: .everySlice, steps: [.scan(scan)])
        let explain = ExplainNode(
            operation: "Analyze Compression", cost: Cost(startup: 0, total: 0), rows: 0, width: 0,
            attributes: [table.name.description])
        let plan = QueryPlan(
            streams: [Stream(segments: [segment])], explain: explain, notices: [], output: [], tables: [table.id])
        let execution = prepare(plan, run, version, planningNs: 0, encodings: [0: order], isPart: true)
        return try await complete(execution).encodings
    }
}

extension SQLType {
    /// What ENCODE may say for the type, in the order of preference among equals. LZO on a number, and AZ64's twins,
    /// are left out: here they are the same codec under other names.
    /// - Source: Redshift developer guide, "Compression encodings".
    fileprivate var encodingCandidates: [ColumnEncoding] {
        switch self {
        case .smallint: [.az64, .runlength, .bytedict, .delta, .mostly8, .zstd, .raw]
        case .integer, .bigint, .decimal:
            [.az64, .runlength, .bytedict, .delta, .mostly8, .mostly16, .mostly32, .zstd, .raw]
        case .date, .timestamp, .timestamptz: [.az64, .runlength, .bytedict, .delta, .zstd, .raw]
        case .time, .timetz: [.az64, .runlength, .zstd, .raw]
        case .boolean, .real, .double: [.raw, .runlength, .zstd]
        case .varchar: [.lzo, .zstd, .bytedict, .runlength, .text255, .text32k, .raw]
        case .char: [.lzo, .zstd, .bytedict, .runlength, .raw]
        default: [.raw]
        }
    }
}
