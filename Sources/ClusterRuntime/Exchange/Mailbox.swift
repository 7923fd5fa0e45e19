import QueryPlan
import Synchronization
import VectorEngine

/// Rows on their way to one slice in one exchange: filled by senders from any thread, emptied by the slice's task.
final class Mailbox: Sendable {
    struct Item {
        var sender: Int
        var batch: Batch
        /// The sender's credit that comes back when the rows are taken.
        var byteCount: Int
    }

    enum Taken {
        case items([Item])
        /// Nothing now; the task is woken when there is enough, or a sender is out of credit, or all have ended.
        case nothing
        case ended
    }

    private struct State {
        /// By stream: one for all senders, or one for each.
        var streams: [Fifo<Item>]
        var closedStreams: [Bool]
        var openSenders: Int
        var rowCount = 0
        var isAbandoned = false
        /// How many rows the waiting task wants to be woken for; nil while it does not wait.
        var rowsAwaited: Int?
    }

    /// By sender, if they are kept apart; empty otherwise.
    private let streamOfSender: [Int: Int]
    private let state: Mutex<State>
    /// In a type of its own: a closure that is itself what a `Mutex` holds comes out of each `withLock` wrapped once more.
    private struct Wake {
        var action: (@Sendable () -> Void)?
    }
    private let wake = Mutex(Wake())

    init(_ route: ExchangeRoute) {
        var streamOfSender: [Int: Int] = [:]
        if route.keepsSendersApart {
            for (stream, sender) in route.senders.enumerated() { streamOfSender[sender] = stream }
        }
        self.streamOfSender = streamOfSender
        let streams = route.keepsSendersApart ? route.senders.count : 1
        state = Mutex(
            State(
                streams: Array(repeating: Fifo(), count: streams),
                closedStreams: Array(repeating: false, count: streams),
                openSenders: route.senders.count))
    }

    var streamCount: Int { state.withLock { $0.streams.count } }

    /// The task that empties the mailbox says how it is woken.
    func attach(_ wake: @escaping @Sendable () -> Void) {
        self.wake.withLock { $0.action = wake }
    }

    /// Nobody is to be woken any more.
    func detach() { wake.withLock { $0.action = nil } }

    /// False: the receiver wants no more, the rows are dropped.
    func put(_ item: Item) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isAbandoned else { return (false, false) }
            state.streams[streamOfSender[item.sender] ?? 0].append(item)
            state.rowCount += item.batch.count
            return (true, Mailbox.endsWait(&state, isUrgent: !streamOfSender.isEmpty))
        }
        if mustWake { wakeReceiver() }
        return isTaken
    }

    func senderEnded(_ sender: Int) {
        let mustWake = state.withLock { state in
            assert(state.openSenders > 0, "sender \(sender) ends twice")
            state.openSenders -= 1
            if let stream = streamOfSender[sender] { state.closedStreams[stream] = true }
            // A merge waits for one sender, which may be this one; others want to know that it was the last.
            return Mailbox.endsWait(&state, isUrgent: !streamOfSender.isEmpty || state.openSenders == 0)
        }
        if mustWake { wakeReceiver() }
    }

    func senderIsOutOfCredit() {
        let mustWake = state.withLock { state in
            state.rowCount > 0 && Mailbox.endsWait(&state, isUrgent: true)
        }
        if mustWake { wakeReceiver() }
    }

    /// Everything that has come in a stream, oldest first. Answered `nothing`, the task is woken at `awaiting` rows.
    func take(stream: Int, awaiting: Int) -> Taken {
        state.withLock { state in
            var items: [Item] = []
            while let item = state.streams[stream].popFirst() {
                state.rowCount -= item.batch.count
                items.append(item)
            }
            if !items.isEmpty { return .items(items) }
            if state.openSenders == 0 || state.closedStreams[stream] { return .ended }
            state.rowsAwaited = awaiting
            return .nothing
        }
    }

    /// The receiver wants no more. Returns what had come.
    func abandon() -> [Item] {
        state.withLock { state in
            state.isAbandoned = true
            var items: [Item] = []
            for stream in state.streams.indices {
                while let item = state.streams[stream].popFirst() { items.append(item) }
            }
            state.rowCount = 0
            return items
        }
    }

    private static func endsWait(_ state: inout State, isUrgent: Bool) -> Bool {
        guard let rowsAwaited = state.rowsAwaited, isUrgent || state.rowCount >= rowsAwaited else { return false }
        state.rowsAwaited = nil
        return true
    }

    private func wakeReceiver() { wake.withLock { $0.action }?() }
}
