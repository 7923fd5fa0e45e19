import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension UnloadedFileEvent: CodedEvent {
    static var eventKind: EventKind { .unloadedFiles }
    static var place: WritableKeyPath<EventHistory, [UnloadedFileEvent]> { \.unloadedFiles }

    func encode(to output: inout ByteWriter) {
        output.i64(Int64(slice))
        output.string(path)
        output.numbers(startTime, endTime, lines, bytes)
        output.string(format)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, slice: try reader.int(), path: try reader.string(), startTime: try reader.i64(),
            endTime: try reader.i64(), lines: try reader.i64(), bytes: try reader.i64(), format: try reader.string())
    }
}
