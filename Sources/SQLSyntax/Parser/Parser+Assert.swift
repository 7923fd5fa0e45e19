import SQLTypes

/// ASSERT, and statistics that are declared. Their words are no keywords: everywhere else they are names.
extension Parser {
    mutating func assertStatement() throws(SQLError) -> AssertStatement {
        advance()
        if takeWord("skew") {
            try expect(.of)
            let table = try qualifiedName()
            try expectWords("at", "most")
            return .skew(of: table, atMost: try figure())
        }
        if take(.no) {
            try expectWord("value")
            try expect(.of)
            let column = try columnOfTable()
            try expectWord("above")
            return .noValue(of: column, abovePercent: try percentage())
        }
        if take(.copy) {
            try expect(.of)
            let table = try qualifiedName()
            try expectWords("uses", "every", "slice")
            return .copyUsesEverySlice(of: table)
        }
        if takeWord("query") { return try queryAssertion() }
        let isEffective = takeWord("effective")
        try expect(.diststyle)
        try expect(.of)
        let table = try qualifiedName()
        try expect(.is)
        return .style(of: table, try assertedStyle(), isEffective: isEffective)
    }

    private mutating func assertedStyle() throws(SQLError) -> AssertStatement.Style {
        if take(.even) { return .even }
        if take(.all) { return .all }
        if take(.auto) { return .auto }
        try expect(.key)
        try expect(.leftParenthesis)
        let column = try identifier()
        try expect(.rightParenthesis)
        return .key(column)
    }

    private mutating func queryAssertion() throws(SQLError) -> AssertStatement {
        try expect(.leftParenthesis)
        let query = try query()
        try expect(.rightParenthesis)
        var claims = [try queryClaim()]
        while take(.and) { claims.append(try queryClaim()) }
        return .query(query, claims)
    }

    private mutating func queryClaim() throws(SQLError) -> AssertStatement.QueryClaim {
        if takeWord("joins") {
            try expect(.without)
            try expectWord("moving")
            return .joinsWithoutMoving
        }
        if takeWord("moves") {
            try expectWords("at", "most")
            return .moves(atMostBytes: try byteCount())
        }
        if takeWord("skips") {
            try expectWords("at", "least")
            let percent = try percentage()
            try expect(.of)
            try expectWord("blocks")
            return .skips(atLeastPercent: percent, of: take(.of) ? try qualifiedName() : nil)
        }
        if take(.without) {
            if takeWord("nested") {
                try expectWord("loop")
                return .withoutNestedLoop
            }
            try expectWord("broadcast")
            return .withoutBroadcast(of: take(.of) ? try qualifiedName() : nil)
        }
        try expectWord("same")
        try expect(.on)
        try expectWord("shapes")
        try expect(.leftParenthesis)
        var shapes = [try shape()]
        while take(.comma) { shapes.append(try shape()) }
        try expect(.rightParenthesis)
        return .same(on: shapes)
    }

    /// `2x4` is two tokens: a number, and a word.
    private mutating func shape() throws(SQLError) -> AssertStatement.Shape {
        let start = position
        let nodes = try integer()
        guard let word = currentWord, word.first == "x", let slices = Int64(word.dropFirst()) else {
            throw syntaxError()
        }
        advance()
        return AssertStatement.Shape(nodes: nodes, slicesPerNode: slices, at: start)
    }

    private mutating func columnOfTable() throws(SQLError) -> ColumnReference {
        var parts = [try identifier()]
        while take(.point) { parts.append(try anyIdentifier()) }
        let column = parts.removeLast()
        guard !parts.isEmpty else { throw syntaxError() }
        return ColumnReference(table: try qualifiedName(parts), column)
    }

    // MARK: Statistics

    /// At `DECLARE STATISTICS FOR`, `PIN STATISTICS FOR` or `RESET STATISTICS FOR`; a cursor and a setting may be called
    /// `statistics`, too.
    var atStatisticsFor: Bool {
        token(1).kind == .word && TokenText.name(token(1), bytes) == "statistics" && token(2).keyword == .for
    }

