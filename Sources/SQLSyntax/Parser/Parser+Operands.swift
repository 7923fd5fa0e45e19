import SQLTypes

/// Where an expression expects an operand: literals, names, and everything that opens a bracket.
extension Parser {
    /// Opens frames until an operand is on top of the stack.
    mutating func operand() throws(SQLError) {
        // What may recurse comes first, past the big frame of the rest.
        while true {
            if at(.leftParenthesis) {
                if try parenthesisOperand() { return }
            } else if at(.exists), token(1).kind == .leftParenthesis, parenthesisHoldsQuery(index + 1) {
                return try existsOperand()
            } else if try operandOrFrame() {
                return
            }
        }
    }

    private mutating func existsOperand() throws(SQLError) {
        let start = position
        advance()
        let (query, height) = try parenthesizedQuery()
        try push(Expression(.exists(query), at: start), height: height + 1)
    }

    /// False when a prefix operator or bracket was opened, and its operand must follow.
    private mutating func operandOrFrame() throws(SQLError) -> Bool {
        let token = current
        switch token.kind {
        case .word: return try wordOperand(token)
        case .quotedName: return try nameOperand()
        case .integerLiteral, .decimalLiteral, .doubleLiteral: return try numberOperand(token)
        case .string, .dollarString: return try stringOperand(token)
        case .parameter: return try parameterOperand(token)
        case .minusSign: return try prefix(.minus, .sign, token)
        case .plus: return try prefix(.plus, .sign, token)
        case .tilde: return try prefix(.bitNot, .otherPrefix, token)
        case .atSign: return try prefix(.absolute, .otherPrefix, token)
        case .squareRoot: return try prefix(.squareRoot, .otherPrefix, token)
        case .cubeRoot: return try prefix(.cubeRoot, .otherPrefix, token)
        default: throw syntaxError()
        }
    }

    private mutating func numberOperand(_ token: Token) throws(SQLError) -> Bool {
        let literal = try TokenText.number(token, bytes)
        advance()
        try push(Expression(.literal(literal), at: token.source), height: 0)
        return true
    }

    private mutating func stringOperand(_ token: Token) throws(SQLError) -> Bool {
        try push(Expression(.literal(.string(try stringBytes())), at: token.source), height: 0)
        return true
    }

    private mutating func prefix(
        _ symbol: Expression.UnaryOperator, _ precedence: Precedence, _ token: Token
    ) throws(SQLError) -> Bool {
        advance()
        try openLevel(.unary(symbol), precedence, at: token.source)
        return false
    }

    private mutating func parameterOperand(_ token: Token) throws(SQLError) -> Bool {
        guard let number = Int(text(of: token).dropFirst()), number > 0, number <= Int(UInt16.max) else {
            throw SQLError(
                .undefinedParameter, "there is no parameter \(text(of: token))", position: Int(token.position))
        }
        advance()
        parameterCount = max(parameterCount, number)
        try push(Expression(.parameter(number), at: token.source), height: 0)
        return true
    }

    private mutating func parenthesisOperand() throws(SQLError) -> Bool {
        if parenthesisHoldsQuery(index) {
            try subqueryOperand()
            return true
        }
        let start = position
        advance()
        try openLevel(.parenthesis, .bracket, at: start)
        return false
    }

    private mutating func subqueryOperand() throws(SQLError) {
        let start = position
        let (query, height) = try parenthesizedQuery()
        try push(Expression(.subquery(query), at: start), height: height + 1)
    }

    // MARK: Words

    private mutating func wordOperand(_ token: Token) throws(SQLError) -> Bool {
        switch token.keyword {
        case .notAKeyword: return try nameOperand()
        case .null: return try constant(.null, token)
        case .true: return try constant(.boolean(true), token)
        case .false: return try constant(.boolean(false), token)
        case .not:
            advance()
            try openLevel(.not, .not, at: token.source)
            return false
        case .case:
            advance()
            let hasOperand = !take(.when)
            try openLevel(
                .conditional(hasOperand ? .operand : .when, hasOperand: hasOperand), .bracket, at: token.source)
            return false
        case .interval: return try intervalOperand(token)
        case .currentDate, .currentTime, .currentTimestamp, .localtime, .localtimestamp, .currentUser, .currentUserId,
            .sessionUser, .user, .sysdate:
            return try bareCall(token)
        case .array: return try arrayOperand(token)
        default:
            if self.token(1).kind == .leftParenthesis, let opened = try specialCall(token) { return opened }
            if let isOperand = try typedLiteral(token) { return isOperand }
            return try nameOperand()
        }
    }

    /// `ARRAY[…]` or `ARRAY(SELECT …)`.
    private mutating func arrayOperand(_ token: Token) throws(SQLError) -> Bool {
        if self.token(1).kind == .leftParenthesis, parenthesisHoldsQuery(index + 1) {
            advance()
            let (query, height) = try parenthesizedQuery()
            try push(Expression(.arrayQuery(query), at: token.source), height: height + 1)
            return true
        }
        guard self.token(1).kind == .leftBracket else { throw unsupported("type super") }
        advance(2)
        if take(.rightBracket) {
            try push(Expression(.array([]), at: token.source), height: 0)
            return true
        }
        try openLevel(.array, .bracket, at: token.source)
        return false
    }

    private mutating func constant(_ literal: Expression.Literal, _ token: Token) throws(SQLError) -> Bool {
        advance()
        try push(Expression(.literal(literal), at: token.source), height: 0)
        return true
    }

    private mutating func bareCall(_ token: Token) throws(SQLError) -> Bool {
        let name = token.keyword.rawValue
        advance()
        try push(Expression(.call(FunctionCall(name, at: token.source)), at: token.source), height: 0)
        return true
    }

