/// `[WITH …] body [ORDER BY …] [LIMIT …] [OFFSET …]`: a SELECT statement, a subquery, a CTE, a view's query.
package struct Query: Hashable, Sendable {
    package var with: WithClause?
    package var body: QueryBody
    package var orderBy: [SortItem] = []
    /// nil for LIMIT ALL too.
    package var limit: Expression?
    package var offset: Expression?
    package var position: SourcePosition

    package init(with: WithClause? = nil, _ body: QueryBody, at position: SourcePosition = .unknown) {
        self.with = with
        self.body = body
        self.position = position
    }
}

package struct WithClause: Hashable, Sendable {
    package var isRecursive: Bool
    package var tables: [CommonTable]

    package init(isRecursive: Bool = false, _ tables: [CommonTable]) {
        self.isRecursive = isRecursive
        self.tables = tables
    }
}

/// `name [(columns)] AS (query)`.
package struct CommonTable: Hashable, Sendable {
    package var name: Identifier
    /// May be shorter than the query's list; empty without one.
    package var columns: [Identifier]
    package var query: Query

    package init(_ name: Identifier, columns: [Identifier] = [], _ query: Query) {
        self.name = name
        self.columns = columns
        self.query = query
    }
}

package indirect enum QueryBody: Hashable, Sendable {
    case select(Select)
    /// `first` and then each term in turn, from left to right. INTERSECT binds tighter: it stands in its own chain.
    case setOperation(QueryBody, [SetOperationTerm])
    /// In parentheses, with a WITH, ORDER BY, LIMIT or OFFSET of its own (others leave no trace).
    case nested(Query)
}

package struct SetOperationTerm: Hashable, Sendable {
    /// MINUS is EXCEPT.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case union = "UNION", intersect = "INTERSECT", except = "EXCEPT"
    }
    package var kind: Kind
    package var isAll: Bool
    package var body: QueryBody
    /// Of the operator.
    package var position: SourcePosition

    package init(_ kind: Kind, isAll: Bool = false, _ body: QueryBody, at position: SourcePosition = .unknown) {
        self.kind = kind
        self.isAll = isAll
        self.body = body
        self.position = position
    }
}

/// One SELECT block.
package struct Select: Hashable, Sendable {
    package var isDistinct = false
    /// `TOP n`.
    package var top: Expression?
    package var items: [SelectItem]
    package var into: Into?
    /// The comma list; empty without FROM.
    package var from: [TableExpression] = []
    package var filter: Expression?
    package var groupBy: [GroupingElement] = []
    package var having: Expression?
    package var qualify: Expression?
    package var position: SourcePosition

    /// `INTO [TEMP] [TABLE] name`.
    package struct Into: Hashable, Sendable {
        package var table: QualifiedName
        package var isTemporary: Bool

        package init(_ table: QualifiedName, isTemporary: Bool = false) {
            self.table = table
            self.isTemporary = isTemporary
        }
    }

    package init(_ items: [SelectItem], at position: SourcePosition = .unknown) {
        self.items = items
        self.position = position
    }
}

package enum SelectItem: Hashable, Sendable {
    case expression(Expression, alias: Identifier?)
    /// `*` or `table.*`.
    case star(table: QualifiedName?, at: SourcePosition)
}

package indirect enum GroupingElement: Hashable, Sendable {
    /// An expression, an ordinal or an alias of the select list.
    case expression(Expression)
    /// `(a, b)`, `()`: columns that are grouped, or rolled up, together.
    case set([Expression])
    /// The elements of these three are `expression` or `set`; those of `sets` may be `rollup`, `cube` and `sets` too.
    case rollup([GroupingElement])
    case cube([GroupingElement])
    case sets([GroupingElement])
}

package indirect enum TableExpression: Hashable, Sendable {
    case table(QualifiedName, alias: TableAlias?)
    case derived(Query, alias: TableAlias?)
    /// A function in FROM.
    case function(FunctionCall, alias: TableAlias?, at: SourcePosition)
    /// `first`, joined with each in turn, from left to right.
    case joined(TableExpression, [JoinClause])
}

package struct TableAlias: Hashable, Sendable {
    package var name: Identifier
    /// `t (c1, c2)`; may be shorter than the table's columns; empty without.
    package var columns: [Identifier]
    /// Of a function: `f() AS t (c1 type, c2 type)`, one for each name; empty without.
    package var types: [TypeName]

    package init(_ name: Identifier, columns: [Identifier] = [], types: [TypeName] = []) {
        self.name = name
        self.columns = columns
        self.types = types
    }
}

/// `[kind] JOIN table [condition]`: the right side of a join.
package struct JoinClause: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case inner = "INNER", left = "LEFT", right = "RIGHT", full = "FULL"
        /// Without a condition.
        case cross = "CROSS"
    }
    package enum Condition: Hashable, Sendable {
        case none
        case on(Expression)
        case using([Identifier])
        case natural
    }
    package var kind: Kind
    package var table: TableExpression
    package var condition: Condition
    /// Of the first keyword of the join.
    package var position: SourcePosition

    package init(
        _ kind: Kind, _ table: TableExpression, _ condition: Condition, at position: SourcePosition = .unknown
    ) {
        self.kind = kind
        self.table = table
        self.condition = condition
        self.position = position
    }
}
