import SQLTypes

/// Queries: WITH, set operations, ORDER BY, LIMIT. Queries nest by recursion, at `queryNestingCost` levels each.
extension Parser {
    mutating func query() throws(SQLError) -> Query {
        try enter(Self.queryNestingCost)
        var query = Query(.select(Select([])), at: position)
        try readQuery(&query)
        leave(Self.queryNestingCost)
        return query
    }

    private mutating func readQuery(_ query: inout Query) throws(SQLError) {
        if at(.with) { try withClause(&query.with) }
        try setOperations(&query.body)
        if query.with == nil, !atQueryTail, Self.unwrap(&query) { return }
        if atQueryTail || at(.for) || at(.fetch) {
            try queryTail(&query)
        }
    }

    private mutating func withClause(_ place: inout WithClause?) throws(SQLError) { place = try withClause() }

    /// A query that is nothing but another one in parentheses is that one.
    private static func unwrap(_ query: inout Query) -> Bool {
        guard case .nested(let inner) = query.body else { return false }
        query = inner
        return true
    }

    private var atQueryTail: Bool { at(.order) || at(.limit) || at(.offset) }

    private mutating func queryTail(_ query: inout Query) throws(SQLError) {
        if at(.order) { query.orderBy = try orderBy() }
        var sawLimit = false
        while at(.limit) && !sawLimit || at(.offset) && query.offset == nil {
            if take(.offset) {
                query.offset = try expression()
                _ = take(.row) || take(.rows)
            } else {
                advance()
                sawLimit = true
                if !take(.all) { query.limit = try expression() }
            }
        }
        if at(.for) { throw unsupported("SELECT FOR UPDATE") }
        if at(.fetch) { throw unsupported("FETCH FIRST") }
    }

    mutating func withClause() throws(SQLError) -> WithClause {
        try expect(.with)
        let isRecursive = take(.recursive)
        var tables: [CommonTable] = []
        repeat {
            let name = try identifier()
            let columns = at(.leftParenthesis) ? try identifierList() : []
            try expect(.as)
            tables.append(CommonTable(name, columns: columns, try parenthesizedQuery().query))
        } while take(.comma)
        return WithClause(isRecursive: isRecursive, tables)
    }

    /// ORDER BY a, b DESC NULLS LAST.
    mutating func orderBy() throws(SQLError) -> [SortItem] {
        try expect(.order)
        try expect(.by)
        var items: [SortItem] = []
        repeat {
            var item = SortItem(try expression())
            if take(.desc) { item.isDescending = true } else { _ = take(.asc) }
            if take(.nulls) {
                guard at(.first) || at(.last) else { throw syntaxError() }
                item.nullsFirst = at(.first)
                advance()
            }
            items.append(item)
        } while take(.comma)
        return items
    }

    // MARK: Parentheses

    /// Whether the parenthesis at a token holds a query, rather than an expression or a joined table.
    /// `((select 1) + 2)` and `((select 1) union (select 2))` differ in what follows the inner parenthesis.
    mutating func parenthesisHoldsQuery(_ place: Int) -> Bool {
        guard tokens[place].kind == .leftParenthesis else { return false }
        if !parenthesisRun.contains(place) {
            var end = place + 1
            while tokens[end].kind == .leftParenthesis { end += 1 }
            parenthesisRun = place..<end
        }
        let inner = tokens[parenthesisRun.upperBound].keyword
        guard inner == .select || inner == .with else { return false }
        var outer = place
        while tokens[outer + 1].kind == .leftParenthesis {
            let partner = Int(tokens[outer + 1].partner)
            guard partner >= 0, partner + 1 < tokens.count else { return true }
            switch tokens[partner + 1].keyword {
            case .union, .intersect, .except, .minus, .order, .limit, .offset: return true
            default: break
            }
            guard tokens[partner + 1].kind == .rightParenthesis else { return false }
            outer += 1
        }
        return true
    }

    /// The height is that of the tallest expression in it.
    mutating func parenthesizedQuery() throws(SQLError) -> (query: Query, height: Int) {
        let outer = tallest
        tallest = 0
        try expect(.leftParenthesis)
        let query = try query()
        try expect(.rightParenthesis)
        let height = tallest + Self.queryNestingCost
        tallest = max(outer, height)
        return (query, height)
    }

    // MARK: Set operations

    private mutating func setOperations(_ body: inout QueryBody) throws(SQLError) {
        try intersections(&body)
        if at(.union) || at(.except) || at(.minus) { try unionTerms(&body) }
    }

    private mutating func unionTerms(_ body: inout QueryBody) throws(SQLError) {
        var terms: [SetOperationTerm] = []
        while at(.union) || at(.except) || at(.minus) {
            var term = SetOperationTerm(at(.union) ? .union : .except, body, at: position)
            advance()
            term.isAll = try setQuantifier()
            try intersections(&term.body)
            terms.append(term)
        }
        body = .setOperation(body, terms)
    }

    private mutating func intersections(_ body: inout QueryBody) throws(SQLError) {
        try queryPrimary(&body)
        if at(.intersect) { try intersectionTerms(&body) }
    }

    private mutating func intersectionTerms(_ body: inout QueryBody) throws(SQLError) {
        var terms: [SetOperationTerm] = []
        while at(.intersect) {
            var term = SetOperationTerm(.intersect, body, at: position)
            advance()
            term.isAll = try setQuantifier()
            try queryPrimary(&term.body)
            terms.append(term)
        }
        body = .setOperation(body, terms)
    }

    private mutating func setQuantifier() throws(SQLError) -> Bool {
        if take(.all) { return true }
        _ = take(.distinct)
        return false
    }

    private mutating func queryPrimary(_ body: inout QueryBody) throws(SQLError) {
        if at(.leftParenthesis) {
            try nestedQuery(&body)
        } else {
            if at(.values) { throw unsupported("VALUES as a query") }
            body = try select()
        }
    }

    private mutating func nestedQuery(_ body: inout QueryBody) throws(SQLError) {
        advance()
        let inner = try query()
        try expect(.rightParenthesis)
        let isPlain = inner.with == nil && inner.orderBy.isEmpty && inner.limit == nil && inner.offset == nil
        body = isPlain ? inner.body : .nested(inner)
    }
}
