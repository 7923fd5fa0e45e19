package import SQLTypes

/// `ASSERT …`: what must hold of a table's distribution, or of how a query runs. An extension of ours.
package enum AssertStatement: Hashable, Sendable {
    /// `SKEW OF t AT MOST n`: rows on the fullest slice over the mean of all.
    case skew(of: QualifiedName, atMost: Decimal)
    /// `NO VALUE OF t.c ABOVE n PERCENT`, NULL too.
    case noValue(of: ColumnReference, abovePercent: Decimal)
    /// `[EFFECTIVE] DISTSTYLE OF t IS …`; effective: what AUTO has come to counts as if it had been declared.
    case style(of: QualifiedName, Style, isEffective: Bool)
    /// `COPY OF t USES EVERY SLICE`.
    case copyUsesEverySlice(of: QualifiedName)
    /// `QUERY (…) … AND …`; at least one claim.
    case query(Query, [QueryClaim])

    package enum Style: Hashable, Sendable {
        case even, all, auto
        case key(Identifier)
    }

    package enum QueryClaim: Hashable, Sendable {
        /// `JOINS WITHOUT MOVING`.
        case joinsWithoutMoving
        /// `MOVES AT MOST n BYTES`.
        case moves(atMostBytes: Decimal)
        /// `SKIPS AT LEAST n PERCENT OF BLOCKS [OF t]`; nil: of all tables that are scanned.
        case skips(atLeastPercent: Decimal, of: QualifiedName?)
        /// `WITHOUT NESTED LOOP`.
        case withoutNestedLoop
        /// `WITHOUT BROADCAST [OF t]`; nil: of anything.
        case withoutBroadcast(of: QualifiedName?)
        /// `SAME ON SHAPES (1x1, 2x2)`: nodes × slices on each.
        case same(on: [Shape])
    }

    package struct Shape: Hashable, Sendable {
        package var nodes: Int64
        package var slicesPerNode: Int64
        package var position: SourcePosition

        package init(nodes: Int64, slicesPerNode: Int64, at position: SourcePosition = .unknown) {
            self.nodes = nodes
            self.slicesPerNode = slicesPerNode
            self.position = position
        }
    }
}

/// Statistics that are said instead of found, so that a small table is planned as the large one of production. An
/// extension of ours.
package struct StatisticsStatement: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// `DECLARE STATISTICS FOR t (…)`: pinned, and as given here; what is not given stays.
        case declare(rows: Decimal?, [Column])
        /// `PIN STATISTICS FOR t`: ANALYZE and COPY leave them as they are.
        case pin
        /// `RESET STATISTICS FOR t`: forgotten; the next ANALYZE finds the true ones.
        case reset
    }

    package struct Column: Hashable, Sendable {
        package var name: Identifier
        package var distinct: Decimal?
        package var nullPercent: Decimal?
        /// Bytes of a value on average.
        package var width: Decimal?
        /// `FROM a TO b`: least and greatest value.
        package var bounds: Bounds?

        package init(_ name: Identifier) { self.name = name }
    }

    package struct Bounds: Hashable, Sendable {
        package var minimum: Expression
        package var maximum: Expression

        package init(_ minimum: Expression, _ maximum: Expression) {
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    package var table: QualifiedName
    package var action: Action

    package init(_ table: QualifiedName, _ action: Action) {
        self.table = table
        self.action = action
    }
}
