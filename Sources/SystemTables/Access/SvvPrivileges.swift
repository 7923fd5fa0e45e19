import Catalog
import SQLTypes

// What was granted, one privilege a row.
// - Source: Redshift developer guide, "SVV_RELATION_PRIVILEGES" and its siblings.

extension SystemView {
    private static let identityColumns = [
        Column("privilege_type", .longText), Column("identity_id", .integer), Column("identity_name", .longText),
        Column("identity_type", .longText),
    ]
    private static let optionColumn = Column("admin_option", .boolean)

    static let svvRelationPrivileges = SystemView(
        "svv_relation_privileges",
        [Column("namespace_name", .longText), Column("relation_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        state.relationLists.flatMap { relation in
            state.rows(
                [.text(relation.name.schema), .text(relation.name.name)],
                state.catalog.access.list(of: relation.object))
        }
    }

    static let svvColumnPrivileges = SystemView(
        "svv_column_privileges",
        [
            Column("namespace_name", .longText), Column("relation_name", .longText), Column("column_name", .longText),
        ] + identityColumns
    ) { state in
        state.relationLists.flatMap { relation in
            let columns = state.catalog.access.columns[relation.object] ?? [:]
            return columns.sorted { $0.key < $1.key }.flatMap { column, list in
                state.rows(
                    [.text(relation.name.schema), .text(relation.name.name), .text(column)], list, withOption: false)
            }
        }
    }

    static let svvSchemaPrivileges = SystemView(
        "svv_schema_privileges",
        [Column("namespace_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        state.ownSchemas.flatMap { state.rows([.text($0)], state.catalog.access.list(of: .schema($0))) }
    }

    static let svvDatabasePrivileges = SystemView(
        "svv_database_privileges",
        [Column("database_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        state.rows([.text(state.database)], state.catalog.access.list(of: .database(state.database)))
    }

    static let svvLanguagePrivileges = SystemView(
        "svv_language_privileges",
        [Column("language_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        ["internal", "plpgsql", "plpythonu", "sql"].flatMap {
            state.rows([.text($0)], state.catalog.access.list(of: .language($0)))
        }
    }

    /// No functions and procedures of users' own exist to have privileges on.
    static let svvFunctionPrivileges = SystemView(
        "svv_function_privileges",
        [
            Column("namespace_name", .longText), Column("function_name", .longText),
            Column("argument_types", .longText),
        ] + identityColumns + [optionColumn]
    ) { _ in [] }

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

    /// - Source: PostgreSQL 8.0, "information_schema.table_privileges": those that the user has or has given.
    static let informationSchemaTablePrivileges = SystemView(
        "table_privileges", schema: "information_schema",
        [
            Column("grantor", .name), Column("grantee", .name), Column("table_catalog", .name),
            Column("table_schema", .name), Column("table_name", .name),
            Column("privilege_type", .varchar(length: 16)), Column("is_grantable", .varchar(length: 3)),
            Column("with_hierarchy", .varchar(length: 3)),
        ]
    ) { state in
        state.relationLists.flatMap { relation -> [[SQLValue]] in
            let access = state.catalog.access
            let owner = access.owner(of: relation.object)
            var own = AccessList()
            own.grant(
                AccessEntry(
                    grantee: .user(owner), grantor: owner, privileges: relation.object.allPrivileges,
                    grantable: relation.object.allPrivileges))
            return (own.each + access.list(of: relation.object).each).filter { state.seesGrants(to: $0.grantee) }
                .map { granted in
                    let grantee = granted.grantee == .everyone ? .text("PUBLIC") : state.identity(granted.grantee)[1]
                    return [
                        .text(state.catalog.principals.userName(granted.grantor)), grantee, .text(state.database),
                        .text(relation.name.schema), .text(relation.name.name), .text(granted.privilege),
                        .text(granted.isGrantable ? "YES" : "NO"), .text("NO"),
                    ]
                }
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

    fileprivate var letter: String {
        switch self {
        case .tables: "r"
        case .functions: "f"
        case .procedures: "p"
        }
    }
}
