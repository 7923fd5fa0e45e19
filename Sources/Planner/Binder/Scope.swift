import QueryPlan
import SQLSyntax
import SQLTypes

/// What a name can mean at one place of a query: the tables of FROM, and the query around it.
final class Scope {
    struct Column {
        let name: String
        private(set) var number: Int
        let type: SQLType
        /// What a masking policy hides: what is stored, and what the planner itself reads.
        private(set) var rawNumber: Int?
        /// Not among what `*` stands for.
        var isHidden = false
        /// False: the user may read other columns of the table, not this one. `*` passes it over.
        var isReadable = true

        /// Without the column of the user's rights: as a policy reads it.
        var raw: Column { Column(name: name, number: rawNumber ?? number, type: type) }

        mutating func mask(by number: Int) { (rawNumber, self.number) = (self.number, number) }

        init(name: String, number: Int, type: SQLType, isReadable: Bool = true) {
            self.name = name
            self.number = number
            self.type = type
            self.isReadable = isReadable
        }

        /// The column, as an expression names it that a user has written.
        func readable(of table: String) throws(SQLError) -> Column {
            if isReadable { return self }
            throw .permissionDenied(relation: table)
        }
    }
    struct Table {
        let alias: String
        let schema: String?
        var columns: [Column]
        /// What `table.*` stands for: those that the user may read.
        var shownColumns: [Column] { columns.filter { !$0.isHidden && $0.isReadable } }

        mutating func hide(_ names: Set<String>) {
            guard !names.isEmpty else { return }
            for index in columns.indices where names.contains(columns[index].name) {
                columns[index].isReadable = false
            }
        }
    }

    /// In the order of FROM.
    var tables: [Table] = []
    /// Columns that JOIN USING and NATURAL merged: they come first in `*` and are not ambiguous. Each stands for one
    /// column of every table joined.
    var merged: [(column: Column, hides: [Int])] = []

    /// The column that an unqualified name means here; nil if there is none.
    func column(named name: String, at position: SourcePosition) throws(SQLError) -> Column? {
        if let found = merged.first(where: { $0.column.name == name }) { return found.column }
        var result: Column?
        for table in tables {
            for column in table.columns where column.name == name {
                if result != nil { throw .ambiguousColumn(name, at: position) }
                result = try column.readable(of: table.alias)
            }
        }
        return result
    }

    func table(named name: QualifiedName) throws(SQLError) -> Table? {
        var found: Table?
        for table in tables where table.alias == name.name.name {
            if let schema = name.schema, let own = table.schema, own != schema.name { continue }
            if found != nil {
                throw SQLError(
                    .ambiguousColumn, "table reference \"\(name.name.name)\" is ambiguous",
                    position: name.position.character)
            }
            found = table
        }
        return found
    }

    func has(_ number: Int) -> Bool {
        merged.contains { $0.column.number == number }
            || tables.contains { $0.columns.contains { $0.number == number } }
    }

    /// `*`: merged columns once, then every table's others that the user may read.
    var allColumns: [Column] {
        let hidden = Set(merged.flatMap(\.hides))
        return merged.map(\.column) + tables.flatMap(\.shownColumns).filter { !hidden.contains($0.number) }
    }

    /// A table of `*` of which the user may not read all.
    var partlyReadableTable: String? { tables.first { $0.columns.contains { !$0.isReadable } }?.alias }
}

extension SQLError {
    static func permissionDenied(relation: String) -> SQLError {
        SQLError(.insufficientPrivilege, "permission denied for relation \(relation)")
    }

    static func permissionDenied(schema: String, at position: SourcePosition = .unknown) -> SQLError {
        SQLError(
            .insufficientPrivilege, "permission denied for schema \(schema)", position: position.character)
    }

    static func undefinedColumn(_ name: String, at position: SourcePosition) -> SQLError {
        SQLError(.undefinedColumn, "column \"\(name)\" does not exist", position: position.character)
    }

    static func undefinedColumn(_ name: String, of table: String, at position: SourcePosition) -> SQLError {
        SQLError(.undefinedColumn, "column \(table).\(name) does not exist", position: position.character)
    }

    static func ambiguousColumn(_ name: String, at position: SourcePosition) -> SQLError {
        SQLError(.ambiguousColumn, "column reference \"\(name)\" is ambiguous", position: position.character)
    }

    static func undefinedTable(_ name: QualifiedName) -> SQLError {
        SQLError(
            .undefinedTable, "relation \"\(name.parts.map(\.name).joined(separator: "."))\" does not exist",
            position: name.position.character)
    }

    static func missingFromEntry(_ table: String, at position: SourcePosition) -> SQLError {
        SQLError(
            .undefinedTable, "missing FROM-clause entry for table \"\(table)\"", position: position.character)
    }

    static func groupingError(_ message: String, at position: SourcePosition) -> SQLError {
        SQLError(.groupingError, message, position: position.character)
    }

    static func datatypeMismatch(_ message: String, at position: SourcePosition) -> SQLError {
        SQLError(.datatypeMismatch, message, position: position.character)
    }
}
