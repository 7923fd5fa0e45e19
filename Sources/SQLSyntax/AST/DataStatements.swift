package struct InsertStatement: Hashable, Sendable {
    package var table: QualifiedName
    /// Empty: all columns, in their order.
    package var columns: [Identifier]
    package var source: Source

    package indirect enum Source: Hashable, Sendable {
        case defaultValues
        case values([[Value]])
        case query(Query)
    }

    /// One place of a VALUES row, or the right side of UPDATE's SET.
    package enum Value: Hashable, Sendable {
        case expression(Expression)
        case `default`(at: SourcePosition)
    }

    package init(into table: QualifiedName, columns: [Identifier] = [], _ source: Source) {
        self.table = table
        self.columns = columns
        self.source = source
    }
}

package struct UpdateStatement: Hashable, Sendable {
    package var with: WithClause?
    package var table: QualifiedName
    package var alias: Identifier?
    package var assignments: [Assignment]
    package var from: [TableExpression]
    package var filter: Expression?

    package struct Assignment: Hashable, Sendable {
        package var column: Identifier
        package var value: InsertStatement.Value

        package init(_ column: Identifier, _ value: InsertStatement.Value) {
            self.column = column
            self.value = value
        }
    }

    package init(
        with: WithClause? = nil, _ table: QualifiedName, alias: Identifier? = nil, _ assignments: [Assignment],
        from: [TableExpression] = [], filter: Expression? = nil
    ) {
        self.with = with
        self.table = table
        self.alias = alias
        self.assignments = assignments
        self.from = from
        self.filter = filter
    }
}

package struct DeleteStatement: Hashable, Sendable {
    package var with: WithClause?
    package var table: QualifiedName
    package var alias: Identifier?
    package var using: [TableExpression]
    package var filter: Expression?

    package init(
        with: WithClause? = nil, from table: QualifiedName, alias: Identifier? = nil, using: [TableExpression] = [],
        filter: Expression? = nil
    ) {
        self.with = with
        self.table = table
        self.alias = alias
        self.using = using
        self.filter = filter
    }
}
