import Execution
import QueryPlan
import SQLTypes
import Synchronization

/// The exchanges of a query as one task sees them: what it opens here wakes this task, and is closed when the task
/// ends, however it ends, so that nobody waits for rows or credit that will not come.
final class TaskPorts: ExchangePorts, Sendable {
    private struct Opened {
        var senders: [ExchangeSender] = []
        var mailboxes: [(exchange: ExchangeID, mailbox: Mailbox)] = []
    }

    private let exchanges: NodeExchanges
    private let slice: Int
    private let wake: @Sendable () -> Void
    private let opened = Mutex(Opened())

    init(_ exchanges: NodeExchanges, slice: Int, wake: @escaping @Sendable () -> Void) {
        self.exchanges = exchanges
        self.slice = slice
        self.wake = wake
    }

    func output(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeOutput {
        let sender = try ExchangeSender(id, slice: slice, exchanges: exchanges, wake: wake)
        exchanges.add(sender)
        opened.withLock { $0.senders.append(sender) }
        return sender
    }

    func input(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeInput {
        ExchangeReceiver(id, slice: slice, stream: 0, mailbox: try open(id, slice), exchanges: exchanges)
    }

    func inputsBySender(_ id: ExchangeID, slice: Int) throws(SQLError) -> [any ExchangeInput] {
        let mailbox = try open(id, slice)
        return (0..<mailbox.streamCount).map { stream in
            ExchangeReceiver(id, slice: slice, stream: stream, mailbox: mailbox, exchanges: exchanges)
        }
    }

    private func open(_ id: ExchangeID, _ slice: Int) throws(SQLError) -> Mailbox {
        let mailbox = try exchanges.mailbox(id, slice: slice)
        mailbox.attach(wake)
        opened.withLock { $0.mailboxes.append((id, mailbox)) }
        return mailbox
    }

    /// True while a sender has been told to wait and has no credit yet: the task may have been woken by something else.
    var isOutOfCredit: Bool { opened.withLock { $0.senders.contains { $0.isWaiting } } }

    /// The task is over. One that failed does not say so to those who receive from it: rows are missing, and the query
    /// is about to be cancelled.
    func close(isFailed: Bool) {
        let all = opened.withLock { opened in
            defer { opened = Opened() }
            return opened
        }
        if !isFailed {
            for sender in all.senders { sender.closeOnce() }
        }
        for (exchange, mailbox) in all.mailboxes {
            for item in mailbox.abandon() {
                exchanges.giveBack(item.byteCount, of: item.sender, in: exchange, receiver: slice, isRefusal: true)
            }
        }
    }
}
