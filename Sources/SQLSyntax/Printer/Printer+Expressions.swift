import SQLTypes

extension Printer {
    mutating func expression(_ expression: Expression) { write(expression, atLeast: .bracket) }

    /// In parentheses if it binds more loosely than its place asks for.
    private mutating func write(_ expression: Expression, atLeast lowest: Precedence) {
        if Self.precedence(expression) < lowest {
            group { $0.bare(expression) }
        } else {
            bare(expression)
        }
    }

    /// What needs no parentheses anywhere has the precedence of a cast: above all operators.
    private static func precedence(_ expression: Expression) -> Precedence {
        switch expression.kind {
        case .literal(let literal): isNegative(literal) ? .sign : .primary
        case .operation(_, let terms): terms.first.map { precedence($0.operator) } ?? .primary
        case .unary(let symbol, _): symbol == .minus || symbol == .plus ? .sign : .otherPrefix
        case .comparison, .quantified, .quantifiedArray: .comparison
        case .and: .and
        case .or: .or
        case .not: .not
        case .test: .isTest
        case .between, .inList, .inQuery, .like: .range
        default: .primary
        }
    }

    private static func isNegative(_ literal: Expression.Literal) -> Bool {
        switch literal {
        case .integer(let value): value < 0
        case .decimal(let value): value.unscaled < 0
        case .double(let value): value.sign == .minus
        default: false
        }
    }

    private static func precedence(_ symbol: Expression.BinaryOperator) -> Precedence {
        switch symbol {
        case .power: .power
        case .multiply, .divide, .modulo: .multiplicative
        case .add, .subtract: .additive
        default: .other
        }
    }

    private mutating func bare(_ expression: Expression) {
        switch expression.kind {
        case .literal(let value): literal(value)
        case .typedLiteral(let type, let text):
            self.type(type)
            write(" ")
            string(text)
        case .interval(let value): interval(value)
        case .column(let reference): column(reference)
        case .outerJoinColumn(let reference):
            column(reference)
            write(" (+)")
        case .parameter(let number): write("$\(number)")
        case .conditional(let value): conditional(value)
        case .cast(let operand, let type, let isTry): cast(operand, type, isTry)
        case .call(let value): call(value)
        case .row(let items):
            write("ROW")
            group { $0.list(items) { $0.expression($1) } }
        case .array(let items):
            write("ARRAY[")
            list(items) { $0.expression($1) }
            write("]")
        case .arrayQuery(let query):
            write("ARRAY")
            group { $0.query(query) }
        case .element(let array, let index):
            group { $0.expression(array) }
            write("[")
            self.expression(index)
            write("]")
        case .field(let row, let name):
            group { $0.expression(row) }
            write(".")
            identifier(name)
        case .subquery(let query): group { $0.query(query) }
        case .exists(let query):
            write("EXISTS ")
            group { $0.query(query) }
        default: operation(expression)
        }
    }

    private mutating func operation(_ expression: Expression) {
        switch expression.kind {
        case .operation(let first, let terms): chain(first, terms)
        case .unary(let symbol, let operand):
            write(symbol.rawValue)
            write(operand, atLeast: .primary)
        case .comparison(let left, let symbol, let right):
            write(left, atLeast: .range)
            write(" \(symbol.rawValue) ")
            write(right, atLeast: .range)
        case .quantified(let operand, let symbol, let quantifier, let query):
            write(operand, atLeast: .range)
            write(" \(symbol.rawValue) \(quantifier.rawValue) ")
            group { $0.query(query) }
        case .quantifiedArray(let operand, let symbol, let quantifier, let array):
            write(operand, atLeast: .range)
            write(" \(symbol.rawValue) \(quantifier.rawValue) ")
            group { $0.expression(array) }
        case .and(let terms): joined(terms, " AND ", above: .not)
        case .or(let terms): joined(terms, " OR ", above: .and)
        case .not(let operand):
            write("NOT ")
            write(operand, atLeast: .not)
        case .test(let operand, let test, let isNegated):
            write(operand, atLeast: .isTest)
            write(isNegated ? " IS NOT \(test.rawValue)" : " IS \(test.rawValue)")
        default: range(expression)
        }
    }

