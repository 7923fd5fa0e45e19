import Catalog
import SQLTypes

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
}
