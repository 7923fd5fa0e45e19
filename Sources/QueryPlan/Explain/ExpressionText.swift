import SQLTypes

extension BoundExpression {
    /// The expression as EXPLAIN prints it: parentheses round each operator, `'x'::type` for what is no number.
    /// - Parameter column: how a column is written.
    /// - Source: PostgreSQL 8.0, "ruleutils.c".
    package func explainText(_ column: (Int) -> String) -> String {
        func text(_ expression: BoundExpression) -> String { expression.explainText(column) }
        switch self {
        case .column(let number, _): return column(number)
        case .literal(let value, let type): return value.explainText(as: type)
        case .cast(let operand, let type, _): return "(\(text(operand)))::\(type.explainName)"
        case .arithmetic(let operation, let left, let right, _):
            return "(\(text(left)) \(operation.explainSymbol) \(text(right)))"
        case .arithmeticChain(let first, let terms, _):
            let rest = terms.map { " \($0.operation.explainSymbol) \(text($0.operand))" }
            return "(\(text(first))\(rest.joined()))"
        case .negate(let operand): return "(- \(text(operand)))"
        case .comparison(let operation, let left, let right):
            return "(\(text(left)) \(operation.rawValue) \(text(right)))"
        case .and(let terms): return "(\(terms.map(text).joined(separator: " AND ")))"
        case .or(let terms): return "(\(terms.map(text).joined(separator: " OR ")))"
        case .not(let operand): return "(NOT \(text(operand)))"
        case .isNull(let operand, let isNegated): return "(\(text(operand)) IS \(isNegated ? "NOT " : "")NULL)"
        case .isBoolean(let operand, let value, let isNegated):
            return "(\(text(operand)) IS \(isNegated ? "NOT " : "")\(value ? "TRUE" : "FALSE"))"
        case .inList(let operand, let values, let isNegated):
            return Self.listText(text(operand), values, operand.type, isNegated)
        case .match(let operand, let pattern, let kind, let isNegated):
            return "(\(text(operand)) \(kind.explainSymbol(isNegated)) \(text(pattern)))"
        case .caseWhen(let branches, let otherwise, _):
            let parts = branches.map { "WHEN \(text($0.condition)) THEN \(text($0.result))" }
            let last = otherwise.map { " ELSE \(text($0))" } ?? ""
            return "CASE \(parts.joined(separator: " "))\(last) END"
        case .call(let name, let arguments, _): return "\(name)(\(arguments.map(text).joined(separator: ", ")))"
        }
    }

    /// Up to ten values are compared one by one, more as an array.
    private static func listText(_ operand: String, _ values: [SQLValue], _ type: SQLType, _ isNegated: Bool) -> String
    {
        if values.count > 10 {
            let list = values.map { String(decoding: $0.text(as: type), as: UTF8.self) }.joined(separator: ",")
            return "(\(operand) \(isNegated ? "<> ALL" : "= ANY") ('{\(list)}'::\(type.explainName)[]))"
        }
        let terms = values.map { "(\(operand) \(isNegated ? "<>" : "=") \($0.explainText(as: type)))" }
        return "(\(terms.joined(separator: isNegated ? " AND " : " OR ")))"
    }
}

extension SQLValue {
    fileprivate func explainText(as type: SQLType) -> String {
        if isNull { return "NULL::\(type.explainName)" }
        // A CHAR's padding is not shown.
        let text = String(decoding: text(as: type.isString ? .unknown : type), as: UTF8.self)
        switch type {
        case .boolean: return self == .boolean(true) ? "true" : "false"
        case .smallint, .integer, .bigint, .decimal: return text
        case .real, .double: return "\(text)::\(type.explainName)"
        default:
            let quoted = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            return "'\(quoted)'::\(type.explainName)"
        }
    }
}

extension SQLType {
    /// Without lengths, as casts are printed.
    fileprivate var explainName: String {
        switch self {
        case .char: "bpchar"
        case .varchar: "character varying"
        case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
        case .intervalYearToMonth, .intervalDayToSecond: "interval"
        default: description
        }
    }
}

extension ArithmeticOperator {
    fileprivate var explainSymbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .modulo: "%"
        }
    }
}

extension BoundExpression.MatchKind {
    fileprivate func explainSymbol(_ isNegated: Bool) -> String {
        switch self {
        case .like: isNegated ? "!~~" : "~~"
        case .ilike: isNegated ? "!~~*" : "~~*"
        case .similarTo: isNegated ? "NOT SIMILAR TO" : "SIMILAR TO"
        case .posix(let isCaseInsensitive): (isNegated ? "!~" : "~") + (isCaseInsensitive ? "*" : "")
        }
    }
}
