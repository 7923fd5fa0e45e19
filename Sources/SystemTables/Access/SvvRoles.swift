import Catalog
import SQLTypes

extension SystemView {
    static let svvRoles = SystemView(
        "svv_roles",
        [
            Column("role_id", .integer), Column("role_name", .longText), Column("role_owner", .longText),
            Column("external_id", .longText),
        ]
    ) { state in
        state.catalog.principals.roles.values.sorted { $0.id < $1.id }.filter(state.mayKnow).map { role in
            [
                .int(role.id.rawValue), .text(role.name), .text(state.catalog.principals.userName(role.owner)),
                .text(role.externalID),
            ]
        }
    }
}
