import Catalog
import SQLTypes

extension SystemView {
    static let svvDefaultPrivileges = SystemView(
        "svv_default_privileges",
        [
            Column("schema_name", .longText), Column("object_type", .longText), Column("owner_id", .integer),
            Column("owner_name", .longText), Column("owner_type", .longText), Column("privilege_type", .longText),
            Column("grantee_id", .integer), Column("grantee_name", .longText), Column("grantee_type", .longText),
            Column("admin_option", .boolean),
        ]
    ) { state in
        state.catalog.access.defaults.sorted { $0.key < $1.key }.flatMap { key, list in
            state.rows(
                [.text(key.schema), .text(key.kind.shownName)] + state.identity(.user(key.owner)), list)
        }
    }
}

extension AccessControl.DefaultKey.Kind {
    fileprivate var shownName: String {
        switch self {
        case .tables: "RELATION"
        case .functions: "FUNCTION"
        case .procedures: "PROCEDURE"
        }
    }
}
