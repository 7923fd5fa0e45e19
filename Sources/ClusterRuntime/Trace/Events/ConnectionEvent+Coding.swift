import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension ConnectionEvent: CodedEvent {
    static var eventKind: EventKind { .connections }
    static var place: WritableKeyPath<EventHistory, [ConnectionEvent]> { \.connections }

    func encode(to output: inout ByteWriter) {
        output.string(event)
        output.i64(time)
        output.strings(userName, remoteHost, remotePort, method)
        output.i64(duration)
        output.strings(tlsVersion, cipher, applicationName)
        output.i64(sessionStart)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, event: try reader.string(), time: try reader.i64(), userName: try reader.string(),
            remoteHost: try reader.string(), remotePort: try reader.string(), method: try reader.string(),
            duration: try reader.i64(), tlsVersion: try reader.string(), cipher: try reader.string(),
            applicationName: try reader.string(), sessionStart: try reader.i64())
    }
}
