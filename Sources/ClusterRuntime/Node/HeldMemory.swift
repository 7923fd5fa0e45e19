import SQLTypes
import Synchronization

/// What a statement holds on a node besides its operators: rows that it keeps as values. Nothing of it can be written to
/// disk. It goes back to the node with the last reference.
final class HeldMemory: Sendable {
    /// The node is asked for so much at a time.
    private static let stepBytes = 64 << 10

    private struct State {
        var used = 0
        var reserved = 0
    }

    let node: NodeMemory
    private let state = Mutex(State())

    init(_ node: NodeMemory) { self.node = node }

    deinit { releaseAll() }

    var bytes: Int { state.withLock { $0.used } }

    /// Throws 53200 if the node has no more.
    func hold(bytes: Int) throws(SQLError) {
        let held = state.withLock { state -> Int? in
            let missing = state.used + bytes - state.reserved
            if missing > 0 {
                let step = max(missing, HeldMemory.stepBytes)
                guard node.reserve(bytes: step) else { return state.used }
                state.reserved += step
            }
            state.used += bytes
            return nil
        }
        guard let held else { return }
        throw SQLError(
            .outOfMemory, "out of memory",
            detail:
                "The statement holds \(held) bytes of rows on the leader, which may hold \(node.budgetBytes) in all.")
    }

    func releaseAll() {
        let reserved = state.withLock { state in
            defer { state = State() }
            return state.reserved
        }
        if reserved > 0 { node.release(bytes: reserved) }
    }
}

extension [SQLValue] {
    /// Of a row, as it lies in memory.
    var heldBytes: Int {
        reduce(56) { sum, value in
            switch value {
            case .string(let bytes), .varbyte(let bytes):
                sum + MemoryLayout<SQLValue>.stride + (bytes.isEmpty ? 0 : 32 + bytes.capacity)
            default: sum + MemoryLayout<SQLValue>.stride
            }
        }
    }
}
