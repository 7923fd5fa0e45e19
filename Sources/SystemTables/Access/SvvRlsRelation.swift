import Catalog
import SQLTypes

extension SystemView {
    static let svvRlsRelation = SystemView(
        "svv_rls_relation",
        [
            Column("datname", .longText), Column("relschema", .longText), Column("relname", .longText),
            Column("relkind", .longText), Column("is_rls_on", .boolean), Column("is_rls_datashare_on", .boolean),
            Column("rls_conjunction_type", .longText),
        ]
    ) { state in
        state.policies.rowSecurity.sorted { $0.key < $1.key }.compactMap { id, security -> [SQLValue]? in
            guard let table = state.catalog.tables[id] else { return nil }
            return [
                .text(state.database), .text(table.name.schema), .text(table.name.name), .text("table"),
                .boolean(true), .boolean(security.forDatashares), .text(security.needsAll ? "and" : "or"),
            ]
        }
    }
}
