import Execution
import Ingest
import QueryPlan
import SQLTypes
import VectorEngine

/// The exchange ports of a COPY's parsing segment: what its first step receives are the records of the files that were
/// dealt to the slice, so that the rest of the segment is like any other.
final class LoadPorts: ExchangePorts, Sendable {
    private let ports: TaskPorts
    private let load: LoadOrder
    private let slice: Int
    private let memory: any MemoryGrant
    private let report: @Sendable (LoadReport) -> Void

    init(
        _ ports: TaskPorts, load: LoadOrder, slice: Int, memory: any MemoryGrant,
        report: @escaping @Sendable (LoadReport) -> Void
    ) {
        self.ports = ports
        self.memory = memory
        self.load = load
        self.slice = slice
        self.report = report
    }

    func output(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeOutput {
        try ports.output(id, slice: slice)
    }

    func input(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeInput {
        guard id == load.source else { return try ports.input(id, slice: slice) }
        return try LoadInput(load, slice: slice, memory: memory, report: report)
    }

    func inputsBySender(_ id: ExchangeID, slice: Int) throws(SQLError) -> [any ExchangeInput] {
        try ports.inputsBySender(id, slice: slice)
    }
}

/// Records as batches. Reports once: at the end, or with the error that ended it.
private final class LoadInput: ExchangeInput {
    private let reader: CopyReader
    private let slice: Int
    private let progress: LoadMeter
    private let report: @Sendable (LoadReport) -> Void

    init(
        _ load: LoadOrder, slice: Int, memory: any MemoryGrant, report: @escaping @Sendable (LoadReport) -> Void
    ) throws(SQLError) {
        self.slice = slice
        self.report = report
        progress = load.progress
        reader = try CopyReader(
            parts: load.assignment.parts[slice], in: load.store, options: load.options, table: load.table,
            columns: load.columns, defaults: load.defaults, memory: memory)
    }

    func next() throws(SQLError) -> SourceResult {
        do throws(SQLError) {
            let batch = try reader.next()
            progress.note(reader.progress, part: reader.currentPart, ofSlice: slice)
            if let batch { return .batch(batch) }
            sendReport()
            return .ended
        } catch {
            sendReport()
            throw error
        }
    }

    private func sendReport() {
        report(
            LoadReport(
                slice: slice, progress: reader.progress, errors: reader.loadErrors, files: reader.loadedFiles,
                replaced: reader.replacedLines))
    }
}
