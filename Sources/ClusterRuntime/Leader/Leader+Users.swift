package import Catalog
import Planner
import SQLSyntax
package import SQLTypes
import Storage

// Who may log in.

extension Leader {
    /// The superuser who was there when the cluster was made.
    package var master: UserDefinition {
        guard let master = storage.current.catalog.principals.users[.master] else {
            preconditionFailure("a cluster without its master user")
        }
        return master
    }

    /// The user who wants to open a session on a database, for whoever checks the password. What a client may know of
    /// a user it cannot be is the same as of a wrong password: nothing.
    /// - Throws: 28000: no such user, or one that cannot log in any more; 3D000: no such database; 53300: as many
    ///   sessions are open as the user may have.
    package func login(user name: String, database: String) throws(SQLError) -> UserDefinition {
        guard let user = user(named: name) else { throw .passwordAuthenticationFailed(user: name) }
        guard let definition = databases.first(where: { $0.name == database }) else {
            throw SQLError(.invalidCatalogName, "database \"\(database)\" does not exist")
        }
        if let limit = definition.connectionLimit, !user.isSuperuser {
            let open = sessions.all.count { $0.database == database }
            guard open < limit else {
                throw SQLError(.tooManyConnections, "too many connections for database \"\(database)\"")
            }
        }
        guard !sessions.isFull(for: user) else { throw .tooManyConnections(of: user) }
        return user
    }

    /// nil: nobody whom a password could let in.
    package func user(named name: String) -> UserDefinition? {
        guard let user = storage.current.catalog.principals.user(named: name), user.id != .rdsdb,
            user.validUntil.map({ $0 > Platform.timestampNow }) ?? true
        else { return nil }
        return user
    }

    /// A cluster that has no master user yet gets one; one that has gets its new password.
    static func prepareMaster(
        in storage: ClusterStorage, _ configuration: ClusterConfiguration
    ) throws(SQLError) {
        let present = storage.current.catalog.principals.users[.master]
        if let present, present.name != configuration.userName,
            configuration.userName != ClusterConfiguration.standardUserName
        {
            throw SQLError(
                .objectNotInPrerequisiteState,
                "the master user of this cluster is \"\(present.name)\", not \"\(configuration.userName)\"",
                hint: "Open it under that name, or leave the name out.")
        }
        var user =
            present
            ?? UserDefinition(
                id: .master, name: configuration.userName, isSuperuser: true, canCreateDatabases: true,
                syslogAccess: true)
        if let password = configuration.masterPassword,
            user.verifiers?.matches(password: password, user: user.name) != true
        {
            let checked = try Planner.checkedPassword(Password(password))
            user.verifiers = PasswordVerifiers(checked, user: user.name)
        }
        guard user != present else { return }
        let change: AccessChange = present == nil ? .createUser(user) : .replaceUser(user)
        _ = try storage.commit(CommitRecord(transaction: 0, changes: [.access(change)]))
    }
}

extension PasswordVerifiers {
    /// nil: a password that is disabled.
    init?(_ password: NewPassword, user: String) {
        switch password {
        case .disabled: return nil
        case .verifiers(let verifiers): self = verifiers
        case .clearText(let password, let withMD5):
            var random = SystemRandomNumberGenerator()
            self.init(password: password.text, user: user, withMD5: withMD5, using: &random)
        }
    }
}

extension SQLError {
    package static func passwordAuthenticationFailed(user: String) -> SQLError {
        SQLError(.invalidAuthorization, "password authentication failed for user \"\(user)\"")
    }
}
