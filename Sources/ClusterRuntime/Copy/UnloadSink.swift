import Execution
import Ingest
import QueryPlan
import SQLTypes
import VectorEngine

/// The files of one slice, complete and waiting for the leader's word.
struct UnloadReport: Sendable {
    var slice: Int
    var rowCount: Int64
    var objects: [PreparedObject]
}

/// The slices' way to the files of one UNLOAD.
struct UnloadFiles: UnloadPort {
    let destination: UnloadDestination
    let report: @Sendable (UnloadReport) -> Void

    func makeSink(slice: Int) throws(SQLError) -> any BatchSink {
        UnloadSink(to: destination, slice: slice, report: report)
    }
}

/// The `unload` step: rows into files. Reports when its input has ended; before that, and if the statement fails, there
/// is nothing to be seen of it.
final class UnloadSink: BatchSink {
    private let writer: UnloadWriter
    private let slice: Int
    private let report: @Sendable (UnloadReport) -> Void

    init(to destination: UnloadDestination, slice: Int, report: @escaping @Sendable (UnloadReport) -> Void) {
        // System tables are written by the leader, in the name of slice 0.
        let number = slice == SliceTrace.leaderSlice ? 0 : slice
        writer = UnloadWriter(to: destination, slice: destination.options.isParallel ? number : nil)
        self.slice = slice
        self.report = report
    }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        try writer.append(batch)
        return .wantsMore
    }

    func inputEnded() throws(SQLError) {
        let objects = try writer.finish()
        report(UnloadReport(slice: slice, rowCount: writer.rowCount, objects: objects))
    }
}
