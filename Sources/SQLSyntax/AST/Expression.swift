package import SQLTypes

/// A scalar expression, an aggregate or a window function call: whatever stands where SQL wants a value.
///
/// Parentheses leave no node. Chains of one precedence are one node (`and`, `or`, `operation`), so that a predicate of
/// ten thousand terms is flat, and the depth of a tree is that of the nesting that its author wrote.
package struct Expression: Hashable, Sendable {
    package var kind: Kind
    /// Of the first token for names and literals, of the operator's keyword or sign for most others: where PostgreSQL
    /// would point to in an error.
    package var position: SourcePosition

    package init(_ kind: Kind, at position: SourcePosition = .unknown) {
        self.kind = kind
        self.position = position
    }

    package indirect enum Kind: Hashable, Sendable {
        case literal(Literal)
        /// `DATE '2020-01-31'`: a cast of a literal that is resolved at parse time.
        case typedLiteral(TypeName, text: [UInt8])
        case interval(IntervalLiteral)
        case column(ColumnReference)
        /// `column (+)`: Oracle's outer join mark in WHERE.
        case outerJoinColumn(ColumnReference)
        /// `$1` is 1.
        case parameter(Int)

        /// `first` and then each term in turn, from left to right: `a + b - c`, `a * b / c`, `a || b || c`. All
        /// operators of one chain have the same precedence; `terms` is not empty.
        case operation(Expression, [OperationTerm])
        case unary(UnaryOperator, Expression)
        case comparison(Expression, ComparisonOperator, Expression)
        /// Two terms or more, none of which is itself an `and` that stood without parentheses.
        case and([Expression])
        case or([Expression])
        case not(Expression)

        case test(Expression, TruthTest, isNegated: Bool)
        case between(Expression, low: Expression, high: Expression, isNegated: Bool)
        case inList(Expression, [Expression], isNegated: Bool)
        case inQuery(Expression, Query, isNegated: Bool)
        case like(PatternMatch)
        case exists(Query)
        /// `= ANY (query)` (SOME is the same), `> ALL (query)`.
        case quantified(Expression, ComparisonOperator, Quantifier, Query)
        /// `= ANY (array)`, `<> ALL (array)`.
        case quantifiedArray(Expression, ComparisonOperator, Quantifier, Expression)
        /// `ARRAY[a, b]`.
        case array([Expression])
        /// `ARRAY(SELECT …)`.
        case arrayQuery(Query)
        /// `array[index]`.
        case element(Expression, Expression)
        /// `(call).field`: of the rows that a function gives.
        case field(Expression, Identifier)
        /// A scalar subquery.
        case subquery(Query)
        /// `(a, b)`: two items or more.
        case row([Expression])

        case conditional(Conditional)
        /// CAST, `::` and CONVERT; `isTry` is TRY_CAST, which gives NULL where the others fail.
        case cast(Expression, TypeName, isTry: Bool)
        case call(FunctionCall)
    }
}

extension Expression {
    package enum Literal: Hashable, Sendable {
        case null
        case boolean(Bool)
        case integer(Int64)
        /// Digits beyond BIGINT, or with a point; at most 38.
        case decimal(Decimal)
        /// Written with an exponent.
        case double(Double)
        /// UTF-8. Not a Swift string, whose equality is canonical rather than byte by byte.
        case string([UInt8])

        package static func string(_ text: String) -> Literal { .string(Array(text.utf8)) }
    }

    package struct OperationTerm: Hashable, Sendable {
        package var `operator`: BinaryOperator
        package var operand: Expression
        /// Of the operator.
        package var position: SourcePosition

        package init(_ operator: BinaryOperator, _ operand: Expression, at position: SourcePosition = .unknown) {
            self.operator = `operator`
            self.operand = operand
            self.position = position
        }
    }

