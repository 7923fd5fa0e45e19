package import Catalog
package import SQLTypes

/// All that planning may look at. The same statement in the same context always gives the same plan.
package struct PlanningContext: Sendable {
    package struct Parameter: Hashable, Sendable {
        package var value: SQLValue
        package var type: SQLType

        package init(_ value: SQLValue, _ type: SQLType) {
            self.value = value
            self.type = type
        }
    }

    /// What GETDATE() and SYSDATE read: microseconds since 2000-01-01 00:00:00 UTC.
    package struct Clock: Hashable, Sendable {
        package var statementStart: Int64
        package var transactionStart: Int64

        package init(statementStart: Int64, transactionStart: Int64) {
            self.statementStart = statementStart
            self.transactionStart = transactionStart
        }
    }

    package var catalog: CatalogSnapshot
    package var functions: FunctionDirectory
    package var virtualTables: VirtualTables
    package var shape: ClusterShape
    /// The one that the session is connected to: a name may say it, but no other.
    package var database: String
    /// Name of the current user.
    package var user: String
    /// Whose rights hold.
    package var userID: UserID
    /// Who has logged in, or whom SET SESSION AUTHORIZATION has named.
    package var sessionUserID: UserID
    /// What the current user may do; nil: everything. While a view's query is bound, its owner's.
    var rights: Rights?
    /// Whose policies hold, also inside a view; nil: nobody's, as for superusers.
    var viewer: Rights?
    private(set) var isUnrestricted = false
    /// Who asks may not see row policies, nor what is counted behind them.
    private(set) var hidesPolicies: Bool
    /// While a row policy is bound: the only tables that its names can mean, whatever else is called so by now.
    var lookups: [TableID]?
    /// Schemas in which an unqualified name is looked up, first match wins; `pg_catalog` is searched before them unless
    /// it is listed.
    package var searchPath: [String]
    /// `pg_temp_n` of the session: where its temporary tables are, whether or not the schema is there yet. nil: names
    /// are looked up as if there were none, as in the query of a permanent view.
    package var temporarySchema: String?
    /// `$1` is the first.
    package var parameters: [Parameter]
    /// Set while a statement is prepared whose parameters have no types yet: `parameters` are its placeholders.
    package var inference: ParameterInference?
    /// Set where a plan is to be used again.
    package var clockUse: ClockUse?
    /// Asked between steps of planning, of which there can be many; throws when nobody wants the plan any more.
    package var interruption: (@Sendable () throws(SQLError) -> Void)?
    package var clock: Clock
    /// The session's time zone, and where zones are found by name.
    package var dateTime: DateTimeContext

    package init(
        catalog: CatalogSnapshot, functions: FunctionDirectory, virtualTables: VirtualTables = VirtualTables(),
        shape: ClusterShape, database: String = "dev", user: String = "awsuser",
        userID: UserID = .master, sessionUserID: UserID? = nil, searchPath: [String] = ["public"],
        temporarySchema: String? = nil, parameters: [Parameter] = [],
        clock: Clock = Clock(statementStart: 0, transactionStart: 0),
        dateTime: DateTimeContext = .utc
    ) {
        self.catalog = catalog
        self.functions = functions
        self.virtualTables = virtualTables
        self.shape = shape
        self.database = database
        self.user = user
        self.userID = userID
        self.sessionUserID = sessionUserID ?? userID
        self.searchPath = searchPath
        self.temporarySchema = temporarySchema
        self.parameters = parameters
        self.clock = clock
        self.dateTime = dateTime
        rights = catalog.rights(of: userID)
        viewer = rights
        hidesPolicies = !(rights?.holds(.explainRLS) ?? true)
    }

    /// The current user may do everything.
    package var isSuperuser: Bool { rights == nil }

    /// For what the planner itself looks up: nobody is asked what he may do.
    var unrestricted: PlanningContext {
        var copy = self
        (copy.rights, copy.viewer, copy.isUnrestricted) = (nil, nil, true)
        return copy
    }

    /// Where a relation is made whose name says no schema: the first of the path that is there; nil: nowhere.
    package var creationSchema: String? {
        searchPath.first {
            !CatalogSnapshot.isReserved(schema: $0) && !TableName.isTemporary(schema: $0)
                && catalog.schemas.contains($0) && rights?.allows(.usage, on: .schema($0)) ?? true
        }
    }

    /// All tables that the session may name, by number: temporary ones of others are not among them.
    package var ownTables: [TableDefinition] {
        catalog.tables.values.filter { !$0.isTemporary || $0.name.schema == temporarySchema }.sorted { $0.id < $1.id }
    }

    /// Schemas in which an unqualified relation is looked up, in their order.
    /// - Source: Redshift developer guide, "search_path": the temporary schema first, even before `pg_catalog`, unless
    ///   the path lists them.
    package var lookupPath: [String] {
        var path = searchPath
        if !path.contains("pg_catalog") { path.insert("pg_catalog", at: 0) }
        if let temporarySchema, !path.contains(temporarySchema) { path.insert(temporarySchema, at: 0) }
        return path
    }
}
