import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension ObjectRequestEvent: CodedEvent {
    static var eventKind: EventKind { .objectRequests }
    static var place: WritableKeyPath<EventHistory, [ObjectRequestEvent]> { \.objectRequests }

    func encode(to output: inout ByteWriter) {
        output.i64(Int64(slice))
        output.strings(method, bucket, key)
        output.numbers(transferBytes, dataBytes, startTime, endTime, transferTime, compressionTime)
        output.bool(isPartial)
        output.i64(startOffset)
        output.string(error)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, slice: try reader.int(), method: try reader.string(), bucket: try reader.string(),
            key: try reader.string(), transferBytes: try reader.i64(), dataBytes: try reader.i64(),
            startTime: try reader.i64(), endTime: try reader.i64(), transferTime: try reader.i64(),
            compressionTime: try reader.i64(), isPartial: try reader.bool(), startOffset: try reader.i64(),
            error: try reader.string())
    }
}
