import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension ConflictEvent: CodedEvent {
    static var eventKind: EventKind { .conflicts }
    static var place: WritableKeyPath<EventHistory, [ConflictEvent]> { \.conflicts }

    func encode(to output: inout ByteWriter) {
        output.numbers(startTime, time)
        output.i32(table.rawValue)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, startTime: try reader.i64(), time: try reader.i64(), table: try reader.table())
    }
}
