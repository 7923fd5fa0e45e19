package import Catalog
package import QueryPlan
package import SQLSyntax

/// What the leader is to do for one statement. Every name in it is resolved, every rule of the catalog checked.
package indirect enum PlannedStatement: Sendable {
    /// Rows go to the client.
    case query(QueryPlan)
    /// The plan is printed, not run.
    case explain(QueryPlan, isVerbose: Bool)
    /// The statement is run, its plan printed with what was measured.
    case explainAnalyze(PlannedStatement)
    /// The plan ends in `insert` steps on the table.
    case insert(QueryPlan, TableID)
    /// The plan ends in `delete` steps on the table.
    case delete(QueryPlan, TableID)
    /// The plan has `delete` steps on the table, and ends in `insert` steps on it.
    case update(QueryPlan, TableID)
    /// `id` of the definition is `TableID.notYetCreated`.
    case createTable(TableDefinition)
    /// The table is created first; then `plan.insertTarget` is set to its id and the plan is run.
    case createTableAs(TableDefinition, QueryPlan)
    /// CREATE … IF NOT EXISTS of something that is there already: a notice, no change.
    case alreadyExists(String)
    case createSchema(String, owner: UserID)
    /// `views`: those that name something in it, under its new name.
    case renameSchema(String, to: String, views: [ViewDefinition])
    /// `views`: those that read it, with its new name in their texts.
    case renameView(TableName, to: TableName, views: [ViewDefinition])
    case comment(CommentTarget, String?)
    /// What the statement asks for is so already: nothing but its tag.
    case unchanged(tag: String)
    /// Schemas in the order written, with all that is in them.
    case dropSchemas([String], DroppedRelations)
    /// Names that IF EXISTS lets pass are in `missing`, for notices.
    case dropTables(DroppedRelations, missing: [String])
    case createView(ViewDefinition)
    /// With CASCADE also those that read them.
    case dropViews([TableName], missing: [String])
    case truncate(TableID)
    case access(PlannedAccess)
    case lock([TableID])
    case alterTable(TableAlteration)
    case appendTable(TableAppend)
    /// One after the other, each in a transaction of its own.
    case vacuum([TableID], VacuumStatement)
    /// Tables with the positions of the columns to analyse.
    case analyze([AnalyzeTarget])
    case analyzeCompression([AnalyzeTarget], sampleRows: Int64?)
    /// DECLARE, PIN and RESET STATISTICS; `columns`: positions of those that are declared, in their order.
    case statistics(TableID, columns: [Int], StatisticsStatement)
    case assertion(PlannedAssertion)
    /// `columns`: table columns in the order of the fields in the files.
    case copy(TableID, columns: [Int], CopyStatement)
    /// The plan's last segment ends in `unload`.
    case unload(QueryPlan, UnloadStatement)
    /// Transactions, SET, SHOW, PREPARE and their like: nothing to plan.
    case utility(Statement)
}

package struct AnalyzeTarget: Hashable, Sendable {
    package var table: TableID
    package var columns: [Int]

    package init(table: TableID, columns: [Int]) {
        self.table = table
        self.columns = columns
    }
}

extension TableID {
    /// Stands in a definition, and in the `insert` steps of its plan, until the leader has given out a number.
    package static let notYetCreated = TableID(0)
}

extension TableDefinition {
    /// The definition under the number that the leader has given out, also in foreign keys to the table itself.
    package func numbered(_ id: TableID) -> TableDefinition {
        var copy = self
        copy.id = id
        copy.constraints = constraints.map { constraint in
            guard case .foreignKey(let name, let columns, .notYetCreated, let referenced) = constraint else {
                return constraint
            }
            return .foreignKey(name: name, columns: columns, references: id, referencedColumns: referenced)
        }
        return copy
    }
}

extension QueryPlan {
    /// The same plan with its `insert` steps aimed at `table`: for CREATE TABLE AS.
    package func inserting(into table: TableID) -> QueryPlan {
        var copy = self
        for stream in copy.streams.indices {
            for segment in copy.streams[stream].segments.indices {
                let steps = copy.streams[stream].segments[segment].steps
                guard let last = steps.indices.last, case .insert = steps[last] else { continue }
                copy.streams[stream].segments[segment].steps[last] = .insert(table)
            }
        }
        return copy
    }
}
