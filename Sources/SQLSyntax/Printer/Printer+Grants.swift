extension Printer {
    mutating func defaultPrivileges(_ statement: DefaultPrivilegesStatement) {
        write("ALTER DEFAULT PRIVILEGES ")
        if !statement.users.isEmpty {
            write("FOR USER ")
            list(statement.users) { $0.identifier($1) }
            write(" ")
        }
        if !statement.schemas.isEmpty {
            write("IN SCHEMA ")
            list(statement.schemas) { $0.identifier($1) }
            write(" ")
        }
        grant(statement.grant)
    }

    mutating func grant(_ grant: GrantStatement) {
        write(grant.isGrant ? "GRANT " : "REVOKE ")
        if grant.grantOptionOnly { write("GRANT OPTION FOR ") }
        if grant.privileges.isEmpty { write("ALL") }
        list(grant.privileges) { printer, privilege in
            printer.write(privilege.name)
            printer.optionalNames(privilege.columns)
        }
        grantObject(grant.object)
        write(grant.isGrant ? " TO " : " FROM ")
        grantTargets(grant.targets, option: " WITH GRANT OPTION")
        if grant.isCascade { write(" CASCADE") }
    }

    private mutating func grantObject(_ object: GrantStatement.Object) {
        func names(_ kind: String, _ names: [Identifier]) {
            write(kind)
            list(names) { $0.identifier($1) }
        }
        switch object {
        case .tables(let tables):
            write(" ON TABLE ")
            list(tables) { $0.qualified($1) }
        case .allTables(let schemas): names(" ON ALL TABLES IN SCHEMA ", schemas)
        case .schemas(let schemas): names(" ON SCHEMA ", schemas)
        case .databases(let databases): names(" ON DATABASE ", databases)
        case .languages(let languages): names(" ON LANGUAGE ", languages)
        case .routines(let kind, let routines):
            write(" ON \(kind.rawValue) ")
            list(routines) { printer, routine in
                printer.qualified(routine.name)
                printer.group { $0.list(routine.arguments) { $0.type($1) } }
            }
        case .allRoutines(let kind, let schemas): names(" ON ALL \(kind.rawValue)S IN SCHEMA ", schemas)
        case .newTables: write(" ON TABLES")
        case .newRoutines(let kind): write(" ON \(kind.rawValue)S")
        case .system: break
        }
    }
}
