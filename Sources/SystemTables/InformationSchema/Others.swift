import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.information_schema_catalog_name".
    static let informationSchemaCatalogName = SystemView(
        "information_schema_catalog_name", schema: "information_schema", [Column("catalog_name", .identifier)]
    ) { state in
        [[.text(state.database)]]
    }

    /// - Source: PostgreSQL, "information_schema.character_sets".
    static let informationSchemaCharacterSets = SystemView(
        "character_sets", schema: "information_schema",
        [
            Column("character_set_catalog", .identifier), Column("character_set_schema", .identifier),
            Column("character_set_name", .identifier), Column("character_repertoire", .identifier),
            Column("form_of_use", .identifier), Column("default_collate_catalog", .identifier),
            Column("default_collate_schema", .identifier), Column("default_collate_name", .identifier),
        ]
    ) { _ in
        [[.null, .null, .text("UTF8"), .text("UCS"), .text("UTF8"), .null, .null, .null]]
    }

    /// The tables and views that a view names.
    /// - Source: PostgreSQL 8.0, "information_schema.view_table_usage".
    static let informationSchemaViewTableUsage = SystemView(
        "view_table_usage", schema: "information_schema",
        [
            Column("view_catalog", .identifier), Column("view_schema", .identifier), Column("view_name", .identifier),
            Column("table_catalog", .identifier), Column("table_schema", .identifier),
            Column("table_name", .identifier),
        ]
    ) { state in
        state.knownViews.flatMap { view in
            (state.tablesRead(by: view).compactMap { state.catalog.tables[$0]?.name } + state.viewsRead(by: view)).map {
                [
                    .text(state.database), .text(view.name.schema), .text(view.name.name), .text(state.database),
                    .text($0.schema), .text($0.name),
                ]
            }
        }
    }

    /// - Source: PostgreSQL, "information_schema.sequences": there are none.
    static let informationSchemaSequences = SystemView(
        "sequences", schema: "information_schema",
        [
            Column("sequence_catalog", .identifier), Column("sequence_schema", .identifier),
            Column("sequence_name", .identifier), Column("data_type", .characterData),
            Column("numeric_precision", .integer), Column("numeric_precision_radix", .integer),
            Column("numeric_scale", .integer), Column("maximum_value", .characterData),
            Column("minimum_value", .characterData), Column("increment", .characterData),
            Column("cycle_option", .characterData),
        ]
    ) { _ in [] }

    /// Redshift has no CHECK. - Source: PostgreSQL 8.0, "information_schema.check_constraints".
    static let informationSchemaCheckConstraints = SystemView(
        "check_constraints", schema: "information_schema",
        [
            Column("constraint_catalog", .identifier), Column("constraint_schema", .identifier),
            Column("constraint_name", .identifier), Column("check_clause", .longText),
        ]
    ) { _ in [] }

    /// - Source: PostgreSQL 8.0, "information_schema.triggers": there are none.
    static let informationSchemaTriggers = SystemView(
        "triggers", schema: "information_schema",
        [
            Column("trigger_catalog", .identifier), Column("trigger_schema", .identifier),
            Column("trigger_name", .identifier), Column("event_manipulation", .characterData),
            Column("event_object_catalog", .identifier), Column("event_object_schema", .identifier),
            Column("event_object_table", .identifier), Column("action_order", .integer),
            Column("action_condition", .characterData), Column("action_statement", .characterData),
            Column("action_orientation", .characterData), Column("condition_timing", .characterData),
            Column("condition_reference_old_table", .identifier), Column("condition_reference_new_table", .identifier),
        ]
    ) { _ in [] }

    /// Built-in functions are everybody's without a grant. - Source: PostgreSQL 8.0, "information_schema.routine_privileges".
    static let informationSchemaRoutinePrivileges = SystemView(
        "routine_privileges", schema: "information_schema",
        [
            Column("grantor", .identifier), Column("grantee", .identifier), Column("specific_catalog", .identifier),
            Column("specific_schema", .identifier), Column("specific_name", .identifier),
            Column("routine_catalog", .identifier), Column("routine_schema", .identifier),
            Column("routine_name", .identifier), Column("privilege_type", .characterData),
            Column("is_grantable", .characterData),
        ]
    ) { _ in [] }

    /// Redshift has no domains. - Source: PostgreSQL 8.0, "information_schema.domains".
    static let informationSchemaDomains = SystemView(
        "domains", schema: "information_schema",
        [
            Column("domain_catalog", .identifier), Column("domain_schema", .identifier),
            Column("domain_name", .identifier), Column("data_type", .characterData),
            Column("character_maximum_length", .integer), Column("numeric_precision", .integer),
            Column("numeric_scale", .integer), Column("domain_default", .characterData),
            Column("udt_catalog", .identifier), Column("udt_schema", .identifier), Column("udt_name", .identifier),
        ]
    ) { _ in [] }

    /// USAGE is on domains there. - Source: PostgreSQL 8.0, "information_schema.usage_privileges".
    static let informationSchemaUsagePrivileges = SystemView(
        "usage_privileges", schema: "information_schema",
        [
            Column("grantor", .identifier), Column("grantee", .identifier), Column("object_catalog", .identifier),
            Column("object_schema", .identifier), Column("object_name", .identifier),
            Column("object_type", .characterData), Column("privilege_type", .characterData),
            Column("is_grantable", .characterData),
        ]
    ) { _ in [] }

    /// No table has a column of an array. - Source: PostgreSQL 8.0, "information_schema.element_types".
    static let informationSchemaElementTypes = SystemView(
        "element_types", schema: "information_schema",
        [
            Column("object_catalog", .identifier), Column("object_schema", .identifier),
            Column("object_name", .identifier), Column("object_type", .characterData),
            Column("array_type_identifier", .identifier), Column("data_type", .characterData),
            Column("udt_catalog", .identifier), Column("udt_schema", .identifier), Column("udt_name", .identifier),
            Column("dtd_identifier", .identifier),
        ]
    ) { _ in [] }

    /// Groups and roles that the session's user is a member of.
    /// - Source: PostgreSQL 8.0, "information_schema.enabled_roles".
    static let informationSchemaEnabledRoles = SystemView(
        "enabled_roles", schema: "information_schema", [Column("role_name", .identifier)]
    ) { state in
        let principals = state.catalog.principals
        guard let user = principals.user(named: state.user) else { return [] }
        let groups = principals.groups(of: user.id).compactMap { principals.groups[$0]?.name }
        let roles = principals.roles(of: .user(user.id)).compactMap { principals.roles[$0]?.name }
        return (groups + roles).sorted().map { [.text($0)] }
    }
}
