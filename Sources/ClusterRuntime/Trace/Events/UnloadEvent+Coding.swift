import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension UnloadEvent: CodedEvent {
    static var eventKind: EventKind { .unloads }
    static var place: WritableKeyPath<EventHistory, [UnloadEvent]> { \.unloads }

    func encode(to output: inout ByteWriter) {
        output.numbers(startTime, endTime)
        output.strings(format, compression, location)
        output.numbers(rows, files, bytes)
        output.string(error)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, startTime: try reader.i64(), endTime: try reader.i64(), format: try reader.string(),
            compression: try reader.string(), location: try reader.string(), rows: try reader.i64(),
            files: try reader.i64(), bytes: try reader.i64(), error: try reader.string())
    }
}
