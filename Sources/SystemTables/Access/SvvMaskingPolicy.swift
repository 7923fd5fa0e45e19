import Catalog
import SQLTypes

extension SystemView {
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
}
