import Synchronization

/// Memory that a query's operators may hold, handed out by the node. Called per batch at most, from several slices.
package protocol MemoryGrant: Sendable {
    /// False: the bytes are not granted, and nothing has changed.
    func reserve(bytes: Int) -> Bool
    func release(bytes: Int)
    /// Counts bytes that are held in any case: the little that an operator cannot work without.
    func overdraw(bytes: Int)
    /// What `reserve` would grant now. A hint: others may be quicker.
    var availableBytes: Int { get }
    /// The part for one operator that can write to disk what it is refused memory for. Each such operator is sure of an
    /// equal part of its slice's memory, and may have what the others leave.
    func operatorShare() -> any MemoryGrant
    /// Of an operator's share: it will not grow any more, others may have what it did not use.
    func settle()
}

extension MemoryGrant {
    package func operatorShare() -> any MemoryGrant { self }
    package func settle() {}
}

/// Grants everything: tests, and statements that hold next to nothing.
package struct UnlimitedMemory: MemoryGrant {
    package init() {}
    package func reserve(bytes: Int) -> Bool { true }
    package func release(bytes: Int) {}
    package func overdraw(bytes: Int) {}
    package var availableBytes: Int { .max }
}

/// What one operator holds of its share. Goes back when the account does; whoever the held thing is handed to gets the
/// account with it.
package final class MemoryAccount: Sendable {
    private struct State {
        var bytes = 0
        var peakBytes = 0
    }

    private let grant: any MemoryGrant
    private let state = Mutex(State())

    /// - Parameter grant: the operator's share.
    package init(_ grant: any MemoryGrant) { self.grant = grant }

    deinit {
        let bytes = self.bytes
        if bytes > 0 { grant.release(bytes: bytes) }
    }

    package var bytes: Int { state.withLock { $0.bytes } }
    package var peakBytes: Int { state.withLock { $0.peakBytes } }

    /// Another account on the same share.
    func part() -> MemoryAccount { MemoryAccount(grant) }

    /// Holds `wanted` bytes from now on; false, and nothing has changed, if that many are not granted.
    package func resize(to wanted: Int) -> Bool {
        state.withLock { state in
            if wanted > state.bytes {
                guard grant.reserve(bytes: wanted - state.bytes) else { return false }
            } else if wanted < state.bytes {
                grant.release(bytes: state.bytes - wanted)
            }
            state.bytes = wanted
            state.peakBytes = Swift.max(state.peakBytes, wanted)
            return true
        }
    }

    /// The same for what cannot be done without.
    package func force(to wanted: Int) {
        guard !resize(to: wanted) else { return }
        state.withLock { state in
            grant.overdraw(bytes: wanted - state.bytes)
            state.bytes = wanted
            state.peakBytes = Swift.max(state.peakBytes, wanted)
        }
    }

    /// How far the account could be extended now.
    package var limitBytes: Int {
        let (sum, overflow) = bytes.addingReportingOverflow(grant.availableBytes)
        return overflow ? .max : sum
    }

    /// It will not grow any more.
    package func settle() { grant.settle() }
}
