import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension AlertEvent: CodedEvent {
    static var eventKind: EventKind { .alerts }
    static var version: UInt8 { 2 }
    static var place: WritableKeyPath<EventHistory, [AlertEvent]> { \.alerts }

    func encode(to output: inout ByteWriter) {
        output.numbers(Int64(slice), Int64(segment), Int64(step))
        output.strings(event, solution)
        output.i64(time)
        output.bool(isGuarded)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, slice: try reader.int(), segment: try reader.int(), step: try reader.int(),
            event: try reader.string(), solution: try reader.string(), time: try reader.i64(),
            isGuarded: try reader.bool())
    }
}
