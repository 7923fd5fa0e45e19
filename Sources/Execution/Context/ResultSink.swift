package import VectorEngine

/// Takes the rows that go to the client, in their order, at the end of the leader's last segment. `blocked` while the
/// client is slow; `done` when it wants no more.
package protocol ResultSink: BatchSink, Sendable {}
