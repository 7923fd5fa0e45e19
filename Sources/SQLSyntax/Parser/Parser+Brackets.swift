import SQLTypes

/// Calls with a grammar of their own, and what may follow an operand within a bracket.
extension Parser {
    /// At a word before a parenthesis. True: an operand is on the stack; false: one must follow; nil: an ordinary name.
    mutating func specialCall(_ token: Token) throws(SQLError) -> Bool? {
        switch token.keyword {
        case .cast, .tryCast:
            advance(2)
            try openLevel(.cast(isTry: token.keyword == .tryCast), .bracket, at: token.source)
            return false
        case .convert:
            advance(2)
            let type = try typeName()
            try expect(.comma)
            try openLevel(.convert(type), .bracket, at: token.source)
            return false
        case .extract: return try extractCall(token)
        case .position:
            advance(2)
            try openLevel(.position, .bracket, at: token.source)
            return false
        case .trim:
            advance(2)
            try openTrim(token)
            return false
        case .row:
            advance(2)
            try openLevel(.row, .bracket, at: token.source)
            return false
        default: return nil
        }
    }

    /// `EXTRACT(part FROM x)`: the part is the call's first argument.
    private mutating func extractCall(_ token: Token) throws(SQLError) -> Bool? {
        guard self.token(3).keyword == .from else { return nil }
        advance(2)
        let part = current
        let name = at(.string) ? try stringBytes() : Array(try anyIdentifier().name.utf8)
        try expect(.from)
        calls.append(FunctionCall("extract", at: token.source))
        try openLevel(.call, .bracket, at: token.source)
        try push(Expression(.literal(.string(name)), at: part.source), height: 0)
        return false
    }

    private mutating func openTrim(_ token: Token) throws(SQLError) {
        var function = "btrim"
        if take(.leading) {
            function = "ltrim"
        } else if take(.trailing) {
            function = "rtrim"
        } else {
            _ = take(.both)
        }
        let hasFrom = take(.from)
        try openLevel(.trim(function: function, hasFrom: hasFrom), .bracket, at: token.source)
    }

    /// At a token that is no operator, with the bracket on top of the stack. True: the bracket goes on with another
    /// operand; false: it is closed, and is itself the operand on top.
    mutating func resumeBracket() throws(SQLError) -> Bool {
        guard let frame = frames.last else { throw syntaxError() }
        switch frame.kind {
        case .parenthesis, .row:
            return try resumeList { (parser) throws(SQLError) in try parser.closeParenthesis(frame) }
        case .inList(let isNegated): return try resumeInList(frame, isNegated)
        case .call: return try resumeCall(frame)
        case .position: return try resumePosition(frame)
        case .trim(let function, let hasFrom): return try resumeTrim(frame, function, hasFrom)
        case .conditional(let part, let hasOperand): return try resumeConditional(frame, part, hasOperand)
        case .cast(let isTry): return try resumeCast(frame, isTry)
        case .convert(let type): return try resumeConvert(frame, type)
        case .array, .subscriptIndex, .quantifiedArray: return try resumeArray(frame)
        default: throw syntaxError()
        }
    }

    private mutating func resumeInList(_ frame: Frame, _ isNegated: Bool) throws(SQLError) -> Bool {
        try resumeList { (parser) throws(SQLError) in
            let (items, height) = parser.popOperands(from: frame.base)
            let kind = Expression.Kind.inList(items[0], Array(items.dropFirst()), isNegated: isNegated)
            try parser.push(Expression(kind, at: frame.position), height: height + 1)
        }
    }

    private mutating func resumePosition(_ frame: Frame) throws(SQLError) -> Bool {
        guard operands.count == frame.base + 2 else { throw syntaxError() }
        return try close { (parser) throws(SQLError) in
            let (parts, height) = parser.popOperands(from: frame.base)
            let call = FunctionCall("position", [parts[1], parts[0]], at: frame.position)
            try parser.push(Expression(.call(call), at: frame.position), height: height + 1)
        }
    }

    private mutating func resumeConvert(_ frame: Frame, _ type: TypeName) throws(SQLError) -> Bool {
        try close { (parser) throws(SQLError) in
            try parser.wrapTop(at: frame.position) { .cast($0, type, isTry: false) }
        }
    }

    private mutating func resumeArray(_ frame: Frame) throws(SQLError) -> Bool {
        if case .array = frame.kind, take(.comma) { return true }
        let isQuantified = if case .quantifiedArray = frame.kind { true } else { false }
        return try close(isQuantified ? .rightParenthesis : .rightBracket) { (parser) throws(SQLError) in
            let (parts, height) = parser.popOperands(from: frame.base)
            let kind: Expression.Kind =
                switch frame.kind {
                case .subscriptIndex: .element(parts[0], parts[1])
                case .quantifiedArray(let symbol, let quantifier):
                    .quantifiedArray(parts[0], symbol, quantifier, parts[1])
                default: .array(parts)
                }
            try parser.push(Expression(kind, at: frame.position), height: height + 1)
        }
    }

