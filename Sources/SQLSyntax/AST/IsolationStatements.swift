/// `LOCK [TABLE] t, …`.
package struct LockStatement: Hashable, Sendable {
    package var tables: [QualifiedName]

    package init(_ tables: [QualifiedName]) { self.tables = tables }
}

/// `ALTER DATABASE name ISOLATION LEVEL {SERIALIZABLE | SNAPSHOT}`.
package struct AlterDatabaseStatement: Hashable, Sendable {
    package var database: Identifier
    package var isSerializable: Bool

    package init(_ database: Identifier, isSerializable: Bool) {
        self.database = database
        self.isSerializable = isSerializable
    }
}
