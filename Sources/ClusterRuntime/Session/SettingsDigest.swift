import Catalog
import SQLTypes
import Storage
import VectorEngine

/// What each statement asks of the session's settings, worked out once for as long as they stay the same.
struct SettingsDigest: Sendable {
    /// Of the settings that it was made of.
    let generation: Int64
    /// Without the transaction's start, which is not a setting.
    let dateTime: DateTimeContext
    let timeZone: String
    let statementTimeoutMs: Int64
    let idleTimeoutMs: Int64
    let idleInTransactionTimeoutMs: Int64
    let extraFloatDigits: Int
    let showsUppercaseNames: Bool
    let queryGroup: String
    let querySlots: Int

    init(_ settings: SessionSettings) {
        generation = settings.generation
        dateTime = settings.dateTime(transactionStart: 0)
        timeZone = settings["timezone"] ?? ""
        statementTimeoutMs = settings.statementTimeoutMs
        idleTimeoutMs = settings.idleTimeoutMs
        idleInTransactionTimeoutMs = settings.idleInTransactionTimeoutMs
        extraFloatDigits = settings.extraFloatDigits
        showsUppercaseNames = settings.isOn("describe_field_name_in_uppercase")
        queryGroup = settings["query_group"] ?? ""
        querySlots = Int(settings["wlm_query_slot_count"] ?? "1") ?? 1
    }
}

/// What a session looks names up in, and what it was worked out for.
struct KnownSurroundings: Sendable {
    var generation: Int64
    var catalogVersion: Int64
    var accessVersion: Int64
    var clusterVersion: Int64
    var surroundings: ReusablePlan.Surroundings
    /// The current user is.
    var isSuperuser: Bool
    var mayCancelOthers: Bool
    var userName: String
    /// Those of who has logged in.
    var userGroups: [String]
}

extension DatabaseSession {
    /// Of the settings as they are now.
    var digest: SettingsDigest {
        if let knownDigest, knownDigest.generation == settings.generation { return knownDigest }
        let made = SettingsDigest(settings)
        knownDigest = made
        return made
    }

    func dateTime(transactionStart: Int64) -> DateTimeContext {
        var context = digest.dateTime
        context.transactionStart = transactionStart
        return context
    }

    /// Of the cluster's first database, whose catalog counts what all databases share: users and their rights.
    private var sharedVersion: Int64 { leader.storage.current.catalogVersion }

    /// What planning looks at besides a statement without parameters; nil in a block that has changed something: what it
    /// sees has no number of its own.
    ///
    /// Only of committed versions: one that a statement has made for itself has a number that others may get, too.
    func surroundings(_ version: DatabaseVersion) -> ReusablePlan.Surroundings? {
        guard transaction?.changes.isEmpty ?? true else { return nil }
        if let known = known(for: version) { return known.surroundings }
        let clusterVersion = clusterVersion(beside: version)
        let made = ReusablePlan.Surroundings(
            ReusablePlan.Values(
                catalogVersion: version.catalog.version, accessVersion: version.catalog.accessVersion,
                clusterVersion: clusterVersion, database: record.database,
                searchPath: makeSearchPath(version.catalog),
                temporarySchema: version.catalog.schemas.contains(temporarySchema) ? temporarySchema : nil,
                timeZone: digest.timeZone, user: currentUser, sessionUser: record.userID))
        let principals = version.catalog.principals
        knownSurroundings = KnownSurroundings(
            generation: settings.generation, catalogVersion: version.catalog.version,
            accessVersion: version.catalog.accessVersion, clusterVersion: clusterVersion,
            surroundings: made, isSuperuser: isSuperuser, mayCancelOthers: mayCancelOthers,
            userName: currentUserName(version.catalog),
            userGroups: principals.groups(of: record.userID).compactMap { principals.groups[$0]?.name })
        return made
    }

    /// What has been worked out for that version, if nothing has changed since.
    func known(for version: DatabaseVersion) -> KnownSurroundings? {
        guard let known = knownSurroundings, transaction?.changes.isEmpty ?? true,
            known.generation == settings.generation, known.catalogVersion == version.catalogVersion,
            known.accessVersion == version.accessVersion,
            known.clusterVersion == clusterVersion(beside: version)
        else { return nil }
        return known
    }

    private func clusterVersion(beside version: DatabaseVersion) -> Int64 {
        databaseKey.isEmpty && transaction == nil ? version.catalogVersion : sharedVersion
    }

    func searchPath(_ version: DatabaseVersion) -> [String] {
        known(for: version)?.surroundings.values.searchPath ?? makeSearchPath(version.catalog)
    }

    private func makeSearchPath(_ catalog: CatalogSnapshot) -> [String] {
        settings.searchPath(user: currentUserName(catalog), temporarySchema: temporarySchema, schemas: catalog.schemas)
    }
}
