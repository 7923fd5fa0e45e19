import SQLTypes

/// GRANT, REVOKE, ALTER DEFAULT PRIVILEGES, and the roles among them.
extension Parser {
    mutating func grantOrRevoke() throws(SQLError) -> Statement {
        let isGrant = at(.grant)
        advance()
        if at(.role), !at(.role, .on) { return .principal(try roleGrant(isGrant)) }
        if atAdminOption { return .principal(try roleGrant(isGrant)) }
        return .grant(try grant(isGrant))
    }

    /// Behind ALTER, at DEFAULT.
    mutating func alterDefaultPrivileges() throws(SQLError) -> DefaultPrivilegesStatement {
        advance()
        try expectWord("privileges")
        var users: [Identifier] = []
        if take(.for) {
            guard take(.user) || takeWord("role") else { throw syntaxError() }
            users = try principalNames()
        }
        let schemas = take(.in, .schema) ? try principalNames() : []
        guard at(.grant) || at(.revoke) else { throw syntaxError() }
        let isGrant = at(.grant)
        advance()
        let grant = try grant(isGrant, isDefault: true)
        return DefaultPrivilegesStatement(users: users, schemas: schemas, grant)
    }

    // MARK: Privileges

    private mutating func grant(_ isGrant: Bool, isDefault: Bool = false) throws(SQLError) -> GrantStatement {
        var grantOptionOnly = false
        if !isGrant, at(.grant), token(1).kind == .word, token(2).keyword == .for {
            advance()
            try expectWord("option")
            try expect(.for)
            grantOptionOnly = true
        }
        let privileges = try self.privileges()
        let object: GrantStatement.Object
        if isDefault {
            try expect(.on)
            object = try newObject()
        } else {
            object = take(.on) ? try grantObject() : .system
        }
        try expect(isGrant ? .to : .from)
        var targets: [GrantTarget] = []
        if isGrant {
            targets = try grantTargets(option: "grant")
        } else {
            repeat {
                let start = position
                targets.append(GrantTarget(try granteeName(), at: start))
            } while take(.comma)
        }
        return GrantStatement(
            isGrant: isGrant, grantOptionOnly: grantOptionOnly, privileges, on: object, targets,
            isCascade: !isGrant && takeCascade())
    }

    /// Empty: ALL.
    private mutating func privileges() throws(SQLError) -> [GrantStatement.Privilege] {
        let start = position
        if take(.all) {
            _ = takeWord("privileges")
            guard at(.leftParenthesis) else { return [] }
            return [GrantStatement.Privilege("ALL", columns: try identifierList(), at: start)]
        }
        var privileges: [GrantStatement.Privilege] = []
        repeat {
            let start = position
            var words: [String] = []
            while at(.word), !at(.on), !at(.to), !at(.from), let word = currentWord {
                words.append(word.uppercased())
                advance()
            }
            guard !words.isEmpty else { throw syntaxError() }
            let columns = at(.leftParenthesis) ? try identifierList() : []
            privileges.append(
                GrantStatement.Privilege(words.joined(separator: " "), columns: columns, at: start))
        } while take(.comma)
        return privileges
    }

    private mutating func grantObject() throws(SQLError) -> GrantStatement.Object {
        let start = position
        if take(.all) {
            let word = currentWord
            advance()
            switch word {
            case "tables": return .allTables(inSchemas: try inSchemas())
            case "functions": return .allRoutines(.functions, inSchemas: try inSchemas())
            case "procedures": return .allRoutines(.procedures, inSchemas: try inSchemas())
            default: throw syntaxError(at: token(-1))
            }
        }
        switch current.keyword {
        case .schema:
            advance()
            return .schemas(try principalNames())
        case .database:
            advance()
            return .databases(try principalNames())
        case .language:
            advance()
            return .languages(try principalNames())
        case .function:
            advance()
            return .routines(.functions, try routines())
        case .procedure:
            advance()
            return .routines(.procedures, try routines())
        case .external, .datashare, .model:
            throw .unsupported("privileges ON \(current.keyword.rawValue.uppercased())", at: start.character)
        default:
            _ = take(.table)
            var tables = [try qualifiedName()]
            while take(.comma) { tables.append(try qualifiedName()) }
            return .tables(tables)
        }
    }

    private mutating func newObject() throws(SQLError) -> GrantStatement.Object {
        if takeWord("tables") { return .newTables }
        if takeWord("functions") { return .newRoutines(.functions) }
        try expectWord("procedures")
        return .newRoutines(.procedures)
    }

    private mutating func inSchemas() throws(SQLError) -> [Identifier] {
        try expect(.in)
        try expect(.schema)
        return try principalNames()
    }

    /// `name ([[argument name] type, …]), …`; the arguments' names mean nothing.
    private mutating func routines() throws(SQLError) -> [GrantStatement.Routine] {
        var routines: [GrantStatement.Routine] = []
        repeat {
            let name = try qualifiedName()
            var arguments: [TypeName] = []
            try expect(.leftParenthesis)
            while !at(.rightParenthesis) {
                let next = token(1).kind
                if next != .comma, next != .rightParenthesis, next != .leftParenthesis,
                    current.keyword == .notAKeyword
                {
                    advance()
                }
                arguments.append(try typeName())
                guard take(.comma) else { break }
            }
            try expect(.rightParenthesis)
            routines.append(GrantStatement.Routine(name, arguments))
        } while take(.comma)
        return routines
    }

    // MARK: Roles

    /// `ADMIN OPTION FOR`, which stands before roles only.
    private var atAdminOption: Bool {
        currentWord == "admin" && token(1).kind == .word && token(2).keyword == .for
    }

    /// `GRANT ROLE a, ROLE b TO user, ROLE c WITH ADMIN OPTION`; the word ROLE may be left out of all but the first.
    private mutating func roleGrant(_ isGrant: Bool) throws(SQLError) -> PrincipalStatement {
        let adminOptionOnly = !isGrant && atAdminOption
        if adminOptionOnly {
            advance(2)
            try expect(.for)
        }
        var roles: [Identifier] = []
        repeat {
            _ = take(.role)
            roles.append(try roleName())
        } while take(.comma)
        try expect(isGrant ? .to : .from)
        guard isGrant else {
            var grantees = [try granteeName()]
            while take(.comma) { grantees.append(try granteeName()) }
            return .revokeRoles(roles, from: grantees, adminOptionOnly: adminOptionOnly)
        }
        return .grantRoles(roles, to: try grantTargets(option: "admin"))
    }

    /// `name [WITH GRANT OPTION], …`; the option belongs to the name before it.
    mutating func grantTargets(option: String) throws(SQLError) -> [GrantTarget] {
        var targets: [GrantTarget] = []
        repeat {
            let start = position
            var target = GrantTarget(try granteeName(), at: start)
            if take(.with) {
                try expectWord(option)
                try expectWord("option")
                target.withOption = true
            }
            targets.append(target)
        } while take(.comma)
        return targets
    }
}
