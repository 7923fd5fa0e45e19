import Catalog
import SQLTypes

/// HAS_…_PRIVILEGE, USER_IS_MEMBER_OF, ROLE_IS_MEMBER_OF, PG_GET_USERBYID.
/// - Source: Redshift developer guide, "System information functions"; PostgreSQL 8.0, "Access Privilege Inquiry
///   Functions".
enum PrivilegeFunctions {
    static let all: [SystemFunction] =
        [
            inquiry("has_table_privilege", relation),
            inquiry("has_any_column_privilege", anyColumn),
            inquiry("has_schema_privilege", schema),
            inquiry("has_database_privilege", database, everybodys: "CONNECT"),
            inquiry("has_language_privilege", language),
            inquiry("has_function_privilege", function),
            columnInquiry,
        ] + memberships + [
            SystemFunction("pg_get_userbyid", [.integer], .name) { catalog, arguments in
                let id = UserID(Int32(truncatingIfNeeded: arguments.integer(0)))
                return SQLValue(catalog().state.catalog.principals.userName(id))
            }
        ]

    /// One object and what may be done with it: nil: there is no such object.
    private typealias Test =
        @Sendable (
            _ catalog: CatalogLookup, _ object: SQLValue, _ privilege: Privileges, _ rights: Rights?
        ) throws(SQLError) -> Bool?

    /// `([user,] object, privilege)`; user and object by name or by number.
    /// - Parameter everybodys: a privilege that later releases have and psql asks for; here nobody can be without it.
    private static func inquiry(
        _ name: String, _ test: @escaping Test, everybodys: String? = nil
    ) -> SystemFunction {
        let forms: [[SQLType]] = [
            [.longText, .longText], [.oid, .longText], [.name, .longText, .longText], [.name, .oid, .longText],
            [.integer, .longText, .longText], [.integer, .oid, .longText],
        ]
        return SystemFunction(name, forms.map { ($0, .boolean) }) { source, arguments throws(SQLError) in
            let catalog = source()
            let rights = try rights(arguments.count == 3 ? arguments[0] : nil, catalog)
            let object = number(arguments[arguments.count - 2])
            if let everybodys, arguments.text(arguments.count - 1).uppercased() == everybodys {
                return try test(catalog, object, [], nil).map { .boolean($0) } ?? .null
            }
            let privilege = try Inquiry(arguments[arguments.count - 1])
            guard let holds = try test(catalog, object, privilege.privileges, rights) else { return .null }
            return .boolean(holds)
        }
    }

    /// `([user,] table, column, privilege)`.
    private static let columnInquiry: SystemFunction = {
        let tables: [SQLType] = [.longText, .oid]
        let columns: [SQLType] = [.longText, .smallint]
        var forms: [[SQLType]] = []
        for table in tables {
            for column in columns {
                forms.append([table, column, .longText])
                forms.append([.name, table, column, .longText])
                forms.append([.integer, table, column, .longText])
            }
        }
        return SystemFunction(
            "has_column_privilege", forms.map { ($0, .boolean) }
        ) { source, arguments throws(SQLError) in
            let catalog = source()
            let privilege = try Inquiry(arguments[arguments.count - 1]).privileges
            let rights = try rights(arguments.count == 4 ? arguments[0] : nil, catalog)
            guard let relation = try found(number(arguments[arguments.count - 3]), catalog) else { return .null }
            let column = try columnName(arguments[arguments.count - 2], of: relation)
            guard let column else { return .null }
            guard let rights else { return .boolean(true) }
            guard let object = relation.securable else { return .boolean(privilege == .select) }
            return .boolean(rights.allows(privilege, on: object, column: column))
        }
    }()

    /// An object's number, which may have become text on its way here: no name is digits alone.
    private static func number(_ object: SQLValue) -> SQLValue {
        guard case .string = object, let number = Int64([object].text(0)) else { return object }
        return .integer(number)
    }

    // MARK: Objects

    private static let relation: Test = { catalog, object, privilege, rights throws(SQLError) in
        guard let relation = try found(object, catalog) else { return nil }
        guard let rights else { return true }
        if let object = relation.securable { return rights.allows(privilege, on: object) }
        guard case .system(let view) = relation.content else { return false }
        return privilege == .select && (!view.definition.isSuperuserOnly || rights.holds(.accessSystemTable))
    }

    /// On the relation, or on one of its columns.
    private static let anyColumn: Test = { catalog, object, privilege, rights throws(SQLError) in
        guard let holds = try PrivilegeFunctions.relation(catalog, object, privilege, rights) else { return nil }
        if holds { return true }
        guard let rights, let relation = try found(object, catalog), let object = relation.securable else {
            return false
        }
        return relation.columns.contains { rights.allows(privilege, on: object, column: $0.name) }
    }

    private static let schema: Test = { catalog, object, privilege, rights throws(SQLError) in
        let name: String
        if case .string = object {
            name = [object].text(0)
            guard catalog.objects.schemas.contains(where: { $0.name == name }) else {
                throw SQLError(.invalidSchemaName, "schema \"\(name)\" does not exist")
            }
        } else {
            guard let schema = catalog.objects.schemas.first(where: { Int64($0.oid) == [object].integer(0) }) else {
                return nil
            }
            name = schema.name
        }
        return rights?.allows(privilege, on: .schema(name)) ?? true
    }

