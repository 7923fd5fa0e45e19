/// What COMMENT ON can be about. Columns and constraints are meant by name: a renamed one's comment is moved by ALTER.
/// - Source: Redshift developer guide, "COMMENT".
package enum CommentTarget: Hashable, Comparable, Sendable {
    case database
    case table(TableID)
    case column(TableID, String)
    case constraint(TableID, String)
    case view(TableName)

    /// The table that it is, or is part of.
    package var table: TableID? {
        switch self {
        case .table(let id), .column(let id, _), .constraint(let id, _): id
        case .database, .view: nil
        }
    }
}
