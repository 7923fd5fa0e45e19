import Catalog
import Execution
import Planner
import QueryPlan
import SQLSyntax
package import SQLTypes
import Storage
import VectorEngine

// `blueshift where`.

extension DatabaseSession {
    /// Finds the rows of a table in which a column has a value, by asking for them.
    /// - Parameters:
    ///   - name: `[schema.]table.column`, as SQL writes it.
    ///   - value: as text that is cast to the column's type; nil: NULL.
    package func locate(_ name: String, equalTo value: String?) async throws(SQLError) -> KeyLocation {
        try await inTurn { () async throws(SQLError) -> KeyLocation in
            var run = StatementRun(text: "")
            let version = self.takeVersion()
            let (table, column) = try self.column(named: name, run, version)
            let definition = table.columns[column]
            let typed = try value.map { (text) throws(SQLError) -> SQLValue in
                let context = self.settings.dateTime(transactionStart: run.startTime)
                return try SQLValue(text).cast(
                    from: .unknown, to: definition.type, context: .explicit, dateTime: context)
            }
            let condition = typed == nil ? "IS NULL" : "= $1"
            run.text =
                "SELECT count(*) FROM \(table.name.quotedName) WHERE \(definition.name.quotedName) \(condition)"
            if let typed { run.parameters = [SQLParameter(typed, definition.type)] }
            let trace = try await self.runToEnd(run)
            return self.location(of: typed ?? .null, in: table, column, version, trace)
        }
    }

    private func column(
        named name: String, _ run: StatementRun, _ version: DatabaseVersion
    ) throws(SQLError) -> (TableDefinition, Int) {
        guard case .column(let reference) = try parseExpression(name).kind, let tableName = reference.table else {
            throw SQLError(
                .syntaxError, "\"\(name)\" is no column of a table", hint: "Write table.column or schema.table.column.")
        }
        let last = reference.column
        let table = try DefinitionLookup(planningContext(run, version)).readableTable(tableName)
        guard let column = table.column(named: last.name) else {
            throw SQLError(
                .undefinedColumn, "column \"\(last.name)\" does not exist in \(table.name.name)",
                hint: "It has \(table.columns.map(\.name).joined(separator: ", ")).")
        }
        return (table, column)
    }

    private func runToEnd(_ run: StatementRun) async throws(SQLError) -> QueryTrace {
        var run = run
        let capture = RecordCapture()
        run.capture = capture
        var result = try await execute(try parseStatement(run.text).statement, run)
        while try await result.next() != nil {}
        guard let record = capture.record else { throw SQLError.internalError("a query that ran has left no trace") }
        return record.trace
    }

    private func location(
        of value: SQLValue, in table: TableDefinition, _ column: Int, _ version: DatabaseVersion, _ trace: QueryTrace
    ) -> KeyLocation {
        let type = table.columns[column].type
        var placement: KeyPlacement?
        if table.distribution.keyColumn == column {
            placement = KeyPlacement(of: value, as: type, shape: leader.shape, routing: leader.routing)
        }
        let findings = (0..<leader.shape.slices).map { slice in
            finding(slice, of: value, table, column, version, trace)
        }
        return KeyLocation(
            table: table.name, column: table.columns[column].name, type: type, value: shown(value, type),
            style: table.distribution.styleText(table.columns), shape: leader.shape, placement: placement,
            reason: placement == nil ? reason(table) : nil, findings: findings, query: trace.query)
    }

    private func reason(_ table: TableDefinition) -> String {
        switch table.distribution.effective {
        case .even: "EVEN deals the rows to the slices in turn, whatever they hold: no value tells the slice."
        case .all:
            "ALL keeps a copy of all rows on each node; the slices of a node share its row groups, and one "
                + "copy is enough to answer."
        case .key(let key):
            "The slice follows from \(table.columns.indices.contains(key) ? table.columns[key].name : "another column"), "
                + "not from this column."
        }
    }

    private func finding(
        _ slice: Int, of value: SQLValue, _ table: TableDefinition, _ column: Int, _ version: DatabaseVersion,
        _ trace: QueryTrace
    ) -> KeyLocation.Finding {
        var finding = KeyLocation.Finding(slice: slice, node: leader.shape.node(ofSlice: slice))
        // A copy lies under the first slice of the node.
        let isCopied = table.distribution.effective == .all
        let holder = isCopied ? leader.shape.slices(ofNode: finding.node).lowerBound : slice
        let groups = version.tables[table.id]?.partitions[holder] ?? []
        finding.rowGroups = isCopied && slice != holder ? 0 : groups.count
        for run in trace.slices where run.slice == slice {
            // The scan is the first step of its segment; what comes from other slices has no rows stored.
            guard let scan = run.steps.first, scan.blocksRead + scan.blocksSkipped + scan.rowsStored > 0 else {
                continue
            }
            finding.rows += scan.rowsOut
            finding.blocksRead += scan.blocksRead
            finding.blocksSkipped += scan.blocksSkipped
            let read = groups.filter { scan.rowGroupsRead.contains($0.number) || mayHoldUnwritten(value, $0, column) }
            finding.read += read.map { rowGroup($0, table, column) }
        }
        return finding
    }

    /// Rows that have no blocks yet are looked at in memory, unless their zone map rules them out.
    private func mayHoldUnwritten(_ value: SQLValue, _ group: RowGroupDescriptor, _ column: Int) -> Bool {
        guard group.chunks.allSatisfy(\.blocks.isEmpty), group.chunks.indices.contains(column) else { return false }
        let zone = group.chunks[column].zone
        if value.isNull { return zone.nullCount > 0 }
        guard let minimum = zone.minimum, let maximum = zone.maximum else { return !zone.isAllNull }
        return SQLValue.compare(value, minimum) != .less && SQLValue.compare(value, maximum) != .greater
    }

    private func rowGroup(
        _ group: RowGroupDescriptor, _ table: TableDefinition, _ column: Int
    ) -> KeyLocation.RowGroup {
        // A column that was added later has no chunk.
        let zone = group.chunks.indices.contains(column) ? group.chunks[column].zone : nil
        let type = table.columns[column].type
        return KeyLocation.RowGroup(
            number: group.number, rows: group.rowCount, isSorted: group.isSorted,
            minimum: zone?.minimum.map { shown($0, type) }, maximum: zone?.maximum.map { shown($0, type) })
    }
}
