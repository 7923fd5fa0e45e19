import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// INSERT: the source's columns in the table's order and types, defaults where none are given. NOT NULL is checked by
/// the insert step.
struct InsertPlanner {
    private let context: PlanningContext
    let planner: QueryPlanner
    private var binder: Binder { planner.binder }

    init(_ context: PlanningContext) {
        self.context = context
        planner = QueryPlanner(context)
    }

    func plan(_ insert: InsertStatement) throws(SQLError) -> PlannedStatement {
        let table = try binder.resolveTable(insert.table)
        let targets = try Self.targets(insert.columns, of: table)
        try checkCount(insert, targets.count)
        let plan: QueryPlan
        switch insert.source {
        case .query(let query): plan = try insertQuery(query, table, targets, insert.columns)
        case .values(let rows): plan = try insertValues(rows, table, targets)
        case .defaultValues: plan = try insertValues([[]], table, [])
        }
        return .insert(plan, table.id)
    }

    /// Without a list fewer values than columns fill the first ones; a list must be filled.
    private func checkCount(_ insert: InsertStatement, _ count: Int) throws(SQLError) {
        guard !insert.columns.isEmpty, case .values(let rows) = insert.source else { return }
        for row in rows where row.count < count { throw Self.tooFewExpressions(insert.columns[row.count]) }
    }

    private static func tooFewExpressions(_ first: Identifier) -> SQLError {
        SQLError(
            .syntaxError, "INSERT has more target columns than expressions", position: first.position.character)
    }

    /// Positions of the columns that the statement names; all without a list.
    static func targets(_ names: [Identifier], of table: TableDefinition) throws(SQLError) -> [Int] {
        if names.isEmpty { return Array(table.columns.indices) }
        var result: [Int] = []
        for name in names {
            guard let position = table.column(named: name.name) else {
                throw SQLError(
                    .undefinedColumn, "column \"\(name.name)\" of relation \"\(table.name.name)\" does not exist",
                    position: name.position.character)
            }
            if result.contains(position) {
                throw SQLError(
                    .duplicateColumn, "column \"\(name.name)\" specified more than once",
                    position: name.position.character)
            }
            result.append(position)
        }
        return result
    }

    private func insertQuery(
        _ query: Query, _ table: TableDefinition, _ targets: [Int], _ names: [Identifier]
    ) throws(SQLError) -> QueryPlan {
        binder.keepsUntypedLiterals = true
        var bound = try binder.bind(query)
        guard bound.output.count <= targets.count else {
            throw SQLError(
                .syntaxError, "INSERT has more expressions than target columns", position: query.position.character)
        }
        if bound.output.count < names.count { throw Self.tooFewExpressions(names[bound.output.count]) }
        var computed: [ComputedColumn] = []
        var columns: [Int] = []
        var identities: [IdentityFill.Column] = []
        for (position, definition) in table.columns.enumerated() {
            if let index = targets.firstIndex(of: position), index < bound.output.count {
                if definition.identity?.isByDefault == false {
                    throw Self.identityGiven(definition.name, names.isEmpty ? query.position : names[index].position)
                }
                var source = binder.registry.expression(bound.output[index].column)
                // Only a literal has no type yet.
                if source.type == .unknown { source = binder.registry.expanded(source) }
                let cast = try assigned(source, to: definition, at: query.position)
                columns.append(binder.column(for: cast, named: definition.name, in: &computed))
            } else {
                let column = computedColumn(try defaultValue(definition), definition.name, &computed)
                columns.append(column)
                if let fill = definition.fill(column, onlyNulls: false) { identities.append(fill) }
            }
        }
        if !computed.isEmpty { bound.root = .project(computed, bound.root) }
        return try planner.plan(bound, into: table, columns: columns, identities: identities)
    }

    /// - Source: Redshift's message.
    private static func identityGiven(_ name: String, _ position: SourcePosition?) -> SQLError {
        SQLError(
            .featureNotSupported, "cannot set an identity column to a value", detail: "Column \"\(name)\".",
            hint: "Leave the column out, or write DEFAULT.", position: position?.character)
    }

