import Catalog
import SQLTypes

// Row-level security and dynamic data masking: for superusers and who has the role sys:secadmin; others see no rows.
// - Source: Redshift developer guide, "SVV_RLS_POLICY" and its siblings.

extension SystemView {
    static let svvRlsPolicy = SystemView(
        "svv_rls_policy",
        [
            Column("poldb", .longText), Column("polname", .longText), Column("polalias", .longText),
            Column("polatts", .longText), Column("polqual", .longText), Column("polenabled", .boolean),
            Column("polmodifiedby", .name), Column("polmodifiedtime", .timestamp),
        ]
    ) { state in
        state.policies.rowPolicies.values.sorted { $0.name < $1.name }.map { policy in
            [
                .text(state.database), .text(policy.name), .text(policy.alias), attributes(policy.columns),
                .text(policy.predicate), .boolean(true), .text(state.catalog.principals.userName(policy.modifiedBy)),
                .timestamp(policy.modifiedAt),
            ]
        }
    }

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

    static let svvMaskingPolicy = SystemView(
        "svv_masking_policy",
        [
            Column("policy_database", .longText), Column("policy_name", .longText), Column("input_columns", .longText),
            Column("policy_expression", .longText), Column("policy_modified_by", .longText),
            Column("policy_modified_time", .timestamp),
        ]
    ) { state in
        state.policies.maskingPolicies.values.sorted { $0.name < $1.name }.map { policy in
            [
                .text(state.database), .text(policy.name), attributes(policy.inputs),
                .text("[" + policy.expressions.map { "{\"expr\":\"\($0.jsonEscaped)\"}" }.joined(separator: ",") + "]"),
                .text(state.catalog.principals.userName(policy.modifiedBy)), .timestamp(policy.modifiedAt),
            ]
        }
    }

    static let svvAttachedMaskingPolicy = SystemView(
        "svv_attached_masking_policy",
        [
            Column("policy_name", .longText), Column("schema_name", .longText), Column("table_name", .longText),
            Column("table_type", .longText), Column("grantor", .longText), Column("grantee", .longText),
            Column("grantee_type", .longText), Column("priority", .integer), Column("input_columns", .longText),
            Column("output_columns", .longText),
        ]
    ) { state in
        state.policies.maskingAttachments.compactMap { attachment -> [SQLValue]? in
            guard let table = state.catalog.tables[attachment.table] else { return nil }
            return [
                .text(attachment.policy), .text(table.name.schema), .text(table.name.name), .text("table"),
                .text(state.catalog.principals.userName(attachment.grantor)),
            ] + state.identity(attachment.grantee).dropFirst() + [
                .int(Int32(clamping: attachment.priority)), names(attachment.inputs), names(attachment.outputs),
            ]
        }
    }

    private static func attributes(_ columns: [PolicyColumn]) -> SQLValue {
        .text(
            "["
                + columns.map { column in
                    "{\"colname\":\"\(column.name.jsonEscaped)\",\"type\":\"\(column.type.description)\"}"
                }.joined(separator: ",") + "]")
    }

    private static func names(_ columns: [String]) -> SQLValue {
        .text("[" + columns.map { "\"\($0.jsonEscaped)\"" }.joined(separator: ",") + "]")
    }
}

extension SystemState {
    /// Empty for whoever is no security administrator.
    fileprivate var policies: SecurityPolicies {
        rights?.has(RoleDefinition.securityAdministrator.id) ?? true ? catalog.policies : SecurityPolicies()
    }
}

extension String {
    fileprivate var jsonEscaped: String {
        replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
