import Catalog
import SQLTypes

extension SystemView {
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

    private static func names(_ columns: [String]) -> SQLValue {
        .text("[" + columns.map { "\"\($0.jsonEscaped)\"" }.joined(separator: ",") + "]")
    }
}
