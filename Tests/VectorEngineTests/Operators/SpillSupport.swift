import SQLTypes
import Synchronization

@testable import VectorEngine

/// Spilled bytes in memory; counts what is held, and can run full.
final class TestSpillStore: SpillStore {
    private struct State {
        var parts: [Int64: [UInt8]] = [:]
        var next: Int64 = 0
        var writes = 0
    }
    private let state = Mutex(State())
    private let writesMaximum: Int

    init(writesMaximum: Int = .max) { self.writesMaximum = writesMaximum }

    var heldParts: Int { state.withLock { $0.parts.count } }
    var writes: Int { state.withLock { $0.writes } }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> SpillTicket {
        try state.withLock { (state) throws(SQLError) in
            guard state.writes < writesMaximum else { throw SQLError(.diskFull, "Disk Full") }
            state.writes += 1
            state.next += 1
            state.parts[state.next] = Array(bytes)
            return SpillTicket(offset: state.next, byteCount: bytes.count, checksum: 0)
        }
    }

    func read(_ ticket: SpillTicket, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        guard let bytes = state.withLock({ $0.parts[ticket.offset] }), bytes.count == target.count else {
            throw SQLError(.dataCorrupted, "no such part")
        }
        target.copyBytes(from: bytes)
    }

    func free(_ ticket: SpillTicket) { state.withLock { _ = $0.parts.removeValue(forKey: ticket.offset) } }
}

/// So many bytes and no more, for all operators together.
final class TestMemory: MemoryGrant {
    private struct State {
        var used = 0
        var overdrawn = 0
    }
    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var used: Int { state.withLock { $0.used } }

    func reserve(bytes: Int) -> Bool {
        state.withLock { state in
            guard state.used + bytes <= limit else { return false }
            state.used += bytes
            return true
        }
    }
    func release(bytes: Int) { state.withLock { $0.used -= bytes } }
    func overdraw(bytes: Int) { state.withLock { $0.used += bytes } }
    var availableBytes: Int { Swift.max(0, limit - used) }
}

/// A workspace with next to no memory.
func tightWorkspace(_ store: TestSpillStore, memory: TestMemory, rowsMinimum: Int = 50) -> SpillWorkspace {
    SpillWorkspace(account: MemoryAccount(memory), store: store, rowsMinimum: rowsMinimum) { () throws(SQLError) in }
}
