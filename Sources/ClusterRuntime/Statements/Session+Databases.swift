package import Catalog
import SQLSyntax
import SQLTypes
import Storage

// Databases: each has a catalog of its own, in the same cluster and in the same commits.

extension DatabaseSession {
    /// How versions name the session's database: the cluster's first one has no name of its own there.
    nonisolated var databaseKey: String { leader.databaseKey(record.database) }

    /// What is committed, as the session's database has it.
    nonisolated var current: DatabaseVersion { leader.storage.current.seen(from: databaseKey) }

    /// Changes of the session's database, as a commit needs them.
    func scoped(_ changes: [CommitRecord.Change]) -> [CommitRecord.Change] {
        databaseKey.isEmpty || changes.isEmpty ? changes : [.use(database: databaseKey)] + changes
    }

    func execute(_ create: CreateDatabaseStatement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let user = try databaseUser("CREATE DATABASE")
        guard isSuperuser || user.canCreateDatabases else {
            throw SQLError(.insufficientPrivilege, "permission denied to create database")
        }
        let name = create.database.name
        let place = create.database.position.character
        guard !["template0", "template1", "padb_harvest", "sys:internal"].contains(name) else {
            throw SQLError(.reservedName, "database name \"\(name)\" is reserved", position: place)
        }
        let owner = try create.owner.map { (owner) throws(SQLError) in try self.user(named: owner) } ?? user
        guard isSuperuser || owner.id == user.id else {
            throw SQLError(.insufficientPrivilege, "must be superuser to create a database for another user")
        }
        let definition = DatabaseDefinition(
            name: name, owner: owner.id, connectionLimit: try limit(create.connectionLimit))
        return try await changeDatabases("CREATE DATABASE", run) { version throws(SQLError) in
            guard name != self.leader.configuration.databaseName, version.catalog.databases[name] == nil else {
                throw SQLError(.duplicateDatabase, "database \"\(name)\" already exists", position: place)
            }
            let level: [CommitRecord.Change] =
                create.isSerializable == true ? [.setIsolation(database: name, .serializable)] : []
            return [.putDatabase(definition)] + level
        }
    }

    func dropDatabase(_ database: Identifier, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let name = database.name
        _ = try databaseUser("DROP DATABASE")
        return try await changeDatabases("DROP DATABASE", run, closing: database) { version throws(SQLError) in
            _ = try self.owned(database, in: version)
            let catalog = version.seen(from: name).catalog
            let tables = catalog.tables.keys.sorted().map { CommitRecord.Change.dropTable($0) }
            return [.use(database: name)] + tables + [.use(database: ""), .dropDatabase(name)]
        }
    }

    func execute(_ alter: AlterDatabaseStatement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        _ = try databaseUser("ALTER DATABASE")
        let name = alter.database.name
        var closing: Identifier?
        if case .rename = alter.action { closing = alter.database }
        return try await changeDatabases("ALTER DATABASE", run, closing: closing) { version throws(SQLError) in
            if case .isolation(let isSerializable) = alter.action {
                if self.leader.databaseKey(name) != "" {
                    _ = try self.owned(alter.database, in: version)
                } else if !self.isSuperuser {
                    throw SQLError(
                        .insufficientPrivilege, "must be owner of database \(name)",
                        position: alter.database.position.character)
                }
                return [
                    .use(database: self.leader.databaseKey(name)),
                    .setIsolation(database: name, isSerializable ? .serializable : .snapshot),
                ]
            }
            var definition = try self.owned(alter.database, in: version)
            switch alter.action {
            case .isolation: return []
            case .rename(let new):
                guard new.name != self.leader.configuration.databaseName, version.catalog.databases[new.name] == nil
                else {
                    throw SQLError(
                        .duplicateDatabase, "database \"\(new.name)\" already exists",
                        position: new.position.character)
                }
                return [.renameDatabase(name, to: new.name)]
            case .owner(let owner):
                guard self.isSuperuser else {
                    throw SQLError(
                        .insufficientPrivilege, "must be superuser to change owner",
                        position: owner.position.character)
                }
                definition.owner = try self.user(named: owner).id
            case .connectionLimit(let count): definition.connectionLimit = try self.limit(count)
            }
            return [.putDatabase(definition)]
        }
    }

