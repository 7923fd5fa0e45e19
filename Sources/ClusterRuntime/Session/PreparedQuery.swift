package import QueryPlan
package import SQLSyntax
package import SQLTypes

/// A statement that is parsed, whose parameters have types, and of whose rows the columns are known.
package struct PreparedQuery: Sendable {
    /// nil: the text has no statement.
    package let statement: ParsedStatement?
    package let text: String
    /// As logs show it.
    let shownText: String
    /// Of `$1`, `$2`, …; lengths and scales are those of the place where the parameter is used, not limits.
    package let parameterTypes: [SQLType]
    /// nil: the statement gives no rows.
    package let columns: [OutputColumn]?
    /// What planning it gave, if a run may use it again.
    let plan: ReusablePlan?
}

/// Where a session stands between two statements: what ReadyForQuery says.
package enum TransactionStatus: Hashable, Sendable {
    case idle, inBlock
    /// Nothing but the end of the block is accepted.
    case failed
}
