import QueryPlan
import SQLSyntax
import SQLTypes

extension Query {
    /// The first part and the recursive part of a WITH query, if it has the form of a recursive one: the last term of a
    /// chain that is added with UNION ALL may name it.
    var recursiveParts: (seed: QueryBody, step: SetOperationTerm)? {
        guard with == nil, case .setOperation(let first, let terms) = body, let step = terms.last, step.kind == .union,
            step.isAll
        else { return nil }
        return (terms.count == 1 ? first : .setOperation(first, Array(terms.dropLast())), step)
    }
}

/// WITH RECURSIVE. The recursive part is bound with the query's name meaning the rows of the round before; the whole is a
/// shared query, of which the number is in `ColumnRegistry.recursions`.
/// - Source: Redshift developer guide, "WITH clause", "Recursive common table expressions".
extension Binder {
    func recursiveQuery(
        _ entry: VisibleCommonTable, _ seed: QueryBody, _ step: SetOperationTerm
    ) throws(SQLError) -> BoundQuery {
        let query = entry.table.query
        let keepsUntyped = keepsUntypedLiterals
        defer { keepsUntypedLiterals = keepsUntyped }
        let first = try bindOperand(seed, query.position)
        // The first part decides on the types; a string may grow from round to round.
        let types = first.output.map { item -> SQLType in
            switch registry.type(item.column) {
            case .char, .varchar, .unknown: .varchar(length: SQLType.maximumVarcharLength)
            case let type: type
            }
        }
        let work = addShared(names: first.output.map(\.name), types)
        var own = entry
        own.work = work
        commonTables.append(own)
        let uses = registry.sharedUses[work]
        let next: BoundQuery
        do throws(SQLError) {
            next = try bindOperand(step.body, step.position)
            commonTables.removeLast()
        } catch {
            commonTables.removeLast()
            throw error
        }
        switch registry.sharedUses[work] - uses {
        case 0: return shared(try ordered(try combined(first, step, next), by: query), entry)
        case 1: return try recursiveQuery(entry, first, step, next, types, work)
        default:
            throw SQLError(
                .invalidRecursion,
                "recursive reference to query \"\(entry.name)\" must not appear more than once",
                position: step.position.character)
        }
    }

    private func recursiveQuery(
        _ entry: VisibleCommonTable, _ first: BoundQuery, _ step: SetOperationTerm, _ next: BoundQuery,
        _ types: [SQLType], _ work: Int
    ) throws(SQLError) -> BoundQuery {
        let (name, query) = (entry.name, entry.table.query)
        guard !entry.table.columns.isEmpty else {
            throw SQLError(
                .syntaxError, "recursive common table expression \"\(name)\" must have a column list",
                position: entry.table.name.position.character)
        }
        if !query.orderBy.isEmpty || query.limit != nil || query.offset != nil {
            throw SQLError.unsupported("ORDER BY or LIMIT in a recursive query", at: query.position.character)
        }
        guard first.output.count == next.output.count else {
            throw SQLError(
                .syntaxError, "each UNION query must have the same number of columns",
                position: step.position.character)
        }
        let inputs = [
            try operand(first, as: types, at: step.position), try operand(next, as: types, at: step.position),
        ]
        guard inputs.allSatisfy({ $0.node.freeColumns(registry).isEmpty }) else {
            throw SQLError.unsupported("WITH RECURSIVE that reads an outer query", at: query.position.character)
        }
        let number = addShared(names: first.output.map(\.name), types)
        let output = registry.sharedQueries[number].output
        let columns = output.map(\.column)
        registry.sharedQueries[number].root = .union(inputs, columns: columns)
        registry.recursions[number] = work
        sharedTables[entry.number] = number
        return BoundQuery(
            root: .shared(SharedUse(number: number, sources: columns, columns: columns)), output: output)
    }

    /// A shared query with columns of its own, of which nothing is known yet.
    private func addShared(names: [String], _ types: [SQLType]) -> Int {
        let output = zip(names, types).map { name, type in
            (name: name, column: registry.add(name: name, type: type, origin: .constant))
        }
        registry.sharedQueries.append(
            BoundQuery(root: .constants(rows: [], columns: output.map(\.column)), output: output))
        registry.sharedUses.append(1)
        return registry.sharedQueries.count - 1
    }
}
