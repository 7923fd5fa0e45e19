import Catalog
import SQLTypes

/// What policies need cannot go, or change, before they do.
/// - Source: Redshift developer guide, "RLS policy dependencies" and "Considerations when using dynamic data masking".
struct PolicyDependencies {
    private let catalog: CatalogSnapshot

    init(_ catalog: CatalogSnapshot) { self.catalog = catalog }

    func check(_ planned: PlannedStatement) throws(SQLError) {
        switch planned {
        case .dropTables(let dropped, _), .dropSchemas(_, let dropped):
            for table in dropped.tables { try expectNoLookup(table, "dropped") }
        case .alterTable(let alteration):
            guard let old = catalog.tables[alteration.definition.id] else { return }
            try check(old, alteration.definition)
        default: break
        }
    }

    private func expectNoLookup(_ table: TableID, _ verb: String) throws(SQLError) {
        guard
            let policy = catalog.policies.rowPolicies.values.sorted(by: { $0.name < $1.name })
                .first(where: { $0.lookups.contains(table) })
        else { return }
        throw SQLError(
            .dependentObjectsStillExist,
            "relation \"\(catalog.tables[table]?.name.name ?? "")\" cannot be \(verb) because RLS policy "
                + "\"\(policy.name)\" looks it up", hint: "Drop the policy first.")
    }

    private func check(_ old: TableDefinition, _ new: TableDefinition) throws(SQLError) {
        let types = Dictionary(new.columns.map { ($0.name, $0.type) }) { first, _ in first }
        let changed = old.columns.filter { types[$0.name] != $0.type }
        if !changed.isEmpty || old.name != new.name { try expectNoLookup(old.id, "altered") }
        let policies = catalog.policies
        for column in changed {
            let row = policies.rowAttachments(of: old.id).first {
                policies.rowPolicies[$0.policy]?.columns.contains { $0.name == column.name } ?? false
            }
            let masking = policies.maskingAttachments(of: old.id).first {
                $0.inputs.contains(column.name) || $0.outputs.contains(column.name)
            }
            guard let name = row?.policy ?? masking?.policy else { continue }
            throw SQLError(
                .dependentObjectsStillExist,
                "column \"\(column.name)\" of relation \"\(old.name.name)\" cannot be altered because policy "
                    + "\"\(name)\" is attached to it", hint: "Detach the policy first.")
        }
    }
}
