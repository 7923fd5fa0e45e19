import Synchronization

/// What went wrong where no client was there to be told: whoever sends the next statement is.
final class UntoldNotices: Sendable {
    private let notices = Mutex<[Notice]>([])

    func add(_ notice: Notice) { notices.withLock { $0.append(notice) } }

    /// Each once.
    func take() -> [Notice] {
        notices.withLock { notices in
            defer { if !notices.isEmpty { notices = [] } }
            return notices
        }
    }
}
