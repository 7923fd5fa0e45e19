import Synchronization
import VectorEngine

/// A query's part of its node's memory, cut into equal parts for the slices.
final class QueryMemory: Sendable {
    private let slices: [SliceMemory]

    /// - Parameters:
    ///   - operatorCount: steps of the plan, as one slice runs it, that can spill.
    ///   - share: of the node's memory, 0...1.
    init(_ node: NodeMemory, share: Double = 1, sliceCount: Int, operatorCount: Int) {
        let limit = Int(Double(node.budgetBytes) * share) / max(1, sliceCount)
        slices = (0..<max(1, sliceCount)).map { _ in
            SliceMemory(node, limitBytes: limit, operatorCount: operatorCount)
        }
    }

    /// `local`: the slice's position among those of its node.
    func slice(_ local: Int) -> SliceMemory { slices[local] }
}

/// What a query may hold on one slice.
///
/// Half of it is for who asks first. Of the other half each operator that can spill is sure of an equal part, from the
/// start of the query to the operator's end: so the last of a chain of joins finds memory, too. What an operator leaves of
/// its part when it has settled (its hash table is built) is there for all others.
///
///     limit  ├─ held by operators ─┤─ promised, not used yet ─┤─ free for who asks first ─│
///
/// All of it goes back to the node with the last reference.
final class SliceMemory: MemoryGrant, Sendable {
    /// An operator gets so much however small the node's budget is: less than some batches is no use to anybody.
    static let operatorMinimum = 256 << 10

    private struct State {
        var used = 0
        /// Sum over operators that have not settled of what they have not used of their part.
        var promised: Int
        /// Operators that have not asked for their part yet.
        var waiting: Int
    }

    private let node: NodeMemory
    let limitBytes: Int
    fileprivate let partBytes: Int
    private let state: Mutex<State>

    init(_ node: NodeMemory, limitBytes: Int, operatorCount: Int) {
        self.node = node
        let count = max(1, operatorCount)
        partBytes = max(limitBytes / 2 / count, SliceMemory.operatorMinimum)
        self.limitBytes = max(limitBytes, partBytes * count)
        state = Mutex(State(promised: partBytes * count, waiting: count))
    }

    deinit { node.release(bytes: state.withLock { $0.used }) }

    var bytesInUse: Int { state.withLock { $0.used } }

    func reserve(bytes: Int) -> Bool { reserve(bytes: bytes, promised: 0, isSure: false) }
    func overdraw(bytes: Int) { take(bytes: bytes, promised: 0) }
    func release(bytes: Int) { giveBack(bytes: bytes, promised: 0) }

    var availableBytes: Int { available(promised: 0) }

    func operatorShare() -> any MemoryGrant {
        let isExpected = state.withLock { state in
            guard state.waiting > 0 else { return false }
            state.waiting -= 1
            return true
        }
        return OperatorMemory(self, partBytes: isExpected ? partBytes : 0)
    }

    // MARK: What the operators' shares ask for

    /// `promised`: how much of the bytes was promised to who asks. `isSure`: it gets them even if other queries have
    /// used up the node's memory.
    fileprivate func reserve(bytes: Int, promised: Int, isSure: Bool) -> Bool {
        let isGranted = state.withLock { state in
            guard isSure || state.used + state.promised - promised + bytes <= limitBytes else { return false }
            state.used += bytes
            state.promised -= promised
            return true
        }
        guard isGranted else { return false }
        if isSure {
            node.overdraw(bytes: bytes)
        } else if !node.reserve(bytes: bytes) {
            state.withLock { state in
                state.used -= bytes
                state.promised += promised
            }
            return false
        }
        return true
    }

    fileprivate func take(bytes: Int, promised: Int) {
        state.withLock { state in
            state.used += bytes
            state.promised -= promised
        }
        node.overdraw(bytes: bytes)
    }

    fileprivate func giveBack(bytes: Int, promised: Int) {
        state.withLock { state in
            state.used -= bytes
            state.promised += promised
        }
        node.release(bytes: bytes)
    }

    fileprivate func dropPromise(_ bytes: Int) { state.withLock { $0.promised -= bytes } }

    /// To somebody to whom `promised` bytes are promised still.
    fileprivate func available(promised: Int) -> Int {
        let own = state.withLock { limitBytes - $0.used - $0.promised + promised }
        return max(0, min(own, node.availableBytes))
    }
}

/// One operator's share of its slice's memory.
private final class OperatorMemory: MemoryGrant, Sendable {
    private struct State {
        var held = 0
        var hasSettled = false
    }

    private let slice: SliceMemory
    private let partBytes: Int
    private let state = Mutex(State())

    init(_ slice: SliceMemory, partBytes: Int) {
        self.slice = slice
        self.partBytes = partBytes
    }

    deinit { settle() }

    /// Of its part, what an operator that holds `held` bytes has not used.
    private func promise(_ state: State) -> Int { state.hasSettled ? 0 : max(0, partBytes - state.held) }

    func reserve(bytes: Int) -> Bool {
        state.withLock { state in
            let promised = min(bytes, promise(state))
            let isSure = state.held + bytes <= SliceMemory.operatorMinimum
            guard slice.reserve(bytes: bytes, promised: promised, isSure: isSure) else { return false }
            state.held += bytes
            return true
        }
    }

    func overdraw(bytes: Int) {
        state.withLock { state in
            slice.take(bytes: bytes, promised: min(bytes, promise(state)))
            state.held += bytes
        }
    }

    func release(bytes: Int) {
        state.withLock { state in
            let before = promise(state)
            state.held -= bytes
            slice.giveBack(bytes: bytes, promised: promise(state) - before)
        }
    }

    var availableBytes: Int {
        state.withLock { state in
            max(slice.available(promised: promise(state)), SliceMemory.operatorMinimum - state.held)
        }
    }

    func settle() {
        state.withLock { state in
            slice.dropPromise(promise(state))
            state.hasSettled = true
        }
    }
}
