package import Catalog
package import QueryPlan
package import SQLSyntax

/// An assertion whose names are resolved.
package enum PlannedAssertion: Sendable {
    case skew(TableDefinition, atMost: Double)
    case noValue(TableDefinition, column: Int, abovePercent: Double)
    /// nil: AUTO, whatever has come of it.
    case style(TableDefinition, Distribution.Style?, isEffective: Bool)
    case copyUsesEverySlice(TableDefinition)
    /// The query as it was written, too: it is planned anew for clusters of other shapes.
    case query(QueryPlan, Query, [QueryClaim])

    package enum QueryClaim: Sendable {
        case joinsWithoutMoving
        case moves(atMostBytes: Double)
        case skips(atLeastPercent: Double, of: TableDefinition?)
        case withoutNestedLoop
        case withoutBroadcast(of: TableDefinition?)
        case same(on: [ClusterShape])
    }

    /// The one that is spoken of; nil: a query.
    package var table: TableDefinition? {
        switch self {
        case .skew(let table, _), .noValue(let table, _, _), .style(let table, _, _), .copyUsesEverySlice(let table):
            table
        case .query: nil
        }
    }
}