    /// `DATE '…'` and its like; nil when this is something else.
    private mutating func typedLiteral(_ token: Token) throws(SQLError) -> Bool? {
        switch token.keyword {
        case .date, .datetime, .time, .timetz, .timestamp, .timestamptz: break
        default: return nil
        }
        let next = self.token(1)
        guard next.kind == .string || next.kind == .dollarString || next.keyword == .with || next.keyword == .without
        else { return nil }
        let start = index
        let type = try typeName()
        guard at(.string) || at(.dollarString) else {
            index = start
            return nil
        }
        try push(Expression(.typedLiteral(type, text: try stringBytes()), at: token.source), height: 0)
        return true
    }

    private mutating func intervalOperand(_ token: Token) throws(SQLError) -> Bool {
        advance()
        let text = try stringBytes()
        var literal = try intervalQualifier()
        literal.text = text
        try push(Expression(.interval(literal), at: token.source), height: 0)
        return true
    }

    // MARK: Names and calls

    private mutating func nameOperand() throws(SQLError) -> Bool {
        let first = current
        if first.keyword == .approximate, token(1).kind == .word, token(2).kind == .leftParenthesis {
            return try openApproximateCall()
        }
        var parts = [try leadingName()]
        while at(.point) {
            advance()
            if at(.star) { throw syntaxError() }
            parts.append(try anyIdentifier())
        }
        if at(.leftParenthesis), token(1).kind == .plus, token(2).kind == .rightParenthesis {
            return try outerJoinColumn(parts, first)
        }
        if at(.leftParenthesis) { return try openCall(try qualifiedName(parts), isApproximate: false) }
        try push(Expression(.column(try columnReference(parts)), at: first.source), height: 0)
        return true
    }

    private mutating func openApproximateCall() throws(SQLError) -> Bool {
        advance()
        let name = try identifier()
        return try openCall(QualifiedName(name), isApproximate: true)
    }

    private mutating func outerJoinColumn(_ parts: [Identifier], _ first: Token) throws(SQLError) -> Bool {
        let column = try columnReference(parts)
        advance(3)
        try push(Expression(.outerJoinColumn(column), at: first.source), height: 0)
        return true
    }

    /// LEFT, RIGHT, ISNULL and UNNEST are functions too, and OID is a column of the system catalogs.
    private mutating func leadingName() throws(SQLError) -> Identifier {
        switch current.keyword {
        case .left, .right, .isnull, .unnest:
            guard token(1).kind == .leftParenthesis else { throw syntaxError() }
            return try anyIdentifier()
        case .oid: return try anyIdentifier()
        default: return try identifier()
        }
    }

    private func columnReference(_ parts: [Identifier]) throws(SQLError) -> ColumnReference {
        guard parts.count > 1 else { return ColumnReference(parts[0]) }
        return ColumnReference(table: try qualifiedName(Array(parts.dropLast())), parts[parts.count - 1])
    }

    /// From the parenthesis on. False when arguments follow.
    mutating func openCall(_ name: QualifiedName, isApproximate: Bool) throws(SQLError) -> Bool {
        advance()
        var call = FunctionCall(name)
        call.isApproximate = isApproximate
        if at(.star), token(1).kind == .rightParenthesis {
            advance(2)
            call.isStar = true
            try finishCall(call, height: 0)
            return true
        }
        if take(.rightParenthesis) {
            try finishCall(call, height: 0)
            return true
        }
        call.isDistinct = take(.distinct)
        if !call.isDistinct { _ = take(.all) }
        calls.append(call)
        try openLevel(.call, .bracket, at: name.position)
        return false
    }

    /// After the closing parenthesis: what only aggregates and window functions have.
    mutating func finishCall(_ head: FunctionCall, height: Int) throws(SQLError) {
        var call = head
        var height = height
        Self.quoteDatePart(&call)
        if at(.within) || at(.filter) || at(.ignore) || at(.respect) || at(.over) {
            let outer = tallest
            tallest = 0
            try enter(Self.windowNestingCost)
            try finishAggregate(&call)
            leave(Self.windowNestingCost)
            height = max(height, tallest)
            tallest = outer
        }
        try push(Expression(.call(call), at: call.name.position), height: height + 1)
    }

    private mutating func finishAggregate(_ call: inout FunctionCall) throws(SQLError) {
        if at(.within, .group) { try withinGroup(&call) }
        if at(.filter), token(1).kind == .leftParenthesis { throw unsupported("FILTER clause") }
        try nullTreatment(&call)
        if at(.over) {
            guard token(1).kind == .leftParenthesis else { throw unsupported("named window") }
            try window(&call.window)
        }
    }

    private mutating func withinGroup(_ call: inout FunctionCall) throws(SQLError) {
        advance(2)
        try expect(.leftParenthesis)
        call.withinGroup = try orderBy()
        try expect(.rightParenthesis)
    }

    private mutating func window(_ place: inout WindowClause?) throws(SQLError) { place = try windowClause() }

    mutating func nullTreatment(_ call: inout FunctionCall) throws(SQLError) {
        if take(.ignore, .nulls) {
            call.nullTreatment = .ignore
        } else if take(.respect, .nulls) {
            call.nullTreatment = .respect
        }
    }

    /// The first argument of the date functions names a part, not a column; with quotes or without means the same.
    private static func quoteDatePart(_ call: inout FunctionCall) {
        guard call.name.schema == nil, let first = call.arguments.first, call.arguments.count > 1,
            case .column(let reference) = first.kind, reference.table == nil
        else { return }
        switch call.name.name.name {
        case "dateadd", "date_add", "datediff", "date_diff", "date_part", "pgdate_part":
            call.arguments[0] = Expression(.literal(.string(reference.column.name)), at: first.position)
        default: break
        }
    }
}