    /// One change of the list of databases after the other.
    /// - Parameter closing: the database that must have no session until the change is through.
    private func changeDatabases(
        _ tag: String, _ run: StatementRun, closing: Identifier? = nil,
        _ changes: (DatabaseVersion) throws(SQLError) -> [CommitRecord.Change]
    ) async throws(SQLError) -> StatementResult {
        try expectWritable(tag)
        let number = nextTransaction()
        do throws(SQLError) {
            stopWaiting(whenCancelled: run, owner: number)
            try await leader.lock(TableLocks.definitions, owner: number, run.control)
            try run.control.check()
            let record = CommitRecord(transaction: number, changes: try changes(leader.storage.current))
            if let closing { try expectUnused(closing) }
            defer { if let closing { leader.sessions.reopen(database: closing.name) } }
            _ = try await commit(record, startTime: activity.transaction?.startTime)
            await endWrite(number)
        } catch {
            await endWrite(number)
            throw error
        }
        return StatementResult(tag: tag)
    }

    private func databaseUser(_ statement: String) throws(SQLError) -> UserDefinition {
        guard transaction == nil else {
            throw SQLError(.activeTransaction, "\(statement) cannot run inside a transaction block")
        }
        guard let user = leader.storage.current.catalog.principals.users[currentUser] else {
            throw SQLError(.undefinedObject, "user \"\(record.user)\" does not exist")
        }
        return user
    }

    private func user(named name: Identifier) throws(SQLError) -> UserDefinition {
        guard let user = leader.storage.current.catalog.principals.user(named: name.name) else {
            throw SQLError(
                .undefinedObject, "user \"\(name.name)\" does not exist", position: name.position.character)
        }
        return user
    }

    private func limit(_ count: Int64?) throws(SQLError) -> Int? {
        guard let count else { return nil }
        guard 0...Int64(Int32.max) ~= count else {
            throw SQLError(.invalidParameterValue, "invalid connection limit: \(count)")
        }
        return Int(count)
    }

    /// A database that its owner, or a superuser, wants to change.
    private func owned(_ name: Identifier, in version: DatabaseVersion) throws(SQLError) -> DatabaseDefinition {
        let place = name.position.character
        guard name.name != leader.configuration.databaseName else {
            throw SQLError.unsupported("changing the database that the cluster was made with", at: place)
        }
        guard let definition = version.catalog.databases[name.name] else {
            throw SQLError(.invalidCatalogName, "database \"\(name.name)\" does not exist", position: place)
        }
        guard isSuperuser || definition.owner == currentUser else {
            throw SQLError(.insufficientPrivilege, "must be owner of database \(name.name)", position: place)
        }
        return definition
    }

    /// The database is closed then.
    private func expectUnused(_ name: Identifier) throws(SQLError) {
        let place = name.position.character
        guard name.name != record.database else {
            throw SQLError(.objectInUse, "cannot drop or rename the currently open database", position: place)
        }
        guard leader.sessions.close(database: name.name) else {
            throw SQLError(
                .objectInUse, "database \"\(name.name)\" is being accessed by other users", position: place)
        }
    }
}

extension Leader {
    nonisolated func databaseKey(_ name: String) -> String { name == configuration.databaseName ? "" : name }

    /// Names of all databases with their owners, the first one before the others.
    package nonisolated var databases: [DatabaseDefinition] {
        let made = storage.current.catalog.databases.values.sorted { $0.name < $1.name }
        return [DatabaseDefinition(name: configuration.databaseName, owner: .master)] + made
    }
}
