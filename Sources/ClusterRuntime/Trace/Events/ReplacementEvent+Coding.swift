import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension ReplacementEvent: CodedEvent {
    static var eventKind: EventKind { .replacements }
    static var place: WritableKeyPath<EventHistory, [ReplacementEvent]> { \.replacements }

    func encode(to output: inout ByteWriter) {
        output.i64(Int64(slice))
        output.i32(table.rawValue)
        output.i64(startTime)
        output.string(file)
        output.i64(line)
        output.strings(column, rawLine)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, slice: try reader.int(), table: try reader.table(), startTime: try reader.i64(),
            file: try reader.string(), line: try reader.i64(), column: try reader.string(),
            rawLine: try reader.string())
    }
}
