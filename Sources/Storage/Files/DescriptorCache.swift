import Synchronization

/// Open files by path, no more than a limit, the least recently used closed first: a cluster of many slices has far
/// more files than a process may open.
///
/// A descriptor in use is never closed, so that the limit may be passed by as many as there are threads reading at
/// once.
final class DescriptorCache: Sendable {
    private struct Entry {
        var descriptor: Int32
        var users: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var stale: [Int32: Int] = [:]
        var clock: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = max(limit, 1) }

    deinit { state.withLock { $0.entries.values.forEach { Platform.close($0.descriptor) } } }

    /// Opens the file if need be and lends its descriptor for the duration of the call.
    func withDescriptor<R>(
        _ path: String, creating: Bool, _ body: (Int32) throws(Platform.Failure) -> R
    ) throws(Platform.Failure) -> R {
        let descriptor = try acquire(path, creating: creating)
        defer { release(path, descriptor) }
        return try body(descriptor)
    }

    private func acquire(_ path: String, creating: Bool) throws(Platform.Failure) -> Int32 {
        if let known = use(path) { return known }
        // Opened outside the lock: two that open the same file at once have the second one's descriptor closed again.
        let opened = try Platform.open(path, creating ? .createReadWrite : .readWrite)
        if let known = use(path) {
            Platform.close(opened)
            return known
        }
        let toClose = state.withLock { state in
            state.clock += 1
            var toClose = evict(&state)
            if let other = state.entries[path] {
                // Between the look and now: keep the one that is there.
                toClose.append(opened)
                state.entries[path]?.users += 1
                return (other.descriptor, toClose)
            }
            state.entries[path] = Entry(descriptor: opened, users: 1, lastUse: state.clock)
            return (opened, toClose)
        }
        toClose.1.forEach(Platform.close)
        return toClose.0
    }

    private func use(_ path: String) -> Int32? {
        state.withLock { state in
            guard let descriptor = state.entries[path]?.descriptor else { return nil }
            state.clock += 1
            state.entries[path]?.users += 1
            state.entries[path]?.lastUse = state.clock
            return descriptor
        }
    }

    private func release(_ path: String, _ descriptor: Int32) {
        let isUnused = state.withLock { state in
            if state.entries[path]?.descriptor == descriptor {
                state.entries[path]?.users -= 1
                return false
            }
            guard let users = state.stale[descriptor] else { return false }
            state.stale[descriptor] = users > 1 ? users - 1 : nil
            return users <= 1
        }
        if isUnused { Platform.close(descriptor) }
    }

    /// Takes out what must be closed to make room for one more.
    private func evict(_ state: inout State) -> [Int32] {
        var closed: [Int32] = []
        while state.entries.count >= limit {
            var oldest: (path: String, lastUse: UInt64)?
            for (path, entry) in state.entries where entry.users == 0 && entry.lastUse < oldest?.lastUse ?? .max {
                oldest = (path, entry.lastUse)
            }
            guard let oldest, let entry = state.entries.removeValue(forKey: oldest.path) else { break }
            closed.append(entry.descriptor)
        }
        return closed
    }

    /// The path will name another file, or none.
    func forget(_ path: String) {
        let unused: Int32? = state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: path) else { return nil }
            guard entry.users > 0 else { return entry.descriptor }
            state.stale[entry.descriptor] = entry.users
            return nil
        }
        if let unused { Platform.close(unused) }
    }

    /// For tests.
    var openCount: Int { state.withLock { $0.entries.count } }
}
