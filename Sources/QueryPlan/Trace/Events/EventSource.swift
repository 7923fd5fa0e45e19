package import Catalog

/// Who did what a logged event tells of, and in which statement.
package struct EventSource: Hashable, Sendable {
    package var user: UserID
    /// The session's process number.
    package var session: Int32
    package var database: String
    /// 0: none.
    package var transaction: Int64
    /// 0: none, as of a connection.
    package var query: Int64

    package init(user: UserID, session: Int32, database: String, transaction: Int64 = 0, query: Int64 = 0) {
        self.user = user
        self.session = session
        self.database = database
        self.transaction = transaction
        self.query = query
    }
}

/// Something that happened and is kept, bounded, beyond the process: a row of an STL table. All times are microseconds since
/// 2000-01-01 00:00:00 UTC.
package protocol LoggedEvent: Hashable, Sendable {
    /// Whose rows they are: others see them only with SYSLOG ACCESS UNRESTRICTED, or as superusers.
    var source: EventSource { get }
}
