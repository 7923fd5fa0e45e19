import SQLTypes

/// Users, groups and roles.
extension Parser {
    /// Behind CREATE, at USER, GROUP or ROLE.
    mutating func createPrincipal() throws(SQLError) -> PrincipalStatement {
        let kind = current.keyword
        advance()
        switch kind {
        case .user:
            let name = try identifier()
            _ = take(.with)
            return .createUser(name, try userOptions())
        case .group:
            let name = try identifier()
            let isWith = take(.with)
            guard take(.user) else {
                if isWith { throw syntaxError() }
                return .createGroup(name, users: [])
            }
            return .createGroup(name, users: try principalNames())
        default:
            let name = try roleName()
            return .createRole(name, externalID: takeWord("externalid") ? try externalID() : nil)
        }
    }

    /// Behind ALTER, at USER, GROUP or ROLE.
    mutating func alterPrincipal() throws(SQLError) -> PrincipalStatement {
        let kind = current.keyword
        advance()
        switch kind {
        case .user:
            let name = try identifier()
            _ = take(.with)
            guard !atStatementEnd else { throw syntaxError() }
            return .alterUser(name, try userOptions())
        case .group: return .alterGroup(try identifier(), try groupAction())
        default:
            let name = try roleName()
            _ = take(.with)
            var actions = [try roleAction()]
            while take(.comma) || !atStatementEnd { actions.append(try roleAction()) }
            return .alterRole(name, actions)
        }
    }

    /// Behind DROP, at USER, GROUP or ROLE.
    mutating func dropPrincipal() throws(SQLError) -> PrincipalStatement {
        let kind = current.keyword
        advance()
        if kind == .role {
            let name = try roleName()
            let isForced = takeWord("force")
            if !isForced { _ = take(.restrict) }
            return .dropRole(name, isForced: isForced)
        }
        if kind == .group { return .dropGroup(try identifier()) }
        let ifExists = take(.if)
        if ifExists { try expect(.exists) }
        return .dropUsers(try principalNames(), ifExists: ifExists)
    }

    // MARK: Users

    private mutating func userOptions() throws(SQLError) -> [UserOption] {
        var options: [UserOption] = []
        while !atStatementEnd {
            options.append(try userOption())
            if take(.comma), atStatementEnd { throw syntaxError() }
        }
        return options
    }

    private mutating func userOption() throws(SQLError) -> UserOption {
        let start = position
        if take(.in) {
            try expect(.group)
            return .inGroups(try principalNames())
        }
        if take(.session) {
            try expectWord("timeout")
            return .sessionTimeout(try integer(), at: start)
        }
        if take(.reset) {
            guard at(.session) else { return .reset(try identifier()) }
            advance()
            try expectWord("timeout")
            return .sessionTimeout(nil, at: start)
        }
        if take(.rename) {
            try expect(.to)
            return .renameTo(try identifier())
        }
        if take(.set) { return .set(try parameter(start)) }
        switch currentWord {
        case "password":
            advance()
            return .password(try password())
        case "createdb", "nocreatedb": return .createDatabases(takeWord("createdb") || !takeWord("nocreatedb"))
        case "createuser", "nocreateuser": return .superuser(takeWord("createuser") || !takeWord("nocreateuser"))
        case "syslog":
            advance()
            try expectWord("access")
            if takeWord("unrestricted") { return .syslogAccess(isUnrestricted: true) }
            try expectWord("restricted")
            return .syslogAccess(isUnrestricted: false)
        case "valid":
            advance()
            try expectWord("until")
            return .validUntil(try string(), at: start)
        case "connection":
            advance()
            try expect(.limit)
            return .connectionLimit(take(.unlimited) ? nil : try integer(), at: start)
        case "externalid":
            advance()
            return .externalID(try externalID())
        default: throw syntaxError()
        }
    }

    /// nil: DISABLE.
    private mutating func password() throws(SQLError) -> Password? {
        if take(.disable) { return nil }
        let token = current
        return Password(try secret(), at: token.source)
    }

    /// A string that no log may have.
    mutating func secret() throws(SQLError) -> String {
        let token = current
        let text = try string()
        secrets.append(Int(token.start)..<Int(token.end))
        return text
    }

    /// A name in quotes, or a string.
    private mutating func externalID() throws(SQLError) -> Identifier {
        let start = position
        return at(.string) ? Identifier(try string(), at: start) : try identifier()
    }

    // MARK: Groups and roles

    private mutating func groupAction() throws(SQLError) -> GroupAction {
        if take(.add, .user) { return .add(try principalNames()) }
        if take(.drop, .user) { return .drop(try principalNames()) }
        guard take(.rename, .to) else { throw syntaxError() }
        return .renameTo(try identifier())
    }

    private mutating func roleAction() throws(SQLError) -> RoleAction {
        if take(.rename, .to) { return .renameTo(try roleName()) }
        if take(.owner, .to) { return .ownerTo(try identifier()) }
        try expectWord("externalid")
        try expect(.to)
        return .externalIDTo(try externalID())
    }

    /// A role's name may have a prefix: `sys:monitor`, `namespace:role`.
    mutating func roleName() throws(SQLError) -> Identifier {
        var name = try identifier()
        guard at(.colon), current.start == token(-1).end else { return name }
        advance()
        name.name += ":" + (try anyIdentifier().name)
        return name
    }

    mutating func principalNames() throws(SQLError) -> [Identifier] {
        var names = [try identifier()]
        while take(.comma) { names.append(try identifier()) }
        return names
    }

    /// `name`, `GROUP name`, `ROLE name`, PUBLIC.
    mutating func granteeName() throws(SQLError) -> GranteeName {
        if take(.group) { return .group(try identifier()) }
        if at(.role), token(1).kind == .word || token(1).kind == .quotedName, !token(1).isReserved {
            advance()
            return .role(try roleName())
        }
        if at(.word), take(.public) { return .everyone }
        return .user(try identifier())
    }

    // MARK: Words that are no keywords

    var atStatementEnd: Bool { at(.endOfInput) || at(.semicolon) }

    mutating func takeWord(_ word: String) -> Bool {
        guard at(.word), currentWord == word else { return false }
        advance()
        return true
    }

    mutating func expectWord(_ word: String) throws(SQLError) {
        guard takeWord(word) else { throw syntaxError() }
    }
}
