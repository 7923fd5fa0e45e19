import Catalog
import SQLTypes

extension SystemView {
    static let svvSystemPrivileges = SystemView(
        "svv_system_privileges",
        [
            Column("system_privilege", .longText), Column("identity_id", .integer), Column("identity_name", .longText),
            Column("identity_type", .longText),
        ]
    ) { state in
        state.catalog.principals.roles.values.sorted { $0.id < $1.id }.filter { state.seesGrants(to: .role($0.id)) }
            .flatMap { role in
                state.catalog.access.privileges(ofRole: role.id).sorted().map { privilege in
                    [.text(privilege.rawValue)] + state.identity(.role(role.id))
                }
            }
    }
}
