package import SQLTypes

/// A function of the leader that gives a set of rows: `generate_series`, `unnest`, `pg_get_cols`.
package struct TableFunction: Sendable {
    package struct Resolution: Sendable {
        /// What the arguments are cast to.
        package var arguments: [SQLType]
        package var columns: [VirtualTableDefinition.Column]

        package init(arguments: [SQLType], columns: [VirtualTableDefinition.Column]) {
            self.arguments = arguments
            self.columns = columns
        }
    }

    package let name: String
    /// nil if the function does not take these argument types (`unknown` is an untyped literal).
    package let resolve: @Sendable (_ arguments: [SQLType]) -> Resolution?

    package init(_ name: String, resolve: @escaping @Sendable (_ arguments: [SQLType]) -> Resolution?) {
        self.name = name
        self.resolve = resolve
    }
}

/// The rows of one call, made one by one: there may be more than memory holds.
package struct FunctionRows: Sendable {
    package let count: Int
    /// A value for each column.
    package let row: @Sendable (_ index: Int) -> [SQLValue]

    package init(count: Int, row: @escaping @Sendable (_ index: Int) -> [SQLValue]) {
        self.count = count
        self.row = row
    }

    package init(_ rows: [[SQLValue]]) { self.init(count: rows.count) { rows[$0] } }
}