    private mutating func chain(_ first: Expression, _ terms: [Expression.OperationTerm]) {
        // Operands bind more tightly than the chain, or they would become part of it.
        let precedence = terms.first.map { Self.precedence($0.operator) } ?? .other
        let operandPrecedence: Precedence =
            switch precedence {
            case .other: .additive
            case .additive: .multiplicative
            case .multiplicative: .power
            default: .timeZone
            }
        write(first, atLeast: operandPrecedence)
        for term in terms {
            write(" \(term.operator.rawValue) ")
            write(term.operand, atLeast: operandPrecedence)
        }
    }

    private mutating func joined(_ terms: [Expression], _ separator: String, above lowest: Precedence) {
        var isFirst = true
        for term in terms {
            if !isFirst { write(separator) }
            isFirst = false
            write(term, atLeast: lowest)
        }
    }

    private mutating func range(_ expression: Expression) {
        switch expression.kind {
        case .between(let operand, let low, let high, let isNegated):
            write(operand, atLeast: .other)
            write(isNegated ? " NOT BETWEEN " : " BETWEEN ")
            write(low, atLeast: .other)
            write(" AND ")
            write(high, atLeast: .other)
        case .inList(let operand, let items, let isNegated):
            write(operand, atLeast: .other)
            write(isNegated ? " NOT IN " : " IN ")
            group { $0.list(items) { $0.expression($1) } }
        case .inQuery(let operand, let query, let isNegated):
            write(operand, atLeast: .other)
            write(isNegated ? " NOT IN " : " IN ")
            group { $0.query(query) }
        case .like(let match):
            write(match.subject, atLeast: .other)
            write(match.isNegated ? " NOT " : " ")
            write(match.dialect.rawValue + " ")
            write(match.pattern, atLeast: .other)
            if let escape = match.escape {
                write(" ESCAPE ")
                write(escape, atLeast: .other)
            }
        default: assertionFailure("an expression of no known kind")
        }
    }

    // MARK: Operands

    private mutating func literal(_ literal: Expression.Literal) {
        switch literal {
        case .null: write("NULL")
        case .boolean(let value): write(value ? "TRUE" : "FALSE")
        case .integer(let value): write("\(value)")
        case .decimal(let value): write(Self.spelling(value))
        case .double(let value):
            let spelled = "\(value)"
            write(spelled.utf8.contains(UInt8(ascii: "e")) ? spelled : spelled + "e0")
        case .string(let value): string(value)
        }
    }

    /// With its point where it has a scale, or where it would be read as an integer.
    private static func spelling(_ value: Decimal) -> String {
        var digits = String(value.unscaled.magnitude)
        let sign = value.unscaled < 0 ? "-" : ""
        guard value.scale > 0 else {
            return sign + digits + (value.unscaled.magnitude <= UInt128(Int64.max) ? "." : "")
        }
        if digits.utf8.count <= value.scale {
            digits = String(repeating: "0", count: value.scale - digits.utf8.count + 1) + digits
        }
        let whole = digits.dropLast(value.scale)
        return "\(sign)\(whole).\(digits.suffix(value.scale))"
    }

    private mutating func interval(_ literal: Expression.IntervalLiteral) {
        write("INTERVAL ")
        string(literal.text)
        if let first = literal.first { write(" \(first.rawValue)") }
        if let last = literal.last { write(" TO \(last.rawValue)") }
        if let precision = literal.precision { write(" (\(precision))") }
    }

    private mutating func column(_ reference: ColumnReference) {
        if let table = reference.table {
            qualified(table)
            write(".")
        }
        identifier(reference.column)
    }

    private mutating func conditional(_ value: Expression.Conditional) {
        write("CASE")
        if let operand = value.operand {
            write(" ")
            expression(operand)
        }
        for branch in value.branches {
            write(" WHEN ")
            expression(branch.when)
            write(" THEN ")
            expression(branch.then)
        }
        if let otherwise = value.otherwise {
            write(" ELSE ")
            expression(otherwise)
        }
        write(" END")
    }

    private mutating func cast(_ operand: Expression, _ type: TypeName, _ isTry: Bool) {
        write(isTry ? "TRY_CAST" : "CAST")
        group {
            $0.expression(operand)
            $0.write(" AS ")
            $0.type(type)
        }
    }