    private func insertValues(
        _ rows: [[InsertStatement.Value]], _ table: TableDefinition, _ targets: [Int]
    ) throws(SQLError) -> QueryPlan {
        var defaults: [BoundExpression] = []
        for definition in table.columns { defaults.append(try defaultValue(definition)) }
        // Subqueries of the first row's values.
        var subqueries: [ScalarSubquery] = []
        var literal: [[BoundExpression]] = []
        literal.reserveCapacity(rows.count)
        for row in rows {
            guard row.count <= targets.count else {
                throw SQLError(
                    .syntaxError, "INSERT has more expressions than target columns",
                    position: Self.position(row[targets.count])?.character)
            }
            if row.count != rows[0].count {
                throw SQLError(
                    .syntaxError, "VALUES lists must all be the same length",
                    position: row.first.flatMap(Self.position)?.character)
            }
            var values = defaults
            for (index, value) in row.enumerated() {
                guard case .expression(let expression) = value else { continue }
                let definition = table.columns[targets[index]]
                if definition.identity?.isByDefault == false {
                    throw Self.identityGiven(definition.name, expression.position)
                }
                let scope = ExpressionScope(Scope(), clause: "VALUES")
                let bound = try binder.bind(expression, in: scope)
                if !scope.subqueries.isEmpty, rows.count > 1 {
                    throw SQLError.unsupported(
                        "a subquery in VALUES of several rows", at: expression.position.character)
                }
                subqueries += scope.subqueries
                if definition.identity != nil, case .literal(.null, _) = bound {
                    throw SQLError.nullInserted(definition, into: table, at: expression.position)
                }
                values[targets[index]] = try assigned(bound, to: definition, at: expression.position)
            }
            literal.append(values)
        }
        let columns = table.columns.map { binder.registry.add(name: $0.name, type: $0.type, origin: .constant) }
        let bound = BoundQuery(
            root: constants(literal, columns, reading: subqueries),
            output: zip(table.columns, columns).map { ($0.name, $1) })
        // In a column that some rows leave to the sequence, what others give stays.
        let identities = table.columns.enumerated().compactMap { position, column -> IdentityFill.Column? in
            let isGenerated = literal.contains { row in
                if case .literal(.null, _) = row[position] { true } else { false }
            }
            return isGenerated ? column.fill(columns[position], onlyNulls: true) : nil
        }
        return try planner.plan(bound, into: table, columns: columns, identities: identities)
    }

    /// - Parameter subqueries: what values of the only row are computed from.
    private func constants(
        _ rows: [[BoundExpression]], _ columns: [Int], reading subqueries: [ScalarSubquery]
    ) -> LogicalNode {
        guard !subqueries.isEmpty, let row = rows.first else { return .constants(rows: rows, columns: columns) }
        let computed = zip(columns, row).map { column, value in
            binder.registry.setOrigin(of: column, .expression(value))
            return ComputedColumn(column: column, expression: value)
        }
        return .project(computed, binder.applied(subqueries, to: .constants(rows: [[]], columns: [])))
    }

    private static func position(_ value: InsertStatement.Value) -> SourcePosition? {
        switch value {
        case .expression(let expression): expression.position
        case .default(let position): position
        }
    }

    /// A value as a column of the table holds it.
    func assigned(
        _ expression: BoundExpression, to column: Catalog.ColumnDefinition, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        guard SQLType.canCast(from: expression.type, to: column.type, context: .assignment) else {
            throw SQLError(
                .datatypeMismatch,
                "column \"\(column.name)\" is of type \(column.type.baseName) but expression is of type \(expression.type.baseName)",
                hint: "You will need to rewrite or cast the expression.", position: position.character)
        }
        if case .literal = expression {
            return try binder.coercion.cast(expression, to: column.type, .assignment, at: position)
        }
        if expression.type == column.type { return expression }
        // A CAST would cut a string that is too long; the insert step refuses it.
        if column.type.isString, expression.type.isString { return expression }
        return .cast(expression, to: column.type, isTry: false)
    }

    func defaultValue(_ column: Catalog.ColumnDefinition) throws(SQLError) -> BoundExpression {
        guard let text = column.defaultText else { return .literal(.null, column.type) }
        let expression = try DefaultText.parse(text)
        let bound = try binder.bind(expression, in: ExpressionScope(Scope(), clause: "DEFAULT"))
        return try assigned(bound, to: column, at: .unknown)
    }

    func computedColumn(
        _ expression: BoundExpression, _ name: String, _ computed: inout [ComputedColumn]
    ) -> Int {
        let number = binder.registry.add(name: name, type: expression.type, origin: .expression(expression))
        computed.append(ComputedColumn(column: number, expression: expression))
        return number
    }
}

extension Catalog.ColumnDefinition {
    /// nil: the column has no sequence.
    /// - Parameter column: its number in the plan.
    fileprivate func fill(_ column: Int, onlyNulls: Bool) -> IdentityFill.Column? {
        identity.map {
            IdentityFill.Column(column: column, type: type, seed: $0.seed, step: $0.step, onlyNulls: onlyNulls)
        }
    }
}

extension SQLError {
    /// - Source: Redshift's message.
    static func nullInserted(
        _ column: Catalog.ColumnDefinition, into table: TableDefinition, at position: SourcePosition
    ) -> SQLError {
        SQLError(
            .notNullViolation, "Cannot insert a NULL value into column \(column.name)", detail: "Table: \(table.name).",
            position: position.character)
    }
}
