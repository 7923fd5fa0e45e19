import Catalog
import SQLSyntax
import SQLTypes

/// CREATE, ALTER and DROP USER.
extension Planner {
    func principal(_ statement: PrincipalStatement) throws(SQLError) -> PlannedStatement {
        switch statement {
        case .createUser(let name, let options): return .access(try createUser(name, options))
        case .alterUser(let name, let options): return .access(try alterUser(name, options))
        case .dropUsers(let names, let ifExists): return .access(try dropUsers(names, ifExists: ifExists))
        case .createGroup(let name, let users): return .access(try createGroup(name, users))
        case .alterGroup(let name, let action): return .access(try alterGroup(name, action))
        case .dropGroup(let name): return .access(try dropGroup(name))
        case .createRole(let name, let externalID): return .access(try createRole(name, externalID))
        case .alterRole(let name, let actions): return .access(try alterRole(name, actions))
        case .dropRole(let name, let isForced): return .access(try dropRole(name, isForced: isForced))
        case .grantRoles(let roles, let targets): return .access(try grantRoles(roles, to: targets))
        case .revokeRoles(let roles, let grantees, let adminOptionOnly):
            return .access(try revokeRoles(roles, from: grantees, adminOptionOnly: adminOptionOnly))
        }
    }

    var principals: Principals { context.catalog.principals }

    private func createUser(_ name: Identifier, _ options: [UserOption]) throws(SQLError) -> PlannedAccess {
        try expectSuperuser("create users", or: .createUser)
        guard name.name != "public" else {
            throw SQLError(
                .reservedName, "user name \"\(name.name)\" is reserved", position: name.position.character)
        }
        guard principals.user(named: name.name) == nil else { throw Self.duplicate("user", name) }
        var user = UserDefinition(id: principals.next.user, name: name.name)
        var planned = PlannedAccess("CREATE USER", [])
        for option in options {
            try expectMayGive(option)
            switch option {
            case .renameTo(let name): throw Self.misplaced("RENAME TO", "CREATE USER", name.position)
            case .set(let set): throw Self.misplaced("SET", "CREATE USER", set.position)
            case .reset(let name): throw Self.misplaced("RESET", "CREATE USER", name.position)
            case .sessionTimeout(nil, let start): throw Self.misplaced("RESET", "CREATE USER", start)
            default: try apply(option, to: &user, &planned)
            }
        }
        if user.isSuperuser { try expectSuperuser("create superusers") }
        guard let password = planned.password else {
            throw SQLError(
                .syntaxError, "CREATE USER needs a PASSWORD", hint: "PASSWORD DISABLE makes a user without one.",
                position: name.position.character)
        }
        if case .disabled = password, user.isSuperuser { throw Self.superuserNeedsPassword(name) }
        planned.changes.insert(.createUser(user), at: 0)
        return planned
    }

    private func alterUser(_ name: Identifier, _ options: [UserOption]) throws(SQLError) -> PlannedAccess {
        var user = try self.user(name)
        let isOwn = user.id == context.userID
        var planned = PlannedAccess("ALTER USER", [])
        for option in options {
            switch option {
            case .password(.some), .set, .reset:
                guard isOwn || context.isSuperuser else { throw Self.permissionDenied }
            case .superuser: guard context.isSuperuser else { throw Self.permissionDenied }
            default:
                guard context.rights?.holds(.alterUser) ?? true, context.isSuperuser || !user.isSuperuser else {
                    throw Self.permissionDenied
                }
            }
            try expectMayGive(option)
            switch option {
            case .inGroups(let names): throw Self.misplaced("IN GROUP", "ALTER USER", names[0].position)
            case .renameTo(let new): try rename(&user, to: new, &planned)
            case .superuser(false) where user.id == .master:
                throw SQLError(
                    .objectNotInPrerequisiteState, "the master user of a cluster is always a superuser",
                    position: name.position.character)
            default: try apply(option, to: &user, &planned)
            }
        }
        if case .disabled? = planned.password, user.isSuperuser { throw Self.superuserNeedsPassword(name) }
        planned.changes.insert(.replaceUser(user), at: 0)
        return planned
    }

    /// CREATE USER and ALTER USER are no ladders: what lets a user see or make more is a superuser's to give.
    private func expectMayGive(_ option: UserOption) throws(SQLError) {
        switch option {
        case .inGroups: try expectSuperuser("add users to groups")
        case .createDatabases(true): try expectSuperuser("allow users to create databases")
        case .syslogAccess(true): try expectSuperuser("allow users unrestricted syslog access")
        default: break
        }
    }

    /// Its name was part of what is kept of the password, which is gone with it.
    private func rename(
        _ user: inout UserDefinition, to new: Identifier, _ planned: inout PlannedAccess
    ) throws(SQLError) {
        guard user.id != context.sessionUserID else {
            throw SQLError(
                .featureNotSupported, "session user may not be renamed", position: new.position.character)
        }
        if new.name == user.name { return }
        guard principals.user(named: new.name) == nil else { throw Self.duplicate("user", new) }
        user.name = new.name
        if user.verifiers != nil, planned.password == nil {
            user.verifiers = nil
            planned.notices.append("password cleared because of user rename")
        }
    }

