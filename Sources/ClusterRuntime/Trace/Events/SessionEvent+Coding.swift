import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension SessionEvent: CodedEvent {
    static var eventKind: EventKind { .sessions }
    static var place: WritableKeyPath<EventHistory, [SessionEvent]> { \.sessions }

    func encode(to output: inout ByteWriter) {
        output.string(userName)
        output.numbers(startTime, endTime, timeoutSeconds)
        output.u8(end.rawValue)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, userName: try reader.string(), startTime: try reader.i64(), endTime: try reader.i64(),
            timeoutSeconds: try reader.i64(), end: try reader.choice())
    }
}
