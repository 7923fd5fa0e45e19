/// A call of a scalar function, an aggregate or a window function; the binder tells which.
///
/// SQL's own notations are calls too, with arguments in the order of the function's plain form:
///
///     EXTRACT(part FROM x)            extract('part', x)
///     DATEADD(part, n, x)             dateadd('part', n, x); DATEDIFF, DATE_PART and their synonyms alike
///     POSITION(a IN b)                position(b, a), as PostgreSQL has it
///     SUBSTRING(s FROM i FOR n)       substring(s, i, n)
///     TRIM(BOTH c FROM s)             btrim(s, c); LEADING is ltrim, TRAILING is rtrim
///     x AT TIME ZONE z                timezone(z, x)
///     CURRENT_DATE, SYSDATE, USER …   a call without arguments
package struct FunctionCall: Hashable, Sendable {
    package var name: QualifiedName
    package var arguments: [Expression]
    /// `count(*)`; there are no arguments then.
    package var isStar = false
    /// `count(DISTINCT x)`.
    package var isDistinct = false
    /// `APPROXIMATE COUNT(DISTINCT x)`.
    package var isApproximate = false
    /// WITHIN GROUP (ORDER BY …); empty without.
    package var withinGroup: [SortItem] = []
    package var nullTreatment: NullTreatment?
    package var window: WindowClause?

    package enum NullTreatment: String, Hashable, Sendable { case ignore = "IGNORE NULLS", respect = "RESPECT NULLS" }

    package init(_ name: QualifiedName, _ arguments: [Expression] = []) {
        self.name = name
        self.arguments = arguments
    }

    package init(_ name: String, _ arguments: [Expression] = [], at position: SourcePosition = .unknown) {
        self.init(QualifiedName(Identifier(name, at: position)), arguments)
    }
}

/// `OVER (PARTITION BY … ORDER BY … frame)`.
package struct WindowClause: Hashable, Sendable {
    package var partitionBy: [Expression]
    package var orderBy: [SortItem]
    package var frame: FrameClause?
    package var position: SourcePosition

    package init(
        partitionBy: [Expression] = [], orderBy: [SortItem] = [], frame: FrameClause? = nil,
        at position: SourcePosition = .unknown
    ) {
        self.partitionBy = partitionBy
        self.orderBy = orderBy
        self.frame = frame
        self.position = position
    }
}

package struct FrameClause: Hashable, Sendable {
    /// Redshift has ROWS only; RANGE is read so that it can be refused by name.
    package enum Unit: String, Hashable, Sendable { case rows = "ROWS", range = "RANGE" }

    package enum Bound: Hashable, Sendable {
        case unboundedPreceding
        case preceding(Expression)
        case currentRow
        case following(Expression)
        case unboundedFollowing
    }

    package var unit: Unit
    package var start: Bound
    /// The short form `ROWS start` is spelled out: it ends at the current row, or, if it starts at UNBOUNDED
    /// FOLLOWING, there.
    package var end: Bound
    package var position: SourcePosition

    package init(_ unit: Unit = .rows, start: Bound, end: Bound, at position: SourcePosition = .unknown) {
        self.unit = unit
        self.start = start
        self.end = end
        self.position = position
    }
}

/// One item of ORDER BY.
package struct SortItem: Hashable, Sendable {
    package var expression: Expression
    package var isDescending: Bool
    /// nil: the default, nulls being the highest values: last when ascending, first when descending.
    package var nullsFirst: Bool?

    package init(_ expression: Expression, isDescending: Bool = false, nullsFirst: Bool? = nil) {
        self.expression = expression
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}