    package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
        case power = "^"
        case multiply = "*", divide = "/", modulo = "%"
        case add = "+", subtract = "-"
        case concatenate = "||"
        case bitAnd = "&", bitOr = "|", bitXor = "#", shiftLeft = "<<", shiftRight = ">>"
        /// POSIX regular expressions; the star folds case.
        case matches = "~", matchesNot = "!~", matchesFolded = "~*", matchesFoldedNot = "!~*"
    }

    package enum UnaryOperator: String, Hashable, Sendable, CaseIterable {
        case minus = "-", plus = "+"
        case bitNot = "~", absolute = "@", squareRoot = "|/", cubeRoot = "||/"
    }

    package enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
        case equal = "=", notEqual = "<>", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    }

    package enum Quantifier: String, Hashable, Sendable { case any = "ANY", all = "ALL" }

    /// What follows IS [NOT].
    package enum TruthTest: String, Hashable, Sendable, CaseIterable {
        case null = "NULL", `true` = "TRUE", `false` = "FALSE", unknown = "UNKNOWN"
    }

    /// LIKE, ILIKE or SIMILAR TO.
    package struct PatternMatch: Hashable, Sendable {
        package enum Dialect: String, Hashable, Sendable, CaseIterable {
            case like = "LIKE", ilike = "ILIKE", similar = "SIMILAR TO"
        }
        package var subject: Expression
        package var dialect: Dialect
        package var isNegated: Bool
        package var pattern: Expression
        /// nil: a backslash.
        package var escape: Expression?

        package init(
            _ subject: Expression, _ dialect: Dialect, isNegated: Bool = false, pattern: Expression,
            escape: Expression? = nil
        ) {
            self.subject = subject
            self.dialect = dialect
            self.isNegated = isNegated
            self.pattern = pattern
            self.escape = escape
        }
    }

    /// CASE. With an operand, each `when` is compared with it; without, each is a condition.
    package struct Conditional: Hashable, Sendable {
        package struct Branch: Hashable, Sendable {
            package var when: Expression
            package var then: Expression

            package init(when: Expression, then: Expression) {
                self.when = when
                self.then = then
            }
        }
        package var operand: Expression?
        package var branches: [Branch]
        package var otherwise: Expression?

        package init(operand: Expression? = nil, branches: [Branch], otherwise: Expression? = nil) {
            self.operand = operand
            self.branches = branches
            self.otherwise = otherwise
        }
    }

    /// `INTERVAL '3 days'`, `INTERVAL '1' YEAR`, `INTERVAL '90' DAY (3)`; the cast `'3 days'::interval` is the
    /// first form.
    package struct IntervalLiteral: Hashable, Sendable {
        package enum Field: String, Hashable, Sendable, CaseIterable {
            case year = "YEAR", month = "MONTH", day = "DAY", hour = "HOUR", minute = "MINUTE", second = "SECOND"
        }
        /// What stands in the quotes, unread.
        package var text: [UInt8]
        /// The leading field of the qualifier; nil: the text names its own units.
        package var first: Field?
        /// The trailing field of `DAY TO SECOND`; nil where only one field is named.
        package var last: Field?
        /// The number in parentheses after the qualifier.
        package var precision: Int?

        package init(text: [UInt8], first: Field? = nil, last: Field? = nil, precision: Int? = nil) {
            self.text = text
            self.first = first
            self.last = last
            self.precision = precision
        }
    }
}

extension Expression.Literal {
    /// The type that the literal has by itself: the narrowest of INTEGER and BIGINT, DECIMAL with just the digits that
    /// are written, `unknown` for NULL and strings.
    package var type: SQLType {
        switch self {
        case .null, .string: .unknown
        case .boolean: .boolean
        case .integer(let value): Int32(exactly: value) != nil ? .integer : .bigint
        case .decimal(let value):
            .decimal(precision: max(Self.digitCount(value.unscaled.magnitude), value.scale, 1), scale: value.scale)
        case .double: .double
        }
    }

    private static func digitCount(_ magnitude: UInt128) -> Int {
        var rest = magnitude
        var count = 0
        while rest > 0 {
            rest /= 10
            count += 1
        }
        return count
    }
}