    private static let database: Test = { catalog, object, privilege, rights throws(SQLError) in
        let own = catalog.state.database
        if case .string = object {
            guard [object].text(0) == own else {
                throw SQLError(.invalidCatalogName, "database \"\([object].text(0))\" does not exist")
            }
        } else if [object].integer(0) != Int64(catalog.state.databaseNumber) {
            return nil
        }
        return rights?.allows(privilege, on: .database(own)) ?? true
    }

    private static let language: Test = { catalog, object, privilege, rights throws(SQLError) in
        guard case .string = object else { return nil }
        let name = [object].text(0).lowercased()
        guard ["internal", "c", "sql", "plpythonu", "plpgsql"].contains(name) else {
            throw SQLError(.undefinedObject, "language \"\(name)\" does not exist")
        }
        return rights?.allows(privilege, on: .language(name)) ?? true
    }

    /// Built-in functions are everybody's, and there are no others.
    private static let function: Test = { catalog, object, privilege, _ throws(SQLError) in
        guard privilege == .execute else { throw unknown(privilege.names.joined()) }
        guard case .string = object else { return true }
        let text = [object].text(0)
        let name = String(text.prefix { $0 != "(" }.split(separator: ".").last ?? "").lowercased()
        guard catalog.state.functions().all.contains(where: { $0.signature.name == name }) else {
            throw SQLError(.undefinedFunction, "function \"\(text)\" does not exist")
        }
        return true
    }

    private static func found(
        _ value: SQLValue, _ catalog: CatalogLookup
    ) throws(SQLError) -> CatalogObjects.Relation? {
        if case .string = value { return try catalog.relation(written: [value].text(0)) }
        return catalog.relation([value].integer(0))
    }

    private static func columnName(
        _ value: SQLValue, of relation: CatalogObjects.Relation
    ) throws(SQLError) -> String? {
        let names = relation.columns.map(\.name)
        if case .string = value {
            let name = [value].text(0).lowercased()
            guard names.contains(name) else {
                throw SQLError(
                    .undefinedColumn, "column \"\(name)\" of relation \"\(relation.name.name)\" does not exist")
            }
            return name
        }
        let number = Int([value].integer(0))
        return names.indices.contains(number - 1) ? names[number - 1] : nil
    }

    // MARK: Who

    /// nil: may do everything.
    private static func rights(_ user: SQLValue?, _ catalog: CatalogLookup) throws(SQLError) -> Rights? {
        guard let user else { return catalog.state.rights }
        let snapshot = catalog.state.catalog
        if case .string = user {
            let name = [user].text(0).lowercased()
            if name == "public" { return Rights(of: .everyone, in: snapshot) }
            return snapshot.rights(of: try id(ofUser: name, snapshot))
        }
        return snapshot.rights(of: UserID(Int32(truncatingIfNeeded: [user].integer(0))))
    }

    private static func id(ofUser name: String, _ catalog: CatalogSnapshot) throws(SQLError) -> UserID {
        guard let user = catalog.principals.user(named: name) else {
            throw SQLError(.undefinedObject, "user \"\(name)\" does not exist")
        }
        return user.id
    }

    private static func id(ofRole name: String, _ catalog: CatalogSnapshot) throws(SQLError) -> RoleID {
        guard let role = catalog.principals.role(named: name) else {
            throw SQLError(.undefinedObject, "role \"\(name)\" does not exist")
        }
        return role.id
    }

    private static let memberships: [SystemFunction] = [
        // A superuser is a member of all roles.
        SystemFunction(
            "user_is_member_of", [([.name, .longText], .boolean), ([.longText], .boolean)]
        ) { source, arguments throws(SQLError) in
            let catalog = source().state.catalog
            let role = try id(ofRole: arguments.text(arguments.count - 1).lowercased(), catalog)
            let user =
                arguments.count == 2
                ? try id(ofUser: arguments.text(0).lowercased(), catalog)
                : try id(ofUser: source().state.user, catalog)
            return .boolean(
                catalog.rights(of: user) == nil || catalog.principals.roles(of: .user(user)).contains(role))
        },
        SystemFunction("role_is_member_of", [.name, .longText], .boolean) { source, arguments throws(SQLError) in
            let catalog = source().state.catalog
            let role = try id(ofRole: arguments.text(0).lowercased(), catalog)
            let other = try id(ofRole: arguments.text(1).lowercased(), catalog)
            return .boolean(catalog.principals.roles(of: .role(role)).contains(other))
        },
    ]

    // MARK: Privileges

    /// `SELECT`, or `SELECT WITH GRANT OPTION`.
    private struct Inquiry {
        var privileges: Privileges

        init(_ value: SQLValue) throws(SQLError) {
            let text = [value].text(0).uppercased()
            let name = text.replacing(" WITH GRANT OPTION", with: "")
            guard let privileges = Privileges(named: name) else { throw PrivilegeFunctions.unknown(name) }
            self.privileges = privileges
        }
    }

    private static func unknown(_ name: String) -> SQLError {
        SQLError(.invalidParameterValue, "unrecognized privilege type: \"\(name)\"")
    }
}
