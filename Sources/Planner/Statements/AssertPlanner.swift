import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// ASSERT, and statistics that are declared: names become numbers, figures that cannot be met are refused.
extension Planner {
    func assertion(_ assertion: AssertStatement) throws(SQLError) -> PlannedAssertion {
        switch assertion {
        case .skew(let name, let limit):
            let table = try Binder(context).resolveTable(name)
            guard limit.doubleValue >= 1 else {
                throw SQLError(
                    .invalidParameterValue,
                    "the fullest slice has at least as many rows as the mean: a skew is 1 or more",
                    position: name.position.character)
            }
            return .skew(table, atMost: limit.doubleValue)
        case .noValue(let reference, let percent):
            guard let name = reference.table else { throw SQLError.internalError("a column of no table") }
            let table = try Binder(context).resolveTable(name)
            let column = try InsertPlanner.targets([reference.column], of: table)[0]
            return .noValue(table, column: column, abovePercent: try Self.share(percent, at: reference.position))
        case .style(let name, let style, let isEffective):
            let table = try Binder(context).resolveTable(name)
            let wanted: Distribution.Style? =
                switch style {
                case .auto: nil
                case .even: .even
                case .all: .all
                case .key(let column): .key(column: try InsertPlanner.targets([column], of: table)[0])
                }
            return .style(table, wanted, isEffective: isEffective)
        case .copyUsesEverySlice(let name): return .copyUsesEverySlice(try Binder(context).resolveTable(name))
        case .query(let query, let claims):
            guard case .query(let plan) = try plan(.query(query)) else {
                throw SQLError(.syntaxError, "ASSERT QUERY takes a query without INTO")
            }
            var resolved: [PlannedAssertion.QueryClaim] = []
            for claim in claims { resolved.append(try self.claim(claim, of: plan)) }
            return .query(plan, query, resolved)
        }
    }

    private func claim(
        _ claim: AssertStatement.QueryClaim, of plan: QueryPlan
    ) throws(SQLError) -> PlannedAssertion.QueryClaim {
        switch claim {
        case .joinsWithoutMoving: return .joinsWithoutMoving
        case .moves(let bytes): return .moves(atMostBytes: bytes.doubleValue)
        case .skips(let percent, let name):
            let table = try read(name, by: plan)
            return .skips(
                atLeastPercent: try Self.share(percent, at: name?.position ?? .unknown), of: table)
        case .withoutNestedLoop: return .withoutNestedLoop
        case .withoutBroadcast(let name): return .withoutBroadcast(of: try read(name, by: plan))
        case .same(let shapes):
            var resolved: [ClusterShape] = []
            for shape in shapes {
                guard (1...Self.slicesMax).contains(shape.nodes), (1...Self.slicesMax).contains(shape.slicesPerNode),
                    shape.nodes * shape.slicesPerNode <= Self.slicesMax
                else {
                    throw SQLError(
                        .invalidParameterValue,
                        "a cluster of \(shape.nodes)x\(shape.slicesPerNode) has not between 1 and \(Self.slicesMax) slices",
                        position: shape.position.character)
                }
                resolved.append(ClusterShape(nodes: Int(shape.nodes), slicesPerNode: Int(shape.slicesPerNode)))
            }
            return .same(on: resolved)
        }
    }

    /// Of a cluster that is made for an assertion.
    private static let slicesMax: Int64 = 256

    /// What is said of a table that is not read would always hold.
    private func read(_ name: QualifiedName?, by plan: QueryPlan) throws(SQLError) -> TableDefinition? {
        guard let name else { return nil }
        let table = try Binder(context).resolveTable(name)
        guard plan.tables.contains(table.id) else {
            throw SQLError(
                .invalidParameterValue, "the query does not read table \"\(table.name.name)\"",
                position: name.position.character)
        }
        return table
    }

    private static func share(_ percent: Decimal, at position: SourcePosition) throws(SQLError) -> Double {
        guard (0...100).contains(percent.doubleValue) else {
            throw SQLError(
                .invalidParameterValue, "a share is between 0 and 100 percent", position: position.character)
        }
        return percent.doubleValue
    }

    // MARK: Statistics

    private static let widthMax = Double(SQLType.maximumVarcharLength)

    func statistics(_ statement: StatisticsStatement) throws(SQLError) -> PlannedStatement {
        let table = try Binder(context).resolveTable(statement.table)
        guard case .declare(_, let columns) = statement.action else {
            return .statistics(table.id, columns: [], statement)
        }
        for column in columns {
            if let percent = column.nullPercent { _ = try Self.share(percent, at: column.name.position) }
            if let width = column.width, !(0...Self.widthMax).contains(width.doubleValue) {
                throw SQLError(
                    .invalidParameterValue, "a width is between 0 and \(SQLType.maximumVarcharLength) bytes",
                    position: column.name.position.character)
            }
        }
        let positions = columns.isEmpty ? [] : try InsertPlanner.targets(columns.map(\.name), of: table)
        return .statistics(table.id, columns: positions, statement)
    }
}
