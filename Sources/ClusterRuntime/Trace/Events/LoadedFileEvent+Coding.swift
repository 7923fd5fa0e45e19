import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension LoadedFileEvent: CodedEvent {
    static var eventKind: EventKind { .loadedFiles }
    static var place: WritableKeyPath<EventHistory, [LoadedFileEvent]> { \.loadedFiles }

    func encode(to output: inout ByteWriter) {
        output.i64(Int64(slice))
        output.string(file)
        output.numbers(lines, storedBytes, textBytes, errors, startTime, endTime)
        output.bool(isPartial)
        output.i64(startOffset)
        output.bool(isComplete)
        output.string(format)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, slice: try reader.int(), file: try reader.string(), lines: try reader.i64(),
            storedBytes: try reader.i64(), textBytes: try reader.i64(), errors: try reader.i64(),
            startTime: try reader.i64(), endTime: try reader.i64(), isPartial: try reader.bool(),
            startOffset: try reader.i64(), isComplete: try reader.bool(), format: try reader.string())
    }
}
