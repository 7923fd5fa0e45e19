#if Server
import PGWire
import SQLTypes
import Synchronization

/// What comes in on a connection, from its event loop to the task that serves it: a queue with one reader.
final class Inbox: Sendable {
    enum Event: Sendable {
        case message(FrontendMessage)
        /// The bytes are not the protocol; nothing follows.
        case broken(SQLError)
        /// The other side is gone; nothing follows.
        case closed
    }

    /// Messages that wait for the task, and their bytes, at which the socket is left unread.
    static let capacity = 256
    static let capacityBytes = 1 << 20

    private struct State {
        var events: [(event: Event, byteCount: Int)] = []
        /// Of events that were not taken.
        var byteCount = 0
        /// The first of `events` that was not taken.
        var next = 0
        var isEnded = false
        var isLoggedIn = false
        var isPaused = false
        /// Taken out by whoever resumes it: once.
        var reader: UnsafeContinuation<Void, Never>?
        var resume: (@Sendable () -> Void)?
        var isFull: Bool { events.count - next >= Inbox.capacity || byteCount >= Inbox.capacityBytes }
        /// Ends what the connection does.
        var onClose: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    // MARK: Event loop

    /// How reading goes on when there is room again.
    func attach(resume: @escaping @Sendable () -> Void) { state.withLock { $0.resume = resume } }

    /// - Returns: false: there is no room for more.
    func put(_ event: Event, byteCount: Int = 0) -> Bool {
        let (reader, hasRoom) = state.withLock { state -> (UnsafeContinuation<Void, Never>?, Bool) in
            guard !state.isEnded else { return (nil, false) }
            state.events.append((event, byteCount))
            state.byteCount += byteCount
            if case .message = event {} else { state.isEnded = true }
            let reader = state.reader
            state.reader = nil
            state.isPaused = state.isFull
            return (reader, !state.isPaused && !state.isEnded)
        }
        reader?.resume()
        return hasRoom
    }

    /// The connection is gone: what is done for it ends at once, and the task learns it next.
    func close() {
        let (reader, onClose) = state.withLock { state in
            defer {
                state.reader = nil
                state.onClose = nil
                state.resume = nil
            }
            if !state.isEnded {
                state.events.append((.closed, 0))
                state.isEnded = true
            }
            return (state.reader, state.onClose)
        }
        reader?.resume()
        onClose?()
    }

    /// The client may send long messages.
    var isLoggedIn: Bool { state.withLock { $0.isLoggedIn } }

    // MARK: Task

    func noteLogin() { state.withLock { $0.isLoggedIn = true } }

    /// Called when the connection is gone, from its event loop; at once if it is gone already.
    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            guard !state.isEnded else { return true }
            state.onClose = action
            return false
        }
        if isGone { action() }
    }

    /// The next event; `.closed` again and again after the last.
    func next() async -> Event {
        while true {
            if let event = take() { return event }
            await withUnsafeContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.next < state.events.count || state.isEnded { return true }
                    state.reader = continuation
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    /// All that has come is taken.
    var isEmpty: Bool { state.withLock { $0.next == $0.events.count } }

    /// Whether the batch of messages is known to end here: a Sync has come, with nothing but Flush before it.
    var isSyncNext: Bool {
        state.withLock { state in
            for (event, _) in state.events[state.next...] {
                guard case .message(let message) = event else { return false }
                if message == .sync { return true }
                if message != .flush { return false }
            }
            return false
        }
    }

    /// The next event, if one is here.
    func take() -> Event? {
        let (event, resume) = state.withLock { state -> (Event?, (@Sendable () -> Void)?) in
            guard state.next < state.events.count else { return (state.isEnded ? .closed : nil, nil) }
            let (event, byteCount) = state.events[state.next]
            state.next += 1
            state.byteCount -= byteCount
            if state.next == state.events.count {
                state.events.removeAll(keepingCapacity: state.events.capacity <= Inbox.capacity * 2)
                state.next = 0
            }
            let mayResume = state.isPaused && !state.isFull
            if mayResume { state.isPaused = false }
            return (event, mayResume ? state.resume : nil)
        }
        resume?()
        return event
    }
}
#endif
