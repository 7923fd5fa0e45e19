import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension VacuumEvent: CodedEvent {
    static var eventKind: EventKind { .vacuums }
    static var place: WritableKeyPath<EventHistory, [VacuumEvent]> { \.vacuums }

    func encode(to output: inout ByteWriter) {
        output.i32(table.rawValue)
        output.strings(schemaName, tableName)
        output.u8(kind.rawValue)
        output.u8(phase.rawValue)
        output.string(status)
        output.numbers(time, rows, sortedRows, blocks, deletedRows, reclaimableBytes, sortPartitions, cutoff)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, table: try reader.table(), schemaName: try reader.string(), tableName: try reader.string(),
            kind: try reader.choice(), phase: try reader.choice(), status: try reader.string(),
            time: try reader.i64(), rows: try reader.i64(), sortedRows: try reader.i64(), blocks: try reader.i64(),
            deletedRows: try reader.i64(), reclaimableBytes: try reader.i64(), sortPartitions: try reader.i64(),
            cutoff: try reader.i64())
    }
}
