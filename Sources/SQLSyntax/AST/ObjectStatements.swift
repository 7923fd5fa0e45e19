/// `COMMENT ON kind name IS {'text' | NULL}`.
package struct CommentStatement: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        case table(QualifiedName)
        case view(QualifiedName)
        case column(Identifier, of: QualifiedName)
        case constraint(Identifier, on: QualifiedName)
        case database(Identifier)
    }
    package var target: Target
    /// nil: NULL, which takes the comment away.
    package var text: String?

    package init(_ target: Target, _ text: String?) {
        self.target = target
        self.text = text
    }
}

package struct AlterSchemaStatement: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case renameTo(Identifier)
        case ownerTo(Identifier)
        case quota(CreateSchemaStatement.Quota)
    }
    package var name: Identifier
    package var action: Action

    package init(_ name: Identifier, _ action: Action) {
        self.name = name
        self.action = action
    }
}

/// - Source: Redshift developer guide, "DECLARE", "FETCH", "CLOSE"; PostgreSQL's MOVE.
package enum CursorStatement: Hashable, Sendable {
    /// `DECLARE name CURSOR FOR query`.
    case declare(Identifier, Query)
    case fetch(Fetch, Identifier)
    /// FETCH without the rows.
    case move(Fetch, Identifier)
    /// nil: CLOSE ALL.
    case close(Identifier?)

    package enum Fetch: Hashable, Sendable {
        case next
        /// Also FORWARD ALL.
        case all
        /// 0: the row that was fetched last, once more.
        case forward(Int64)
    }
}