    mutating func statisticsStatement() throws(SQLError) -> StatisticsStatement {
        let (isDeclaration, isReset) = (at(.declare), at(.reset))
        advance(3)
        let table = try qualifiedName()
        guard isDeclaration else { return StatisticsStatement(table, isReset ? .reset : .pin) }
        try expect(.leftParenthesis)
        var rows: Decimal?
        var columns: [StatisticsStatement.Column] = []
        repeat {
            if at(.rows), isNumber(token(1)) {
                guard rows == nil else { throw syntaxError() }
                advance()
                rows = try figure()
            } else {
                columns.append(try columnStatistics())
            }
        } while take(.comma)
        try expect(.rightParenthesis)
        return StatisticsStatement(table, .declare(rows: rows, columns))
    }

    private mutating func columnStatistics() throws(SQLError) -> StatisticsStatement.Column {
        var column = StatisticsStatement.Column(try identifier())
        while !at(.comma), !at(.rightParenthesis) {
            if column.distinct == nil, take(.distinct) {
                column.distinct = try figure()
            } else if column.nullPercent == nil, take(.nulls) {
                column.nullPercent = try percentage()
            } else if column.width == nil, takeWord("width") {
                column.width = try figure()
            } else if column.bounds == nil, take(.from) {
                let minimum = try expression()
                try expect(.to)
                column.bounds = StatisticsStatement.Bounds(minimum, try expression())
            } else {
                throw syntaxError()
            }
        }
        return column
    }

    // MARK: Figures

    private func isNumber(_ token: Token) -> Bool { token.kind == .integerLiteral || token.kind == .decimalLiteral }

    /// `1.2`, `40 MILLION`.
    private mutating func figure() throws(SQLError) -> Decimal {
        let number = try number()
        switch currentWord {
        case "thousand": return try scaled(number, by: 1_000)
        case "million": return try scaled(number, by: 1_000_000)
        case "billion": return try scaled(number, by: 1_000_000_000)
        case "trillion": return try scaled(number, by: 1_000_000_000_000)
        default: return number
        }
    }

    /// `5 PERCENT`, `5 %`.
    private mutating func percentage() throws(SQLError) -> Decimal {
        let number = try number()
        guard take(.percent) || take(.percentSign) else { throw syntaxError() }
        return number
    }

    /// `10 MB`; units are decimal, as storage is sold.
    private mutating func byteCount() throws(SQLError) -> Decimal {
        let number = try number()
        switch currentWord {
        case "bytes", "byte", "b": return try scaled(number, by: 1)
        case "kb": return try scaled(number, by: 1_000)
        case "mb": return try scaled(number, by: 1_000_000)
        case "gb": return try scaled(number, by: 1_000_000_000)
        case "tb": return try scaled(number, by: 1_000_000_000_000)
        default: throw syntaxError()
        }
    }

    private mutating func number() throws(SQLError) -> Decimal {
        guard isNumber(current) else { throw syntaxError() }
        let literal = try TokenText.number(current, bytes)
        advance()
        switch literal {
        case .integer(let value): return Decimal(unscaled: Int128(value), scale: 0)
        case .decimal(let value): return value
        default: throw syntaxError()
        }
    }

    /// Takes the word of the unit.
    private mutating func scaled(_ number: Decimal, by factor: Int128) throws(SQLError) -> Decimal {
        let (product, isTooLarge) = number.unscaled.multipliedReportingOverflow(by: factor)
        guard !isTooLarge else {
            throw SQLError(.numericValueOutOfRange, "the number is out of range", position: position.character)
        }
        advance()
        return Decimal(unscaled: product, scale: number.scale)
    }

    private mutating func expectWords(_ words: String...) throws(SQLError) {
        for word in words { try expectWord(word) }
    }
}
