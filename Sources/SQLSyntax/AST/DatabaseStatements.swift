/// - Source: Redshift developer guide, "CREATE DATABASE".
package struct CreateDatabaseStatement: Hashable, Sendable {
    package var database: Identifier
    package var owner: Identifier?
    /// nil: nothing is written, or UNLIMITED.
    package var connectionLimit: Int64?
    /// nil: nothing is written.
    package var isSerializable: Bool?

    package init(
        _ database: Identifier, owner: Identifier? = nil, connectionLimit: Int64? = nil, isSerializable: Bool? = nil
    ) {
        self.database = database
        self.owner = owner
        self.connectionLimit = connectionLimit
        self.isSerializable = isSerializable
    }
}

/// - Source: Redshift developer guide, "ALTER DATABASE".
package struct AlterDatabaseStatement: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case isolation(isSerializable: Bool)
        case rename(Identifier)
        case owner(Identifier)
        /// nil: UNLIMITED.
        case connectionLimit(Int64?)
    }
    package var database: Identifier
    package var action: Action

    package init(_ database: Identifier, _ action: Action) {
        self.database = database
        self.action = action
    }
}
