/// `GRANT privileges ON object TO …`, `REVOKE privileges ON object FROM …`.
/// - Source: Redshift developer guide, "GRANT", "REVOKE".
package struct GrantStatement: Hashable, Sendable {
    package struct Privilege: Hashable, Sendable {
        /// In capitals; CREATE USER and its like are two words.
        package var name: String
        /// Empty: on the whole object.
        package var columns: [Identifier]
        package var position: SourcePosition

        package init(_ name: String, columns: [Identifier] = [], at position: SourcePosition = .unknown) {
            self.name = name
            self.columns = columns
            self.position = position
        }
    }

    package enum Object: Hashable, Sendable {
        case tables([QualifiedName])
        case allTables(inSchemas: [Identifier])
        case schemas([Identifier])
        case databases([Identifier])
        case languages([Identifier])
        case routines(Routines, [Routine])
        case allRoutines(Routines, inSchemas: [Identifier])
        /// Of ALTER DEFAULT PRIVILEGES.
        case newTables
        case newRoutines(Routines)
        /// No ON: CREATE USER and its like, which roles can have.
        case system
    }

    package enum Routines: String, Hashable, Sendable {
        case functions = "FUNCTION", procedures = "PROCEDURE"
    }

    package struct Routine: Hashable, Sendable {
        package var name: QualifiedName
        package var arguments: [TypeName]

        package init(_ name: QualifiedName, _ arguments: [TypeName]) {
            self.name = name
            self.arguments = arguments
        }
    }

    package var isGrant: Bool
    /// REVOKE GRANT OPTION FOR.
    package var grantOptionOnly: Bool
    /// Empty: ALL.
    package var privileges: [Privilege]
    package var object: Object
    package var targets: [GrantTarget]
    /// Of REVOKE: what depends on it goes too.
    package var isCascade: Bool

    package init(
        isGrant: Bool, grantOptionOnly: Bool = false, _ privileges: [Privilege], on object: Object,
        _ targets: [GrantTarget], isCascade: Bool = false
    ) {
        self.isGrant = isGrant
        self.grantOptionOnly = grantOptionOnly
        self.privileges = privileges
        self.object = object
        self.targets = targets
        self.isCascade = isCascade
    }
}

/// `ALTER DEFAULT PRIVILEGES [FOR USER …] [IN SCHEMA …] GRANT …`.
package struct DefaultPrivilegesStatement: Hashable, Sendable {
    /// Empty: the current user.
    package var users: [Identifier]
    /// Empty: wherever objects are created.
    package var schemas: [Identifier]
    package var grant: GrantStatement

    package init(users: [Identifier], schemas: [Identifier], _ grant: GrantStatement) {
        self.users = users
        self.schemas = schemas
        self.grant = grant
    }
}
