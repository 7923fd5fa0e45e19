import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension LoadEvent: CodedEvent {
    static var eventKind: EventKind { .loads }
    static var place: WritableKeyPath<EventHistory, [LoadEvent]> { \.loads }

    func encode(to output: inout ByteWriter) {
        output.i32(table.rawValue)
        output.string(tableName)
        output.numbers(startTime, endTime)
        output.bool(isCompleted)
        output.strings(dataSource, format)
        output.numbers(rows, bytes, fileCount, fileBytes, filesScanned, bytesScanned, errors)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, table: try reader.table(), tableName: try reader.string(), startTime: try reader.i64(),
            endTime: try reader.i64(), isCompleted: try reader.bool(), dataSource: try reader.string(),
            format: try reader.string(), rows: try reader.i64(), bytes: try reader.i64(),
            fileCount: try reader.i64(), fileBytes: try reader.i64(), filesScanned: try reader.i64(),
            bytesScanned: try reader.i64(), errors: try reader.i64())
    }
}
