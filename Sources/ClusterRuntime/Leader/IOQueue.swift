import Dispatch
import SQLTypes
import Synchronization

/// Work that waits for files or a network, away from actors and slices: at most four at a time in the process.
final class IOQueue: Sendable {
    static let shared = IOQueue()

    private let turn = Atomic<Int>(0)
    private let lanes = (0..<4).map { DispatchQueue(label: "blueshift.io.\($0)") }

    func run<T: Sendable>(_ body: @escaping @Sendable () throws(SQLError) -> T) async -> Result<T, SQLError> {
        let lane = lanes[turn.add(1, ordering: .relaxed).oldValue % lanes.count]
        return await withCheckedContinuation { continuation in
            lane.async { continuation.resume(returning: Result(catching: body)) }
        }
    }
}
