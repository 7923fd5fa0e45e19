import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension TransactionEvent: CodedEvent {
    static var eventKind: EventKind { .transactions }
    static var place: WritableKeyPath<EventHistory, [TransactionEvent]> { \.transactions }

    func encode(to output: inout ByteWriter) {
        output.string(isolation)
        output.bool(isCommitted)
        output.numbers(startTime, commitStart, commitEnd, blocks)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, isolation: try reader.string(), isCommitted: try reader.bool(),
            startTime: try reader.i64(), commitStart: try reader.i64(), commitEnd: try reader.i64(),
            blocks: try reader.i64())
    }
}
