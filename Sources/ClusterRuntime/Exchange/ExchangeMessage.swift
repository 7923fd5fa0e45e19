import QueryPlan
import VectorEngine

/// What nodes (and the leader) send one another while a query runs: plain values that could be serialised.
struct ExchangeMessage: Sendable {
    /// Rows `rows` of the message's batch are for that slice of the receiving node.
    struct Share: Sendable {
        var slice: Int
        var rows: Range<Int>
    }

    enum Content: Sendable {
        /// One batch for a node, with who gets which part of it. `byteCount` is what it takes on the wire, and what it
        /// takes of the sender's credit.
        case rows(Batch, [Share], byteCount: Int)
        /// The sender has no credit left: receivers that wait for more rows had better take those that are there.
        case outOfCredit
        /// The sender is through; to every node that receives.
        case end
        /// Back to the sender: so many bytes of its rows are taken. `isRefusal`: that slice wants no more rows.
        case credit(byteCount: Int, receiver: Int, fromNode: Int, isRefusal: Bool)
    }

    var query: Int64
    var exchange: ExchangeID
    /// The slice whose rows they are.
    var sender: Int
    var content: Content
}
