import SQLTypes

extension Printer {
    mutating func assert(_ assertion: AssertStatement) {
        write("ASSERT ")
        switch assertion {
        case .skew(let table, let limit):
            write("SKEW OF ")
            qualified(table)
            write(" AT MOST \(Self.figure(limit))")
        case .noValue(let column, let percent):
            write("NO VALUE OF ")
            if let table = column.table {
                qualified(table)
                write(".")
            }
            identifier(column.column)
            write(" ABOVE \(Self.figure(percent)) PERCENT")
        case .style(let table, let style, let isEffective):
            write(isEffective ? "EFFECTIVE DISTSTYLE OF " : "DISTSTYLE OF ")
            qualified(table)
            write(" IS ")
            self.style(style)
        case .copyUsesEverySlice(let table):
            write("COPY OF ")
            qualified(table)
            write(" USES EVERY SLICE")
        case .query(let query, let claims):
            write("QUERY ")
            group { $0.query(query) }
            for (place, claim) in claims.enumerated() {
                write(place == 0 ? " " : " AND ")
                self.claim(claim)
            }
        }
    }

    private mutating func style(_ style: AssertStatement.Style) {
        switch style {
        case .even: write("EVEN")
        case .all: write("ALL")
        case .auto: write("AUTO")
        case .key(let column):
            write("KEY ")
            names([column])
        }
    }

    mutating func claim(_ claim: AssertStatement.QueryClaim) {
        switch claim {
        case .joinsWithoutMoving: write("JOINS WITHOUT MOVING")
        case .moves(let bytes): write("MOVES AT MOST \(Self.figure(bytes)) BYTES")
        case .skips(let percent, let table):
            write("SKIPS AT LEAST \(Self.figure(percent)) PERCENT OF BLOCKS")
            of(table)
        case .withoutNestedLoop: write("WITHOUT NESTED LOOP")
        case .withoutBroadcast(let table):
            write("WITHOUT BROADCAST")
            of(table)
        case .same(let shapes):
            write("SAME ON SHAPES ")
            group { $0.list(shapes) { $0.write("\($1.nodes)x\($1.slicesPerNode)") } }
        }
    }

    private mutating func of(_ table: QualifiedName?) {
        guard let table else { return }
        write(" OF ")
        qualified(table)
    }

    mutating func statistics(_ statement: StatisticsStatement) {
        switch statement.action {
        case .pin, .reset:
            write(statement.action == .pin ? "PIN STATISTICS FOR " : "RESET STATISTICS FOR ")
            qualified(statement.table)
        case .declare(let rows, let columns):
            write("DECLARE STATISTICS FOR ")
            qualified(statement.table)
            write(" ")
            group { printer in
                if let rows { printer.write("ROWS \(Self.figure(rows))\(columns.isEmpty ? "" : ", ")") }
                printer.list(columns) { $0.statistics($1) }
            }
        }
    }

    private mutating func statistics(_ column: StatisticsStatement.Column) {
        identifier(column.name)
        if let distinct = column.distinct { write(" DISTINCT \(Self.figure(distinct))") }
        if let percent = column.nullPercent { write(" NULLS \(Self.figure(percent)) PERCENT") }
        if let width = column.width { write(" WIDTH \(Self.figure(width))") }
        if let bounds = column.bounds {
            write(" FROM ")
            expression(bounds.minimum)
            write(" TO ")
            expression(bounds.maximum)
        }
    }

    /// With all digits of its scale, so that it is read as the same number.
    private static func figure(_ number: Decimal) -> String {
        var digits = String(number.unscaled.magnitude)
        guard number.scale > 0 else { return digits }
        digits = String(repeating: "0", count: max(0, number.scale + 1 - digits.count)) + digits
        return "\(digits.dropLast(number.scale)).\(digits.suffix(number.scale))"
    }
}
