package import SQLTypes

/// What stable functions read: the clock, who asks, and where. One value per statement, made by the leader, so that all
/// slices answer alike.
package struct EvaluationContext: Sendable {
    /// GETDATE, CURRENT_DATE. Microseconds since 2000-01-01 00:00:00 UTC.
    package var statementStart: Int64
    /// SYSDATE. In the same unit.
    package var transactionStart: Int64
    /// The session's zone, and what words such as `today` mean in a string that is cast.
    package var dateTime: DateTimeContext
    package var user: String
    package var database: String
    package var schema: String
    package var version: String
    /// RANDOM starts from it; each slice gets another one.
    package var randomSeed: UInt64
    /// Where the expression is evaluated: SLICE_NUM.
    package var slice = SessionFunctions.leaderSlice
    /// nil where no session is: constants that are folded.
    package var session: (any SessionServices)?
    /// Of the leader's own segments; nil on compute nodes.
    package var leader: (any LeaderFunctions)?

    package init(
        statementStart: Int64 = 0, transactionStart: Int64 = 0, dateTime: DateTimeContext = .utc, user: String = "",
        database: String = "", schema: String = "public", version: String = "", randomSeed: UInt64 = 0,
        session: (any SessionServices)? = nil
    ) {
        self.statementStart = statementStart
        self.transactionStart = transactionStart
        self.dateTime = dateTime
        self.user = user
        self.database = database
        self.schema = schema
        self.version = version
        self.randomSeed = randomSeed
        self.session = session
    }

    static let empty = EvaluationContext()
}
