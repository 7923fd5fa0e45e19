/// Memory that a query's operators may hold, handed out by the node. Called per batch at most, from several slices.
package protocol MemoryGrant: Sendable {
    /// False: the bytes are not granted, and nothing has changed.
    func reserve(bytes: Int) -> Bool
    func release(bytes: Int)
}

/// Grants everything: tests, and statements that hold next to nothing.
package struct UnlimitedMemory: MemoryGrant {
    package init() {}
    package func reserve(bytes: Int) -> Bool { true }
    package func release(bytes: Int) {}
}
