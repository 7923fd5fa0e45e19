/// A database that CREATE DATABASE has made. The cluster's first one is none: it is there without a definition.
package struct DatabaseDefinition: Hashable, Sendable {
    package var name: String
    package var owner: UserID
    /// nil: unlimited.
    package var connectionLimit: Int?

    package init(name: String, owner: UserID, connectionLimit: Int? = nil) {
        self.name = name
        self.owner = owner
        self.connectionLimit = connectionLimit
    }
}

extension CatalogSnapshot {
    /// Takes over what all databases of a cluster share: who there is, what roles may do, which databases there are, and the number of the
    /// last change of anything.
    package mutating func share(with other: CatalogSnapshot) {
        principals = other.principals
        databases = other.databases
        access.share(with: other.access)
        isolationLevels = other.isolationLevels
        version = max(version, other.version)
        accessVersion = max(accessVersion, other.accessVersion)
    }
}
