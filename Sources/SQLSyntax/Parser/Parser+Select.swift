import SQLTypes

/// One SELECT block. Where subqueries nest, functions are cut small and results go through `inout`: a build without
/// optimisation keeps every temporary of a function on its stack for as long as the recursion below it lasts.
extension Parser {
    mutating func select() throws(SQLError) -> QueryBody {
        var select = Select([], at: position)
        try expect(.select)
        try selectHead(&select)
        try selectList(&select.items)
        try selectSource(&select)
        try selectGrouping(&select)
        return .select(select)
    }

    private mutating func selectSource(_ select: inout Select) throws(SQLError) {
        try selectInto(&select.into)
        if take(.from) { try fromList(&select.from) }
        if take(.where) { try condition(&select.filter) }
        if at(.connect) || at(.start) { throw unsupported("CONNECT BY") }
    }

    private mutating func selectGrouping(_ select: inout Select) throws(SQLError) {
        if take(.group, .by) { select.groupBy = try groupBy() }
        if take(.having) { try condition(&select.having) }
        if take(.qualify) { try condition(&select.qualify) }
    }

    private mutating func condition(_ place: inout Expression?) throws(SQLError) { place = try expression() }

    private mutating func selectHead(_ select: inout Select) throws(SQLError) {
        try quantifier(&select)
        if take(.top) {
            select.top = try count()
            try quantifier(&select)
        }
    }

    private mutating func quantifier(_ select: inout Select) throws(SQLError) {
        if take(.distinct) {
            if at(.on) { throw unsupported("DISTINCT ON") }
            select.isDistinct = true
        } else {
            _ = take(.all)
        }
    }

    /// A number, a parameter or an expression in parentheses.
    private mutating func count() throws(SQLError) -> Expression {
        if take(.leftParenthesis) {
            let count = try expression()
            try expect(.rightParenthesis)
            return count
        }
        guard at(.integerLiteral) || at(.parameter) else { throw syntaxError() }
        try operand()
        guard let count = operands.popLast() else { throw syntaxError() }
        return count.expression
    }

    private mutating func selectInto(_ place: inout Select.Into?) throws(SQLError) {
        if at(.into) { place = try selectInto() }
    }

    private mutating func selectInto() throws(SQLError) -> Select.Into {
        advance()
        _ = take(.local)
        let isTemporary = take(.temporary) || take(.temp)
        _ = take(.table)
        let name = try qualifiedName()
        return Select.Into(name, isTemporary: isTemporary || name.name.name.hasPrefix("#"))
    }

    // MARK: The list

    private mutating func selectList(_ items: inout [SelectItem]) throws(SQLError) {
        repeat {
            if try !starItem(&items) { try valueItem(&items) }
        } while take(.comma)
    }

    private mutating func valueItem(_ items: inout [SelectItem]) throws(SQLError) {
        let value = try expression()
        try finishItem(value, &items)
    }

    private mutating func finishItem(_ value: Expression, _ items: inout [SelectItem]) throws(SQLError) {
        items.append(.expression(value, alias: try alias()))
    }

    /// `*`, `t.*`, `s.t.*`.
    private mutating func starItem(_ items: inout [SelectItem]) throws(SQLError) -> Bool {
        let start = position
        if take(.star) {
            if at(.exclude) { throw unsupported("EXCLUDE") }
            items.append(.star(table: nil, at: start))
            return true
        }
        var distance = 0
        while token(distance).kind == .word || token(distance).kind == .quotedName, token(distance + 1).kind == .point {
            distance += 2
        }
        guard distance > 0, token(distance).kind == .star else { return false }
        var parts = [try identifier()]
        while take(.point), !at(.star) { parts.append(try anyIdentifier()) }
        advance()
        items.append(.star(table: try qualifiedName(parts), at: start))
        return true
    }

    /// `[AS] name`; without AS a name that cannot be taken for what comes next.
    private mutating func alias() throws(SQLError) -> Identifier? {
        if take(.as) { return try anyIdentifier() }
        return atBareAlias ? try identifier() : nil
    }

    var atBareAlias: Bool {
        if at(.quotedName) { return true }
        guard at(.word), !current.isReserved else { return false }
        switch current.keyword {
        case .qualify, .set, .over, .within, .fetch, .escape, .values: return false
        default: return true
        }
    }

    // MARK: GROUP BY

    private mutating func groupBy() throws(SQLError) -> [GroupingElement] {
        if at(.all) { throw unsupported("GROUP BY ALL") }
        return try groupingElements()
    }

    private mutating func groupingElements() throws(SQLError) -> [GroupingElement] {
        var elements: [GroupingElement] = []
        repeat {
            elements.append(try groupingElement())
        } while take(.comma)
        return elements
    }

    private mutating func groupingElement() throws(SQLError) -> GroupingElement {
        if at(.rollup), token(1).kind == .leftParenthesis {
            advance()
            return .rollup(try nestedElements())
        }
        if at(.cube), token(1).kind == .leftParenthesis {
            advance()
            return .cube(try nestedElements())
        }
        if at(.grouping, .sets) {
            advance(2)
            return .sets(try nestedElements())
        }
        if at(.leftParenthesis), token(1).kind == .rightParenthesis {
            advance(2)
            return .set([])
        }
        let value = try expression()
        if case .row(let items) = value.kind { return .set(items) }
        return .expression(value)
    }

    private mutating func nestedElements() throws(SQLError) -> [GroupingElement] {
        try enter(Self.queryNestingCost)
        defer { leave(Self.queryNestingCost) }
        try expect(.leftParenthesis)
        let elements = try groupingElements()
        try expect(.rightParenthesis)
        return elements
    }

    // MARK: Windows

    /// OVER and its parentheses.
    mutating func windowClause() throws(SQLError) -> WindowClause {
        let start = position
        try expect(.over)
        try expect(.leftParenthesis)
        var window = WindowClause(at: start)
        try windowKeys(&window)
        if at(.rows) || at(.range) { try windowFrame(&window) }
        if at(.groups) { throw unsupported("GROUPS frame") }
        try expect(.rightParenthesis)
        return window
    }

    private mutating func windowKeys(_ window: inout WindowClause) throws(SQLError) {
        if take(.partition) {
            try expect(.by)
            window.partitionBy = try expressionList()
        }
        if at(.order) { window.orderBy = try orderBy() }
    }

    private mutating func windowFrame(_ window: inout WindowClause) throws(SQLError) {
        window.frame = try frameClause()
    }

    private mutating func frameClause() throws(SQLError) -> FrameClause {
        let start = position
        let unit: FrameClause.Unit = at(.rows) ? .rows : .range
        advance()
        if take(.between) {
            let first = try frameBound()
            try expect(.and)
            return FrameClause(unit, start: first, end: try frameBound(), at: start)
        }
        let first = try frameBound()
        let end: FrameClause.Bound = first == .unboundedFollowing ? .unboundedFollowing : .currentRow
        return FrameClause(unit, start: first, end: end, at: start)
    }

    private mutating func frameBound() throws(SQLError) -> FrameClause.Bound {
        if take(.current, .row) { return .currentRow }
        if take(.unbounded, .preceding) { return .unboundedPreceding }
        if take(.unbounded, .following) { return .unboundedFollowing }
        let distance = try count()
        if take(.preceding) { return .preceding(distance) }
        try expect(.following)
        return .following(distance)
    }
}
