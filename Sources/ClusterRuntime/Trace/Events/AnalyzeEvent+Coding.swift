import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension AnalyzeEvent: CodedEvent {
    static var eventKind: EventKind { .analyzes }
    static var place: WritableKeyPath<EventHistory, [AnalyzeEvent]> { \.analyzes }

    func encode(to output: inout ByteWriter) {
        output.i32(table.rawValue)
        output.strings(schemaName, tableName, status)
        output.f64(rows)
        output.f64(modifiedRows)
        output.i64(thresholdPercent)
        output.bool(isAutomatic)
        output.numbers(startTime, endTime, previousTime, columnCount)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, table: try reader.table(), schemaName: try reader.string(), tableName: try reader.string(),
            status: try reader.string(), rows: try reader.f64(), modifiedRows: try reader.f64(),
            thresholdPercent: try reader.i64(), isAutomatic: try reader.bool(), startTime: try reader.i64(),
            endTime: try reader.i64(), previousTime: try reader.i64(), columnCount: try reader.i64())
    }
}
