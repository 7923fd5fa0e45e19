extension Printer {
    mutating func query(_ query: Query) {
        if let with = query.with {
            self.with(with)
            write(" ")
        }
        body(query.body)
        if !query.orderBy.isEmpty {
            write(" ")
            orderBy(query.orderBy)
        }
        if let limit = query.limit {
            write(" LIMIT ")
            expression(limit)
        }
        if let offset = query.offset {
            write(" OFFSET ")
            expression(offset)
        }
    }

    mutating func with(_ with: WithClause) {
        write(with.isRecursive ? "WITH RECURSIVE " : "WITH ")
        list(with.tables) { printer, table in
            printer.identifier(table.name)
            printer.optionalNames(table.columns)
            printer.write(" AS ")
            printer.group { $0.query(table.query) }
        }
    }

    private mutating func body(_ body: QueryBody) {
        switch body {
        case .select(let select): self.select(select)
        case .nested(let query): group { $0.query(query) }
        case .setOperation(let first, let terms):
            let isIntersection = terms.first?.kind == .intersect
            branch(first, ofIntersection: isIntersection)
            for term in terms {
                write(" \(term.kind.rawValue)\(term.isAll ? " ALL" : "") ")
                branch(term.body, ofIntersection: isIntersection)
            }
        }
    }

    /// INTERSECT needs no parentheses within UNION.
    private mutating func branch(_ body: QueryBody, ofIntersection isIntersection: Bool) {
        if case .setOperation(_, let terms) = body, isIntersection || terms.first?.kind != .intersect {
            group { $0.body(body) }
        } else {
            self.body(body)
        }
    }

    private mutating func select(_ select: Select) {
        write("SELECT ")
        if select.isDistinct { write("DISTINCT ") }
        if let top = select.top {
            write("TOP ")
            count(top)
            write(" ")
        }
        list(select.items) { $0.item($1) }
        if let into = select.into {
            write(into.isTemporary ? " INTO TEMP TABLE " : " INTO ")
            qualified(into.table)
        }
        if !select.from.isEmpty {
            write(" FROM ")
            list(select.from) { $0.table($1) }
        }
        clause("WHERE", select.filter)
        if !select.groupBy.isEmpty {
            write(" GROUP BY ")
            list(select.groupBy) { $0.grouping($1) }
        }
        clause("HAVING", select.having)
        clause("QUALIFY", select.qualify)
    }

    mutating func clause(_ keyword: String, _ condition: Expression?) {
        guard let condition else { return }
        write(" \(keyword) ")
        expression(condition)
    }

    private mutating func item(_ item: SelectItem) {
        switch item {
        case .expression(let value, let alias):
            expression(value)
            if let alias {
                write(" AS ")
                identifier(alias)
            }
        case .star(let table, _):
            if let table {
                qualified(table)
                write(".")
            }
            write("*")
        }
    }

    private mutating func grouping(_ element: GroupingElement) {
        switch element {
        case .expression(let value): expression(value)
        case .set(let items):
            if items.count == 1 { write("ROW") }
            group { $0.list(items) { $0.expression($1) } }
        case .rollup(let elements): nested("ROLLUP", elements)
        case .cube(let elements): nested("CUBE", elements)
        case .sets(let elements): nested("GROUPING SETS", elements)
        }
    }

    private mutating func nested(_ keyword: String, _ elements: [GroupingElement]) {
        write("\(keyword) ")
        group { $0.list(elements) { $0.grouping($1) } }
    }

    // MARK: FROM

    mutating func table(_ table: TableExpression) {
        switch table {
        case .table(let name, let alias):
            qualified(name)
            self.alias(alias)
        case .derived(let query, let alias):
            group { $0.query(query) }
            self.alias(alias)
        case .function(let call, let alias, _):
            functionName(call.name)
            group { $0.list(call.arguments) { $0.expression($1) } }
            functionAlias(alias)
        case .joined(let first, let joins):
            joinOperand(first)
            for join in joins { self.join(join) }
        }
    }

    private mutating func joinOperand(_ table: TableExpression) {
        if case .joined = table {
            group { $0.table(table) }
        } else {
            self.table(table)
        }
    }

    private mutating func join(_ join: JoinClause) {
        let natural = join.condition == .natural ? "NATURAL " : ""
        write(" \(natural)\(join.kind == .inner ? "" : join.kind.rawValue + " ")JOIN ")
        joinOperand(join.table)
        switch join.condition {
        case .none, .natural: break
        case .on(let condition): clause("ON", condition)
        case .using(let columns):
            write(" USING ")
            names(columns)
        }
    }

    private mutating func functionAlias(_ alias: TableAlias?) {
        guard let alias, !alias.types.isEmpty else { return self.alias(alias) }
        write(" AS ")
        identifier(alias.name)
        group {
            $0.list(Array(zip(alias.columns, alias.types))) {
                $0.identifier($1.0)
                $0.write(" ")
                $0.type($1.1)
            }
        }
    }

    private mutating func alias(_ alias: TableAlias?) {
        guard let alias else { return }
        write(" AS ")
        identifier(alias.name)
        optionalNames(alias.columns)
    }
}
