import Catalog
import SQLTypes

extension SystemView {
    static let svvRlsAttachedPolicy = SystemView(
        "svv_rls_attached_policy",
        [
            Column("relschema", .longText), Column("relname", .longText), Column("relkind", .longText),
            Column("polname", .longText), Column("grantor", .longText), Column("grantee", .longText),
            Column("granteekind", .longText), Column("is_pol_on", .boolean), Column("is_rls_on", .boolean),
            Column("rls_conjunction_type", .longText),
        ]
    ) { state in
        state.policies.rowAttachments.compactMap { attachment -> [SQLValue]? in
            guard let table = state.catalog.tables[attachment.table] else { return nil }
            let security = state.policies.rowSecurity[table.id]
            return [
                .text(table.name.schema), .text(table.name.name), .text("table"), .text(attachment.policy),
                .text(state.catalog.principals.userName(attachment.grantor)),
            ] + state.identity(attachment.grantee).dropFirst() + [
                .boolean(true), .boolean(security != nil), .text(security?.needsAll == false ? "or" : "and"),
            ]
        }
    }
}
