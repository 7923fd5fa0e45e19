/// A session as the leader's list shows it.
package struct SessionRecord: Hashable, Sendable {
    /// What pg_backend_pid() says.
    package var process: Int32
    package var user: String
    package var database: String
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var startTime: Int64
}
