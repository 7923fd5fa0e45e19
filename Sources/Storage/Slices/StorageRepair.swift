import Synchronization

/// Something that was damaged on disk, and what was done about it.
package struct StorageRepair: Hashable, Sendable {
    /// `block of public.t.c`, `header`, `data file`, `mirror`.
    package var object: String
    /// Where: slice, row group, bytes, file.
    package var place: String
    /// What was wrong.
    package var reason: String
    /// False: the rows came from the other copy, but the damaged one could not be written.
    package var isMended: Bool

    /// `block of public.t.c was damaged and has been mended from its mirror`.
    package var message: String {
        isMended
            ? "\(object) was damaged and has been mended from its other copy"
            : "\(object) is damaged and was read from its other copy"
    }
}

/// What was mended since the cluster was opened, the last few hundred.
package final class RepairLog: Sendable {
    private struct State {
        var repairs: [StorageRepair] = []
        /// How many of them, from the end, nobody has taken.
        var untold = 0
    }
    private static let repairsMax = 500
    private let state = Mutex(State())

    func add(_ repair: StorageRepair) {
        state.withLock { state in
            // A block that cannot be written is met again with each reading.
            guard state.repairs.last != repair else { return }
            if state.repairs.count == Self.repairsMax { state.repairs.removeFirst() }
            state.repairs.append(repair)
            state.untold = min(state.untold + 1, state.repairs.count)
        }
    }

    /// Oldest first.
    package var repairs: [StorageRepair] { state.withLock { $0.repairs } }

    /// Those that were not taken before: each is told once.
    package func takeUntold() -> [StorageRepair] {
        state.withLock { state in
            defer { state.untold = 0 }
            return state.untold == 0 ? [] : Array(state.repairs.suffix(state.untold))
        }
    }
}
