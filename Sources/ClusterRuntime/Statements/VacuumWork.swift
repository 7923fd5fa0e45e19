import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage

/// What a VACUUM does to one table, by its kind and by how much of the table is sorted and alive.
///
///     FULL, REINDEX   all rows into one sorted region, deleted ones dropped; or, if sorted well enough, DELETE ONLY
///     SORT ONLY       the same, deleted rows kept in row groups of their own, so that no space is freed
///     DELETE ONLY     sorted and unsorted region each without deleted rows, in the order they have
///     RECLUSTER       the unsorted region in order, beside the sorted one
/// - Source: Redshift developer guide, "VACUUM".
struct VacuumWork {
    struct Pass {
        var rewrite: RowRewrite
        /// nil: row groups of both regions.
        var region: Bool?
        /// The pass is about the deleted rows, which stay deleted.
        var staysDeleted = false

        func takes(_ group: RowGroupDescriptor) -> Bool { region == nil || region == group.isSorted }
    }

    private static let thresholdPercent: Int64 = 95

    private(set) var passes: [Pass] = []
    /// Redshift's words for what begins, or why nothing does.
    private(set) var status = ""
    let kind: VacuumEvent.Kind
    /// Row groups of the sorted region are written anew, too.
    private var includesSorted = true
    /// By slice.
    private var needsWork: [Bool]

    init(_ statement: VacuumStatement, _ definition: TableDefinition, _ table: TableVersion) {
        let hasOrder = !definition.sortKey.columns.isEmpty
        let stored = table.storedRowCount
        let sorted = table.partitions.joined().reduce(0) { $0 + ($1.isSorted ? $1.rowCount : 0) }
        let live = table.partitions.indices.reduce(0) { $0 + table.liveRowCount(ofSlice: $1) }
        let isForced = statement.kind == .reindex || statement.kind == .recluster
        let percent = Int(isForced ? 100 : statement.thresholdPercent ?? Self.thresholdPercent)
        let isSorted = !hasOrder || sorted * 100 >= stored * percent && statement.kind != .reindex
        let isAlive = live * 100 >= stored * percent

        func rewrite(sorts: Bool, isSorted: Bool) -> RowRewrite {
            RowRewrite(table: definition.id, sorts: sorts, isSorted: isSorted)
        }
        let deletes = [
            Pass(rewrite: rewrite(sorts: false, isSorted: true), region: true),
            Pass(rewrite: rewrite(sorts: false, isSorted: false), region: false),
        ]
        let sorting = Pass(rewrite: rewrite(sorts: true, isSorted: true))
        needsWork = table.deleted.map { !$0.isEmpty }
        kind = statement.kind.logged
        switch statement.kind {
        case .full, .reindex:
            if isSorted {
                passes = isAlive ? [] : deletes
            } else {
                passes = [sorting]
                for slice in needsWork.indices where !needsWork[slice] {
                    needsWork[slice] = statement.kind == .reindex || table.partitions[slice].contains { !$0.isSorted }
                }
            }
        case .sortOnly:
            if isSorted { break }
            passes = [sorting, Pass(rewrite: rewrite(sorts: true, isSorted: true), staysDeleted: true)]
            for slice in needsWork.indices { needsWork[slice] = table.partitions[slice].contains { !$0.isSorted } }
        case .deleteOnly: passes = isAlive ? [] : deletes
        case .recluster:
            if isSorted { break }
            passes = [Pass(rewrite: rewrite(sorts: true, isSorted: false), region: false)]
            includesSorted = false
            for slice in needsWork.indices { needsWork[slice] = table.partitions[slice].contains { !$0.isSorted } }
        }
        let wholly = !hasOrder || sorted == stored
        status =
            stored == 0
            ? "Skipped (0 rows)"
            : passes.isEmpty
                ? Self.skipped(statement.kind, isSorted: wholly, percent)
                : Self.started(statement.kind, deletesOnly: isSorted, hasOrder: hasOrder, percent)
    }

    /// - Source: Redshift developer guide, "STL_VACUUM", status.
    private static func started(
        _ kind: VacuumStatement.Kind, deletesOnly: Bool, hasOrder: Bool, _ percent: Int
    ) -> String {
        switch kind {
        case .full where deletesOnly:
            hasOrder ? "Started Delete Only (Sorted >= \(percent)%)" : "Started Delete Only"
        case .full, .recluster: "Started"
        case .sortOnly: "Started Sort Only"
        case .deleteOnly: "Started Delete Only"
        case .reindex: "Started Reindex"
        }
    }

    private static func skipped(_ kind: VacuumStatement.Kind, isSorted: Bool, _ percent: Int) -> String {
        switch kind {
        case .full, .reindex, .recluster: "Skipped"
        case .sortOnly: isSorted ? "Skipped (sort only)" : "Skipped (sort only, sorted>=\(percent)%)"
        case .deleteOnly: "Skipped (delete only)"
        }
    }

    /// Slices whose rows a pass sorts.
    var sortedSlices: Int { passes.contains { $0.rewrite.sorts } ? needsWork.count { $0 } : 0 }

    func isRewritten(_ group: RowGroupDescriptor, _ slice: Int) -> Bool {
        needsWork[slice] && (includesSorted || !group.isSorted)
    }
}

extension VacuumStatement.Kind {
    fileprivate var logged: VacuumEvent.Kind {
        switch self {
        case .full: .full
        case .sortOnly: .sort
        case .deleteOnly: .delete
        case .reindex: .reindex
        case .recluster: .recluster
        }
    }
}
