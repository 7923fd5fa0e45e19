import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// How an event stands in its kind's file: a byte for the form's version, who did it, then the kind's own fields. Events of
/// another version are passed over, since they are but history.
protocol CodedEvent: LoggedEvent {
    static var eventKind: EventKind { get }
    /// Raised with every change of the fields.
    static var version: UInt8 { get }
    static var place: WritableKeyPath<EventHistory, [Self]> { get }
    /// The kind's own fields, without the source.
    func encode(to output: inout ByteWriter)
    init(source: EventSource, from reader: inout ByteReader) throws(SQLError)
}

extension CodedEvent {
    static var version: UInt8 { 1 }

    var encoded: [UInt8] {
        var output = ByteWriter(capacity: 160)
        output.u8(Self.version)
        output.source(source)
        encode(to: &output)
        return output.bytes
    }

    /// nil: another version's, or not of this form.
    init?(decoding bytes: [UInt8]) {
        let decoded = bytes.withUnsafeBytes { bytes in
            Result { () throws(SQLError) -> Self? in
                var reader = ByteReader(bytes)
                guard try reader.u8() == Self.version else { return nil }
                let source = try reader.source()
                let event = try Self(source: source, from: &reader)
                try reader.expectEnd()
                return event
            }
        }
        guard case .success(let event?) = decoded else { return nil }
        self = event
    }
}

extension ByteWriter {
    fileprivate mutating func source(_ source: EventSource) {
        i32(source.user.rawValue)
        i32(source.session)
        string(source.database)
        i64(source.transaction)
        i64(source.query)
    }

    mutating func numbers(_ numbers: Int64...) { for number in numbers { i64(number) } }
    mutating func strings(_ strings: String...) { for string in strings { self.string(string) } }
}

extension ByteReader {
    fileprivate mutating func source() throws(SQLError) -> EventSource {
        EventSource(
            user: UserID(try i32()), session: try i32(), database: try string(), transaction: try i64(),
            query: try i64())
    }

    mutating func int() throws(SQLError) -> Int { Int(try i64()) }
    mutating func table() throws(SQLError) -> TableID { TableID(try i32()) }

    /// One of the cases of an enumeration whose raw values are bytes.
    mutating func choice<Choice: RawRepresentable>(_: Choice.Type = Choice.self) throws(SQLError) -> Choice
    where Choice.RawValue == UInt8 {
        let byte = try u8()
        guard let choice = Choice(rawValue: byte) else { throw .corrupt("\(byte) for one of \(Choice.self)") }
        return choice
    }
}
