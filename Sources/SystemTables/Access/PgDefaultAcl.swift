import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "PG_DEFAULT_ACL".
    static let pgDefaultAcl = SystemView(
        catalog: "pg_default_acl",
        [
            Column("defacluser", .integer), Column("defaclnamespace", .oid), Column("defaclobjtype", .byte),
            Column("defaclacl", .array(.aclitem)),
        ]
    ) { state in
        let schemas = CatalogObjects(state).schemas
        return state.catalog.access.defaults.sorted { $0.key < $1.key }.map { key, list in
            [
                .int(key.owner.rawValue), .oid(schemas.first { $0.name == key.schema }?.oid ?? 0),
                .text(key.kind.letter), .text(state.catalog.accessItems(of: list)),
            ]
        }
    }
}

extension AccessControl.DefaultKey.Kind {
    fileprivate var letter: String {
        switch self {
        case .tables: "r"
        case .functions: "f"
        case .procedures: "p"
        }
    }
}