    private mutating func resumeList(_ finish: (inout Parser) throws(SQLError) -> Void) throws(SQLError) -> Bool {
        if take(.comma) { return true }
        return try close(.rightParenthesis, finish)
    }

    /// Takes the closing parenthesis and the frame; always false.
    private mutating func close(
        _ bracket: Token.Kind = .rightParenthesis, _ finish: (inout Parser) throws(SQLError) -> Void
    ) throws(SQLError) -> Bool {
        try expect(bracket)
        frames.removeLast()
        leave()
        try finish(&self)
        return false
    }

    private mutating func closeParenthesis(_ frame: Frame) throws(SQLError) {
        if case .parenthesis = frame.kind, operands.count == frame.base + 1 { return }
        let (items, height) = popOperands(from: frame.base)
        try push(Expression(.row(items), at: frame.position), height: height + 1)
    }

    private mutating func resumeCall(_ frame: Frame) throws(SQLError) -> Bool {
        guard var call = calls.last else { throw syntaxError() }
        if take(.comma) { return true }
        if call.name.name.name == "substring", call.name.schema == nil, at(.from) || at(.for) {
            if at(.for), operands.count == frame.base + 1 {
                try push(Expression(.literal(.integer(1)), at: position), height: 0)
            }
            advance()
            return true
        }
        try nullTreatment(&call)
        calls.removeLast()
        return try close { (parser) throws(SQLError) in
            let (arguments, height) = parser.popOperands(from: frame.base)
            call.arguments = arguments
            try parser.finishCall(call, height: height)
        }
    }

    private mutating func resumeTrim(_ frame: Frame, _ function: String, _ hasFrom: Bool) throws(SQLError) -> Bool {
        let count = operands.count - frame.base
        if count == 1, !hasFrom, at(.from) || at(.comma) {
            frames[frames.count - 1].kind = .trim(function: function, hasFrom: at(.from))
            advance()
            return true
        }
        return try close { (parser) throws(SQLError) in
            let (parts, height) = parser.popOperands(from: frame.base)
            let call = FunctionCall(function, hasFrom ? parts.reversed() : parts, at: frame.position)
            try parser.push(Expression(.call(call), at: frame.position), height: height + 1)
        }
    }

    private mutating func resumeCast(_ frame: Frame, _ isTry: Bool) throws(SQLError) -> Bool {
        try expect(.as)
        if !isTry, take(.interval) {
            try castTopToInterval(at: frame.position)
            return try close { (_) throws(SQLError) in }
        }
        let type = try typeName()
        return try close { (parser) throws(SQLError) in
            try parser.wrapTop(at: frame.position) { .cast($0, type, isTry: isTry) }
        }
    }

    private mutating func resumeConditional(
        _ frame: Frame, _ part: Frame.ConditionalPart, _ hasOperand: Bool
    ) throws(SQLError) -> Bool {
        let next: Frame.ConditionalPart
        switch part {
        case .operand:
            try expect(.when)
            next = .when
        case .when:
            try expect(.then)
            next = .then
        case .then:
            if take(.when) {
                next = .when
            } else if take(.else) {
                next = .otherwise
            } else {
                return try closeConditional(frame, hasOperand, hasOtherwise: false)
            }
        case .otherwise: return try closeConditional(frame, hasOperand, hasOtherwise: true)
        }
        frames[frames.count - 1].kind = .conditional(next, hasOperand: hasOperand)
        return true
    }

    private mutating func closeConditional(
        _ frame: Frame, _ hasOperand: Bool, hasOtherwise: Bool
    ) throws(SQLError) -> Bool {
        try expect(.end)
        frames.removeLast()
        leave()
        var (parts, height) = popOperands(from: frame.base)
        let otherwise = hasOtherwise ? parts.removeLast() : nil
        let operand = hasOperand ? parts[0] : nil
        let first = hasOperand ? 1 : 0
        var branches: [Expression.Conditional.Branch] = []
        for place in stride(from: first, to: parts.count - 1, by: 2) {
            branches.append(Expression.Conditional.Branch(when: parts[place], then: parts[place + 1]))
        }
        let conditional = Expression.Conditional(operand: operand, branches: branches, otherwise: otherwise)
        try push(Expression(.conditional(conditional), at: frame.position), height: height + 1)
        return false
    }
}
