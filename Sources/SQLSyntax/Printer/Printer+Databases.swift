extension Printer {
    mutating func createDatabase(_ create: CreateDatabaseStatement) {
        write("CREATE DATABASE ")
        identifier(create.database)
        if let owner = create.owner {
            write(" OWNER ")
            identifier(owner)
        }
        if let limit = create.connectionLimit { write(" CONNECTION LIMIT \(limit)") }
        if let isSerializable = create.isSerializable { isolation(isSerializable) }
    }

    mutating func alterDatabase(_ alter: AlterDatabaseStatement) {
        write("ALTER DATABASE ")
        identifier(alter.database)
        switch alter.action {
        case .isolation(let isSerializable): isolation(isSerializable)
        case .rename(let name):
            write(" RENAME TO ")
            identifier(name)
        case .owner(let name):
            write(" OWNER TO ")
            identifier(name)
        case .connectionLimit(let limit): write(" CONNECTION LIMIT \(limit.map(String.init) ?? "UNLIMITED")")
        }
    }

    private mutating func isolation(_ isSerializable: Bool) {
        write(isSerializable ? " ISOLATION LEVEL SERIALIZABLE" : " ISOLATION LEVEL SNAPSHOT")
    }
}
