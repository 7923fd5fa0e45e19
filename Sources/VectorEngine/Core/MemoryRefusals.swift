import Synchronization

/// What happens when the system refuses memory: whoever asked gets it from a reserve, so that no code between an
/// allocation and the query's driver has to be ready for a failure, and the driver sees that `count` has grown and ends
/// the query (53200), which gives the reserve back.
package enum MemoryRefusals {
    /// Address space only; pages are taken when it is used.
    private static let reserveBytes = 256 << 20

    private struct Reserve {
        var used = 0
        /// Pieces that are lent.
        var pieces = 0
    }
    private struct Region: @unchecked Sendable { let start: UnsafeMutableRawPointer? }

    private static let refusals = Atomic<Int>(0)
    private static let state = Mutex(Reserve())
    private static let region = Region(
        start: Platform.map(byteCount: reserveBytes, usesHugePages: false, isReserved: false))

    /// How often the system has refused memory.
    package static var count: Int { refusals.load(ordering: .relaxed) }

    /// Claims the reserve; before anything may be refused.
    package static func prepare() { _ = region.start }

    /// For the process as a whole: at most so many bytes of freed memory wait for another use.
    package static func keepForReuse(atMost byteCount: Int) { RawMemory.keep(atMost: byteCount) }

    static func lend(byteCount: Int) -> UnsafeMutableRawPointer {
        refusals.add(1, ordering: .relaxed)
        if let memory = Platform.map(byteCount: byteCount, usesHugePages: false, isReserved: false) { return memory }
        let offset = state.withLock { reserve -> Int? in
            guard reserve.used + byteCount <= reserveBytes else { return nil }
            defer {
                reserve.used += byteCount
                reserve.pieces += 1
            }
            return reserve.used
        }
        guard let offset, let start = region.start else {
            // As the allocator does when it has nothing left.
            fatalError("out of memory: \(byteCount) bytes")
        }
        return start + offset
    }

    /// A piece of the reserve.
    static func isLent(_ memory: UnsafeMutableRawPointer) -> Bool {
        guard count > 0, let start = region.start else { return false }
        return memory >= start && memory < start + reserveBytes
    }

    /// False: it is not a piece of the reserve.
    static func takeBack(_ memory: UnsafeMutableRawPointer, byteCount: Int) -> Bool {
        guard isLent(memory) else { return false }
        Platform.discard(memory, byteCount: byteCount)
        state.withLock { reserve in
            reserve.pieces -= 1
            if reserve.pieces == 0 { reserve.used = 0 }
        }
        return true
    }
}
