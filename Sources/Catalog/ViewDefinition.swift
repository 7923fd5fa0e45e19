package import SQLTypes

/// A view: a query by text, bound anew wherever the view is named.
package struct ViewDefinition: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package var name: String
        package var type: SQLType

        package init(_ name: String, _ type: SQLType) {
            self.name = name
            self.type = type
        }
    }

    package var name: TableName
    /// Empty for a late-binding view, whose query is not looked at before it is used.
    package var columns: [Column]
    /// Names that a late-binding view gives its columns.
    package var columnNames: [String]
    /// The query, as the printer writes it.
    package var text: String
    /// Where its unqualified names are looked up: that of the session that created it.
    package var searchPath: [String]
    /// What it reads, itself or through other views; empty for a late-binding view, which nothing keeps alive.
    package var tables: [TableID]
    package var views: [TableName]

    package init(
        name: TableName, columns: [Column], columnNames: [String], text: String, searchPath: [String],
        tables: [TableID], views: [TableName]
    ) {
        self.name = name
        self.columns = columns
        self.columnNames = columnNames
        self.text = text
        self.searchPath = searchPath
        self.tables = tables
        self.views = views
    }
}
