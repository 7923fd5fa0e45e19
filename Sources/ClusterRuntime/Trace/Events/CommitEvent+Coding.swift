import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension CommitEvent: CodedEvent {
    static var eventKind: EventKind { .commits }
    static var place: WritableKeyPath<EventHistory, [CommitEvent]> { \.commits }

    func encode(to output: inout ByteWriter) {
        output.numbers(queuedTime, workTime, stagedTime, syncedTime, endTime, queueLength, batched, logBytes)
        output.u32(UInt32(nodes.count))
        for node in nodes { output.numbers(node.permanentBlocks, node.newBlocks) }
        output.numbers(activeTransactions, oldestTransaction)
    }

    init(source: EventSource, from reader: inout ByteReader) throws(SQLError) {
        self.init(
            source: source, queuedTime: try reader.i64(), workTime: try reader.i64(), stagedTime: try reader.i64(),
            syncedTime: try reader.i64(), endTime: try reader.i64(), queueLength: try reader.i64(),
            batched: try reader.i64(), logBytes: try reader.i64(), nodes: try Self.nodes(from: &reader),
            activeTransactions: try reader.i64(), oldestTransaction: try reader.i64())
    }

    private static func nodes(from reader: inout ByteReader) throws(SQLError) -> [Node] {
        var nodes: [Node] = []
        for _ in 0..<(try reader.count(bytesEach: 16)) {
            nodes.append(Node(permanentBlocks: try reader.i64(), newBlocks: try reader.i64()))
        }
        return nodes
    }
}
