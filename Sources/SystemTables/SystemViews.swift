package import Catalog

/// All system views.
package enum SystemViews {
    package static let all: [SystemView] = [
        postgreSQL, EmptyCatalogs.all, catalogViews, redshiftViews, EmptyViews.all, informationSchema, lists, logs,
        loads, maintenance, sessions, steps, cluster, access,
    ].flatMap { $0 }

    private static let logs: [SystemView] = [
        .stlDdltext, .stlError, .stlExplain, .stlPlanInfo, .stlQuery, .stlQuerytext, .stlStreamSegs,
        .stlUtilitytext, .stlWlmQuery, .stlWlmRuleAction, .svlCompile, .svlQlog, .svlQueryMetrics,
        .svlQueryMetricsSummary, .svlQueryReport, .svlQuerySummary, .svlStatementtext, .sysQueryDetail,
        .sysQueryExplain, .sysQueryHistory, .sysQueryText,
    ]

    private static let loads: [SystemView] = [
        .stlFileScan, .stlLoadCommits, .stlLoadErrors, .stlLoaderrorDetail, .stlReplacements, .stlS3Client,
        .stlS3ClientError, .stlUnloadLog, .stvLoadState, .sysCopyReplacements, .sysLoadDetail, .sysLoadErrorDetail,
        .sysLoadHistory, .sysUnloadDetail, .sysUnloadHistory,
    ]

    private static let maintenance: [SystemView] = [
        .stlAlertEventLog, .stlAnalyze, .stlCommitStats, .stlTrConflict, .stlVacuum, .svlVacuumPercentage,
        .svvVacuumProgress, .svvVacuumSummary, .sysAnalyzeHistory, .sysTransactionHistory, .sysVacuumHistory,
    ]

    private static let sessions: [SystemView] = [
        .stlConnectionLog, .stlSessions, .stlUserlog, .stvActiveCursors, .sysConnectionLog, .sysSessionHistory,
        .sysUserlog,
    ]

    /// Steps by their kind.
    private static let steps: [SystemView] = [
        .stlAggr, .stlBcast, .stlDelete, .stlDist, .stlHash, .stlHashjoin, .stlInsert, .stlLimit, .stlMerge,
        .stlMergejoin, .stlNestloop, .stlProject, .stlReturn, .stlSave, .stlScan, .stlSort, .stlUnique, .stlWindow,
    ]

    private static let cluster: [SystemView] = [
        .stvBlocklist, .stvDbIsolationLevel, .stvInflight, .stvLocks, .stvNodeStorageCapacity, .stvPartitions,
        .stvRecents,
        .stvSessions, .stvSlices, .stvTblPerm, .stvWlmClassificationConfig, .stvWlmQmrConfig, .stvWlmQueryQueueState,
        .stvWlmQueryTaskState, .stvWlmQueryState, .stvWlmServiceClassConfig,
        .stvWlmServiceClassState, .svvDiskusage, .svvInterleavedColumns, .svvTableInfo, .svvTransactions,
    ]

    /// pg_catalog as PostgreSQL 8.0 has it.
    private static let postgreSQL: [SystemView] = [
        .pgAggregate, .pgAm, .pgAttrdef, .pgAttribute, .pgAuthMembers, .pgCast, .pgClass, .pgConstraint, .pgDatabase,
        .pgDepend,
        .pgDescription, .pgIndex, .pgLanguage, .pgNamespace, .pgOperator, .pgProc, .pgRewrite, .pgRoles,
        .pgStatisticIndicator,
        .pgTablespace, .pgType,
    ]

    /// Views over it, PostgreSQL's and Redshift's.
    private static let catalogViews: [SystemView] = [
        .pgAttributeInfo, .pgClassInfo, .pgDatabaseInfo, .pgIndexes, .pgLocks, .pgProcInfo, .pgSettings,
        .pgStatActivity, .pgStats,
        .pgTableDef,
        .pgTables, .pgViews,
    ]

    private static let redshiftViews: [SystemView] = [
        .svvAllColumns, .svvAllSchemas, .svvAllTables, .svvColumns, .svvRedshiftColumns, .svvRedshiftDatabases,
        .svvRedshiftFunctions, .svvRedshiftSchemas, .svvRedshiftTables, .svvTables,
    ]

    /// What SHOW lists.
    private static let lists: [SystemView] = [
        .showColumns, .showDatabases, .showForeignKeys, .showFunctions, .showPrimaryKeys, .showProcedures, .showSchemas,
        .showTables,
    ]

    private static let informationSchema: [SystemView] = [
        .informationSchemaCatalogName, .informationSchemaCharacterSets, .informationSchemaCheckConstraints,
        .informationSchemaColumns, .informationSchemaConstraintColumnUsage, .informationSchemaConstraintTableUsage,
        .informationSchemaDomains, .informationSchemaElementTypes, .informationSchemaEnabledRoles,
        .informationSchemaKeyColumnUsage, .informationSchemaParameters, .informationSchemaReferentialConstraints,
        .informationSchemaRoutinePrivileges, .informationSchemaRoutines, .informationSchemaSchemata,
        .informationSchemaSequences,
        .informationSchemaTableConstraints, .informationSchemaTables, .informationSchemaTriggers,
        .informationSchemaUsagePrivileges, .informationSchemaViewTableUsage, .informationSchemaViews,
    ]

    /// Who may do what.
    private static let access: [SystemView] = [
        .informationSchemaApplicableRoles, .informationSchemaTablePrivileges, .pgDefaultAcl, .pgGroup, .pgShadow,
        .pgUser, .pgUserInfo, .svlUserInfo, .svvAttachedMaskingPolicy, .svvColumnPrivileges, .svvDatabasePrivileges,
        .svvDefaultPrivileges,
        .svvFunctionPrivileges, .svvLanguagePrivileges, .svvMaskingPolicy, .svvRelationPrivileges,
        .svvRlsAttachedPolicy,
        .svvRlsPolicy, .svvRlsRelation, .svvRoleGrants, .svvRoles,
        .svvSchemaPrivileges, .svvSystemPrivileges, .svvUserGrants,
    ]

    /// For the planner.
    package static let directory = VirtualTables(all.map(\.definition))

    /// By folded name; nil if there is no such view.
    package static func view(named name: String) -> SystemView? { byName[name] }

    /// Names are unique across schemas: a scan names its view without one.
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.definition.name.name, $0) })

    // MARK: Numbers

    static let numbers = Numbers(all.map(\.definition.name))

    /// Of PostgreSQL's tables their own, which tools know by heart.
    /// - Source: PostgreSQL 8.0, `pg_class.h` and its siblings.
    private static let known: [String: ObjectID] = [
        "pg_type": 1247, "pg_attribute": 1249, "pg_proc": 1255, "pg_class": 1259, "pg_shadow": 1260, "pg_group": 1261,
        "pg_database": 1262, "pg_attrdef": 2604, "pg_constraint": 2606, "pg_depend": 2608, "pg_description": 2609,
        "pg_index": 2610, "pg_language": 2612, "pg_namespace": 2615, "pg_rewrite": 2618,
    ]

    /// The numbers of the tables and views of `names`.
    struct Numbers: Sendable {
        private let derived: ObjectNumbers<TableName>

        init(_ names: [TableName]) {
            derived = ObjectNumbers(names.sorted(), in: 20_000..<60_000) { "\($0.schema)\u{0}\($0.name)" }
        }

        subscript(name: TableName) -> ObjectID {
            name.schema == "pg_catalog" ? SystemViews.known[name.name] ?? derived[name] : derived[name]
        }
    }
}
