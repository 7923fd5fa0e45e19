package import Catalog
import SQLTypes
import Synchronization
package import VectorEngine

/// Unpacked columns of row groups, for the slices of one node, within a budget of bytes.
///
/// What is evicted lives on while a batch still points into it. One lock for the whole cache: it is taken once per
/// column and row group, for some 50 ns, against 20 µs at least that a scan then spends on the column.
/// - Source: Corbató, "A Paging Experiment with the Multics System", 1968 (CLOCK).
package final class BlockCache: Sendable {
    package struct Key: Hashable, Sendable {
        package var table: TableID
        package var slice: Int32
        package var column: Int32
        package var group: Int64

        package init(table: TableID, slice: Int, column: Int, group: Int64) {
            self.table = table
            self.slice = Int32(truncatingIfNeeded: slice)
            self.column = Int32(truncatingIfNeeded: column)
            self.group = group
        }
    }

    package struct Usage: Hashable, Sendable {
        package var bytes = 0
        package var columns = 0
        package var hits = 0
        package var misses = 0
        package var evictions = 0
    }

    private struct Entry {
        var key: Key
        var vector: Vector
        var bytes: Int
        var isReferenced: Bool
    }

    private struct State {
        var slots: [Entry?] = []
        var freeSlots: [Int] = []
        var slotOfKey: [Key: Int] = [:]
        var hand = 0
        var usage = Usage()
        var budget: Int
    }

    private let state: Mutex<State>

    package init(budgetBytes: Int) { state = Mutex(State(budget: budgetBytes)) }

    package var usage: Usage { state.withLock { $0.usage } }

    /// Shrinking evicts at once: the cache gives way first when memory is short.
    package var budgetBytes: Int {
        get { state.withLock { $0.budget } }
        set {
            state.withLock { state in
                state.budget = newValue
                BlockCache.evict(&state, toMakeRoomFor: 0)
            }
        }
    }

    package func vector(for key: Key) -> Vector? {
        state.withLock { state in
            guard let slot = state.slotOfKey[key] else {
                state.usage.misses += 1
                return nil
            }
            state.usage.hits += 1
            state.slots[slot]?.isReferenced = true
            return state.slots[slot]?.vector
        }
    }

    /// Returns the vector to use: the one that another slice put there first, if so. What exceeds the whole budget is
    /// not kept.
    package func insert(_ vector: Vector, for key: Key) -> Vector {
        let bytes = vector.memoryBytes
        return state.withLock { state in
            if let slot = state.slotOfKey[key], let known = state.slots[slot]?.vector { return known }
            guard bytes <= state.budget else { return vector }
            BlockCache.evict(&state, toMakeRoomFor: bytes)
            let entry = Entry(key: key, vector: vector, bytes: bytes, isReferenced: false)
            if let slot = state.freeSlots.popLast() {
                state.slots[slot] = entry
                state.slotOfKey[key] = slot
            } else {
                state.slotOfKey[key] = state.slots.count
                state.slots.append(entry)
            }
            state.usage.bytes += bytes
            state.usage.columns += 1
            return vector
        }
    }

    /// What belongs to a table that is gone.
    package func removeAll(of table: TableID) {
        state.withLock { state in
            for slot in state.slots.indices where state.slots[slot]?.key.table == table {
                BlockCache.remove(&state, slot)
            }
        }
    }

    /// Passes round the slots: a column that was used since the last time round gets another one.
    private static func evict(_ state: inout State, toMakeRoomFor bytes: Int) {
        while state.usage.columns > 0 && state.usage.bytes + bytes > state.budget {
            if state.hand >= state.slots.count { state.hand = 0 }
            let slot = state.hand
            state.hand += 1
            guard let entry = state.slots[slot] else { continue }
            if entry.isReferenced {
                state.slots[slot]?.isReferenced = false
            } else {
                remove(&state, slot)
                state.usage.evictions += 1
            }
        }
    }

    private static func remove(_ state: inout State, _ slot: Int) {
        guard let entry = state.slots[slot] else { return }
        state.slots[slot] = nil
        state.freeSlots.append(slot)
        state.slotOfKey[entry.key] = nil
        state.usage.bytes -= entry.bytes
        state.usage.columns -= 1
    }
}

extension Vector {
    /// Bytes of all buffers that the vector keeps alive, and a little for itself.
    var memoryBytes: Int {
        var bytes = 128 + (validity?.byteCount ?? 0)
        switch form {
        case .flat(let buffer): bytes += buffer.byteCount
        case .coded(let codes, _): bytes += codes.buffer.byteCount
        case .dictionary(let codes, let dictionary):
            bytes += codes.buffer.byteCount + dictionary.views.byteCount
            bytes += dictionary.owners.reduce(0) { $0 + $1.byteCount }
        case .views(let buffer, let owners): bytes += buffer.byteCount + owners.reduce(0) { $0 + $1.byteCount }
        case .constant: break
        }
        return bytes
    }
}
