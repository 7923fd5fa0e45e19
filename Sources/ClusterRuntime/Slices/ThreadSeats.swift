import Synchronization
import VectorEngine

/// A core for each of the threads that slices compute on (`SliceThreads`), on which it sleeps.
///
/// Left to itself, the kernel may wake the thread of one slice on the core where another one's runs, and leave it waiting
/// there for milliseconds while the next core sleeps; where a thread once was it comes back to. On a virtual machine, half
/// of the short queries ran their two slices one after the other. A thread that may run on one core only while it sleeps
/// is woken there. As long as it works it may run anywhere, and so may the threads that it makes.
///
/// There are as many such threads as cores, so that each has a seat; threads beyond that go where they like.
final class ThreadSeats: Sendable {
    static let shared = ThreadSeats()

    private struct State {
        var cores: [Int]
        var isTaken: [Bool]
    }
    private let state: Mutex<State>
    private let affinity: CoreAffinity?
    /// Of a thread: the number of its seat + 1.
    private let slot: ThreadSlot?

    private init() {
        let affinity = CoreAffinity()
        let cores = affinity?.cores ?? []
        state = Mutex(State(cores: cores, isTaken: cores.map { _ in false }))
        // With one core there is nothing to choose.
        slot = cores.count > 1 ? ThreadSlot { ThreadSeats.shared.leave(Int(bitPattern: $0) - 1) } : nil
        self.affinity = affinity
    }

    /// What a thread does between two sleeps.
    /// - Parameter takesSeat: false: a thread without a seat does without.
    @inline(__always)
    func working(takesSeat: Bool, _ body: () -> Void) {
        guard let slot, let affinity, takesSeat || slot.value != nil else { return body() }
        if slot.value != nil { affinity.roam() }
        body()
        if let core = seat(slot, near: affinity.current) { affinity.stay(on: core) }
    }

    /// The core that the thread has, or gets: if possible the one where it is. nil: all are taken.
    private func seat(_ slot: ThreadSlot, near here: Int) -> Int? {
        let own = Int(bitPattern: slot.value) - 1
        let (seat, core) = state.withLock { state -> (Int, Int) in
            if own >= 0, state.cores[own] == here { return (own, here) }
            let free =
                state.cores.indices.first { !state.isTaken[$0] && state.cores[$0] == here }
                ?? (own >= 0 ? own : state.isTaken.firstIndex(of: false))
            guard let free else { return (-1, -1) }
            if own >= 0 { state.isTaken[own] = false }
            state.isTaken[free] = true
            return (free, state.cores[free])
        }
        if seat == own { return seat >= 0 ? core : nil }
        guard let mark = UnsafeMutableRawPointer(bitPattern: seat + 1), slot.set(mark) else {
            leave(seat)
            return nil
        }
        return core
    }

    private func leave(_ seat: Int) { state.withLock { $0.isTaken[seat] = false } }
}
