import Catalog
import SQLTypes

/// One writer per table at a time; readers never wait. Who comes first is served first. A value: its owner does the
/// waiting.
struct TableLocks: Sendable {
    /// Serialises changes of schemas, databases, users and privileges.
    static let definitions = TableID(0)

    /// Held by whoever makes, drops or renames what has the name. The number is below 0 and made of the name: two that share
    /// one wait for each other without need.
    static func name(_ name: TableName) -> TableID {
        var hash: UInt32 = 2_166_136_261
        for byte in "\(name.schema)\0\(name.name)".utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return TableID(Int32(bitPattern: hash | 1 << 31))
    }

    struct Waiter: Sendable {
        var owner: Int64
        var resume: @Sendable (Result<Void, SQLError>) -> Void
    }

    private var owners: [TableID: Int64] = [:]
    private var waiting: [TableID: [Waiter]] = [:]

    /// True: the owner has the lock now, or had it before.
    mutating func acquire(_ table: TableID, owner: Int64) -> Bool {
        if let present = owners[table] { return present == owner }
        owners[table] = owner
        return true
    }

    /// True if waiting for `table` would close a circle of owners who wait for one another.
    func wouldDeadlock(_ table: TableID, owner: Int64) -> Bool {
        var seen: Set<TableID> = []
        var next: TableID? = table
        while let table = next, seen.insert(table).inserted {
            guard let holder = owners[table] else { return false }
            if holder == owner { return true }
            next = waiting.first { $0.value.contains { $0.owner == holder } }?.key
        }
        return false
    }

    /// All that are held, and who waits for them, by table.
    var entries: [(table: TableID, owner: Int64, isGranted: Bool)] {
        owners.sorted { $0.key < $1.key }.flatMap { table, owner in
            [(table, owner, true)] + (waiting[table] ?? []).map { (table, $0.owner, false) }
        }
    }

    mutating func wait(for table: TableID, _ waiter: Waiter) { waiting[table, default: []].append(waiter) }

    /// Gives up waiting. Returns who is to be told.
    mutating func stopWaiting(owner: Int64) -> [Waiter] {
        var stopped: [Waiter] = []
        for table in Array(waiting.keys) {
            stopped += waiting[table]?.filter { $0.owner == owner } ?? []
            waiting[table]?.removeAll { $0.owner == owner }
        }
        return stopped
    }

    /// Frees all locks of the owner. Returns those who have one now.
    mutating func releaseAll(of owner: Int64) -> [Waiter] {
        var served: [Waiter] = []
        for (table, holder) in owners where holder == owner {
            owners[table] = nil
            guard var queue = waiting[table], !queue.isEmpty else { continue }
            let next = queue.removeFirst()
            waiting[table] = queue.isEmpty ? nil : queue
            owners[table] = next.owner
            served.append(next)
        }
        return served
    }
}
