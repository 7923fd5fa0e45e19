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
    package var virtualTables: [VirtualTableDefinition]
    package var shape: ClusterShape
    /// Schemas in which an unqualified name is looked up, first match wins; `pg_catalog` is searched before them unless
    /// it is listed.
    package var searchPath: [String]
    /// `$1` is the first.
    package var parameters: [Parameter]
    package var clock: Clock

    package init(
        catalog: CatalogSnapshot, functions: FunctionDirectory, virtualTables: [VirtualTableDefinition] = [],
        shape: ClusterShape, searchPath: [String] = ["public"], parameters: [Parameter] = [],
        clock: Clock = Clock(statementStart: 0, transactionStart: 0)
    ) {
        self.catalog = catalog
        self.functions = functions
        self.virtualTables = virtualTables
        self.shape = shape
        self.searchPath = searchPath
        self.parameters = parameters
        self.clock = clock
    }
}
