package import SQLTypes

/// One name, as the catalog would know it: ASCII letters in lower case (quoted names too), at most 127 bytes of UTF-8.
/// A temporary table's `#` is part of its name.
/// - Source: Redshift developer guide, "Names and identifiers".
package struct Identifier: Hashable, Sendable {
    package var name: String
    package var position: SourcePosition

    package init(_ name: String, at position: SourcePosition = .unknown) {
        self.name = name
        self.position = position
    }
}

/// `name`, `schema.name` or `database.schema.name`: a table, view, schema-qualified function.
package struct QualifiedName: Hashable, Sendable {
    package var database: Identifier?
    package var schema: Identifier?
    package var name: Identifier

    package init(database: Identifier? = nil, schema: Identifier? = nil, _ name: Identifier) {
        self.database = database
        self.schema = schema
        self.name = name
    }

    package init(_ name: String) { self.init(Identifier(name)) }

    /// Outermost first.
    package var parts: [Identifier] {
        var parts: [Identifier] = []
        if let database { parts.append(database) }
        if let schema { parts.append(schema) }
        parts.append(name)
        return parts
    }

    package var position: SourcePosition { (database ?? schema ?? name).position }
}

/// `column`, `table.column`, up to `database.schema.table.column`.
package struct ColumnReference: Hashable, Sendable {
    package var table: QualifiedName?
    package var column: Identifier
    /// The planner's own, of what is stored, whether or not the user may read it: never what a text says.
    package var isStored: Bool

    package init(table: QualifiedName? = nil, _ column: Identifier, isStored: Bool = false) {
        self.table = table
        self.column = column
        self.isStored = isStored
    }

    package var position: SourcePosition { table?.position ?? column.position }
}

/// The name of a data type, already resolved: lengths and precisions that were left out have Redshift's defaults
/// (VARCHAR 256, CHAR 1, DECIMAL (18,0)), and are within their limits.
package struct TypeName: Hashable, Sendable {
    package var type: SQLType
    package var position: SourcePosition

    package init(_ type: SQLType, at position: SourcePosition = .unknown) {
        self.type = type
        self.position = position
    }
}
