extension Printer {
    mutating func principal(_ statement: PrincipalStatement) {
        switch statement {
        case .createUser(let name, let options):
            write("CREATE USER ")
            identifier(name)
            for option in options { userOption(option) }
        case .alterUser(let name, let options):
            write("ALTER USER ")
            identifier(name)
            for option in options { userOption(option) }
        case .dropUsers(let names, let ifExists):
            write(ifExists ? "DROP USER IF EXISTS " : "DROP USER ")
            list(names) { $0.identifier($1) }
        case .createGroup(let name, let users):
            write("CREATE GROUP ")
            identifier(name)
            if !users.isEmpty { write(" WITH USER ") }
            list(users) { $0.identifier($1) }
        case .alterGroup(let name, let action):
            write("ALTER GROUP ")
            identifier(name)
            groupAction(action)
        case .dropGroup(let name):
            write("DROP GROUP ")
            identifier(name)
        default: role(statement)
        }
    }

    private mutating func role(_ statement: PrincipalStatement) {
        switch statement {
        case .createRole(let name, let externalID):
            write("CREATE ROLE ")
            role(name)
            if let externalID {
                write(" EXTERNALID ")
                string(externalID.name)
            }
        case .alterRole(let name, let actions):
            write("ALTER ROLE ")
            role(name)
            write(" WITH ")
            list(actions) { $0.roleAction($1) }
        case .dropRole(let name, let isForced):
            write("DROP ROLE ")
            role(name)
            if isForced { write(" FORCE") }
        case .grantRoles(let roles, let targets):
            write("GRANT ")
            list(roles) { $0.grantee(.role($1)) }
            write(" TO ")
            grantTargets(targets, option: " WITH ADMIN OPTION")
        case .revokeRoles(let roles, let grantees, let adminOptionOnly):
            write(adminOptionOnly ? "REVOKE ADMIN OPTION FOR " : "REVOKE ")
            list(roles) { $0.grantee(.role($1)) }
            write(" FROM ")
            list(grantees) { $0.grantee($1) }
        default: assertionFailure("a statement about roles was expected")
        }
    }

    private mutating func userOption(_ option: UserOption) {
        write(" ")
        switch option {
        case .password(nil): write("PASSWORD DISABLE")
        case .password(let password?):
            write("PASSWORD ")
            string(password.text)
        case .createDatabases(let may): write(may ? "CREATEDB" : "NOCREATEDB")
        case .superuser(let isSuperuser): write(isSuperuser ? "CREATEUSER" : "NOCREATEUSER")
        case .syslogAccess(let isUnrestricted):
            write(isUnrestricted ? "SYSLOG ACCESS UNRESTRICTED" : "SYSLOG ACCESS RESTRICTED")
        case .inGroups(let names):
            write("IN GROUP ")
            list(names) { $0.identifier($1) }
        case .validUntil(let text, _):
            write("VALID UNTIL ")
            string(text)
        case .connectionLimit(let limit, _): write("CONNECTION LIMIT \(limit.map { "\($0)" } ?? "UNLIMITED")")
        case .sessionTimeout(let seconds, _):
            write(seconds.map { "SESSION TIMEOUT \($0)" } ?? "RESET SESSION TIMEOUT")
        case .externalID(let id):
            write("EXTERNALID ")
            string(id.name)
        case .renameTo(let name):
            write("RENAME TO ")
            identifier(name)
        case .set(let set): self.set(set)
        case .reset(let name):
            write("RESET ")
            identifier(name)
        }
    }

    private mutating func groupAction(_ action: GroupAction) {
        switch action {
        case .add(let users):
            write(" ADD USER ")
            list(users) { $0.identifier($1) }
        case .drop(let users):
            write(" DROP USER ")
            list(users) { $0.identifier($1) }
        case .renameTo(let name):
            write(" RENAME TO ")
            identifier(name)
        }
    }

    private mutating func roleAction(_ action: RoleAction) {
        switch action {
        case .renameTo(let name):
            write("RENAME TO ")
            role(name)
        case .ownerTo(let name):
            write("OWNER TO ")
            identifier(name)
        case .externalIDTo(let id):
            write("EXTERNALID TO ")
            string(id.name)
        }
    }

    mutating func grantTargets(_ targets: [GrantTarget], option: String) {
        list(targets) { printer, target in
            printer.grantee(target.name)
            if target.withOption { printer.write(option) }
        }
    }

    mutating func grantee(_ grantee: GranteeName) {
        switch grantee {
        case .everyone: write("PUBLIC")
        case .user(let name): identifier(name)
        case .group(let name):
            write("GROUP ")
            identifier(name)
        case .role(let name):
            write("ROLE ")
            role(name)
        }
    }

    /// Its prefix is a word of its own.
    private mutating func role(_ name: Identifier) {
        // In quotes a name may begin or end with a colon, which then is no prefix's.
        guard let colon = name.name.firstIndex(of: ":"), colon > name.name.startIndex, !name.name.hasSuffix(":") else {
            return identifier(name)
        }
        self.name(String(name.name[..<colon]))
        write(":")
        self.name(String(name.name[name.name.index(after: colon)...]))
    }
}