    // MARK: Calls

    private mutating func call(_ call: FunctionCall) {
        if specialCall(call) { return }
        if call.isApproximate { write("APPROXIMATE ") }
        functionName(call.name)
        group {
            if call.isStar { $0.write("*") }
            if call.isDistinct { $0.write("DISTINCT ") }
            $0.list(call.arguments) { $0.expression($1) }
        }
        if !call.withinGroup.isEmpty {
            write(" WITHIN GROUP ")
            group { $0.orderBy(call.withinGroup) }
        }
        if let treatment = call.nullTreatment { write(" \(treatment.rawValue)") }
        if let window = call.window {
            write(" OVER ")
            group { $0.window(window) }
        }
    }

    private static let withoutParentheses: Set<String> = [
        "current_date", "current_time", "current_timestamp", "current_user", "current_user_id", "localtime",
        "localtimestamp", "session_user", "sysdate", "user",
    ]
    /// Names whose plain call the grammar reads in a way of its own.
    private static let grammatical: Set<String> = [
        "approximate", "convert", "exists", "extract", "position", "row", "trim", "try_cast",
    ]

    /// Notations that a plain call cannot stand for.
    private mutating func specialCall(_ call: FunctionCall) -> Bool {
        guard call.name.schema == nil else { return false }
        let name = call.name.name.name
        if call.arguments.isEmpty, !call.isStar, Self.withoutParentheses.contains(name) {
            write(name.uppercased())
            return true
        }
        guard call.arguments.count == 2 else { return false }
        if name == "extract", case .literal(.string(let part)) = call.arguments[0].kind {
            write("EXTRACT")
            group {
                $0.string(part)
                $0.write(" FROM ")
                $0.expression(call.arguments[1])
            }
            return true
        }
        if name == "position" {
            write("POSITION")
            group {
                $0.write(call.arguments[1], atLeast: .other)
                $0.write(" IN ")
                $0.write(call.arguments[0], atLeast: .other)
            }
            return true
        }
        return false
    }

    mutating func functionName(_ name: QualifiedName) {
        let word = name.name.name
        let isPlain = word.utf8.first.map(isNameStart) ?? false
        guard name.schema == nil, isPlain, word.utf8.allSatisfy(isNamePart), !Self.grammatical.contains(word),
            !KeywordTable.shared.isReserved(word) || word == "left" || word == "right"
        else {
            qualified(name)
            return
        }
        write(word)
    }

    private mutating func window(_ window: WindowClause) {
        var needsBlank = false
        if !window.partitionBy.isEmpty {
            write("PARTITION BY ")
            list(window.partitionBy) { $0.expression($1) }
            needsBlank = true
        }
        if !window.orderBy.isEmpty {
            if needsBlank { write(" ") }
            orderBy(window.orderBy)
            needsBlank = true
        }
        if let frame = window.frame {
            if needsBlank { write(" ") }
            write("\(frame.unit.rawValue) BETWEEN ")
            bound(frame.start)
            write(" AND ")
            bound(frame.end)
        }
    }

    private mutating func bound(_ bound: FrameClause.Bound) {
        switch bound {
        case .unboundedPreceding: write("UNBOUNDED PRECEDING")
        case .unboundedFollowing: write("UNBOUNDED FOLLOWING")
        case .currentRow: write("CURRENT ROW")
        case .preceding(let distance):
            count(distance)
            write(" PRECEDING")
        case .following(let distance):
            count(distance)
            write(" FOLLOWING")
        }
    }

    /// Where only a number or parentheses may stand.
    mutating func count(_ value: Expression) {
        switch value.kind {
        case .parameter: expression(value)
        case .literal(.integer(let number)) where number >= 0: expression(value)
        default: group { $0.expression(value) }
        }
    }

    mutating func orderBy(_ items: [SortItem]) {
        write("ORDER BY ")
        list(items) { printer, item in
            printer.expression(item.expression)
            if item.isDescending { printer.write(" DESC") }
            if let nullsFirst = item.nullsFirst { printer.write(nullsFirst ? " NULLS FIRST" : " NULLS LAST") }
        }
    }
}
