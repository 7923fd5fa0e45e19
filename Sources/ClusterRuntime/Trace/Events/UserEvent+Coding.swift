import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension UserEvent: CodedEvent {
    static var eventKind: EventKind { .users }
    static var place: WritableKeyPath<EventHistory, [UserEvent]> { \.users }

    func encode(to output: inout ByteWriter) {
        output.i32(affected.rawValue)
        output.strings(name, oldName)
        output.u8(action.rawValue)
        output.bool(canCreateDatabases)
        output.bool(isSuperuser)
        output.optional(validUntil) { $0.i64($1) }
        output.i64(time)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, affected: UserID(try reader.i32()), name: try reader.string(),
            oldName: try reader.string(), action: try reader.choice(), canCreateDatabases: try reader.bool(),
            isSuperuser: try reader.bool(),
            validUntil: try reader.optional { (reader) throws(SQLError) in try reader.i64() },
            time: try reader.i64())
    }
}