    private func apply(
        _ option: UserOption, to user: inout UserDefinition, _ planned: inout PlannedAccess
    ) throws(SQLError) {
        switch option {
        case .password(nil): planned.password = .disabled
        case .password(let password?): planned.password = try PasswordRules.checked(password)
        case .createDatabases(let may): user.canCreateDatabases = may
        case .superuser(let isSuperuser): user.isSuperuser = isSuperuser
        case .syslogAccess(let isUnrestricted): user.syslogAccess = isUnrestricted
        case .inGroups(let names):
            for name in names {
                var group = try self.group(name)
                group.members.append(user.id)
                planned.changes.append(.replaceGroup(group))
            }
        case .validUntil(let text, let start): user.validUntil = try moment(text, start)
        case .connectionLimit(let limit, let start):
            guard limit ?? 0 >= 0 else {
                throw SQLError(.invalidParameterValue, "invalid connection limit", position: start.character)
            }
            user.connectionLimit = limit.map { Int($0) }
        case .sessionTimeout(let seconds, let start):
            guard seconds == nil || seconds.map({ 60...1_728_000 ~= $0 }) == true else {
                throw SQLError(
                    .invalidParameterValue, "session timeout must be between 60 and 1728000 seconds",
                    position: start.character)
            }
            user.sessionTimeout = seconds.map { Int($0) }
        case .externalID(let id): user.externalID = id.name
        case .set(let set): planned.settings.append(set)
        case .reset(let name): planned.settings.append(SetStatement(name.name, [], at: name.position))
        case .renameTo: assertionFailure("RENAME TO is no property")
        }
    }

    private func moment(_ text: String, _ start: SourcePosition) throws(SQLError) -> Int64 {
        if text.lowercased() == "infinity" { return .max }
        do throws(SQLError) {
            guard
                case .timestamptz(let moment) = try SQLType.timestamptz.parse(
                    Array(text.utf8), context: context.dateTime)
            else { throw SQLError.internalError("a moment that is none") }
            return moment
        } catch { throw error.at(start.character) }
    }

    private func dropUsers(_ names: [Identifier], ifExists: Bool) throws(SQLError) -> PlannedAccess {
        try expectSuperuser("drop users", or: .dropUser)
        var planned = PlannedAccess("DROP USER", [])
        var dropped: Set<UserID> = []
        for name in names {
            if ifExists, principals.user(named: name.name) == nil {
                planned.notices.append("User \"\(name.name)\" does not exist and will be skipped")
                continue
            }
            let user = try user(name)
            for (isNeeded, what) in [
                (user.id == context.userID, "current user"), (user.id == context.sessionUserID, "session user"),
                (user.id == .master, "master user"), (user.id == .rdsdb, "system user"),
            ] where isNeeded {
                throw SQLError(.objectInUse, "\(what) cannot be dropped", position: name.position.character)
            }
            try expectUnused(user, name)
            if dropped.insert(user.id).inserted { planned.changes.append(.dropUser(user.id)) }
        }
        return planned
    }

    /// In this database; the commit looks at all others, too.
    private func expectUnused(_ user: UserDefinition, _ name: Identifier) throws(SQLError) {
        guard let reason = context.catalog.use(of: user.id) else { return }
        throw SQLError.cannotDrop("user", user.name, because: "the user \(reason)").at(name.position.character)
    }

    // MARK: Names and rights

    func user(_ name: Identifier) throws(SQLError) -> UserDefinition {
        guard let user = principals.user(named: name.name) else {
            throw SQLError(
                .undefinedObject, "user \"\(name.name)\" does not exist", position: name.position.character)
        }
        return user
    }

    /// In PostgreSQL 8.0's words.
    func expectSuperuser(_ what: String, or privilege: SystemPrivilege? = nil) throws(SQLError) {
        guard let rights = context.rights else { return }
        if let privilege, rights.holds(privilege) { return }
        throw SQLError(.insufficientPrivilege, "must be superuser to \(what)")
    }

    static var permissionDenied: SQLError { SQLError(.insufficientPrivilege, "permission denied") }

    static func duplicate(_ kind: String, _ name: Identifier) -> SQLError {
        SQLError(
            .duplicateObject, "\(kind) \"\(name.name)\" already exists", position: name.position.character)
    }

    private static func misplaced(_ option: String, _ statement: String, _ position: SourcePosition) -> SQLError {
        SQLError(.syntaxError, "\(option) is no option of \(statement)", position: position.character)
    }

    private static func superuserNeedsPassword(_ name: Identifier) -> SQLError {
        SQLError(
            .invalidParameterValue, "the password of a superuser cannot be disabled",
            position: name.position.character)
    }
}
