package import Catalog
package import QueryPlan
import SQLSyntax
import SQLTypes

/// What ALTER TABLE makes of a table: its new definition, and what must become of its rows.
package struct TableAlteration: Sendable {
    package enum Rows: Sendable {
        case kept
        /// The column at that position goes; the others stay as they are.
        case withoutColumn(Int)
        /// All are placed, ordered and encoded anew; with `added`, that is the value of the new last column.
        case rewritten(added: BoundExpression?)
    }

    package var definition: TableDefinition
    /// Tables whose foreign keys name columns of this one by position.
    package var others: [TableDefinition] = []
    package var rows = Rows.kept
    /// Views over it that call it, or its columns, by new names.
    package var views: [ViewDefinition] = []
    /// Columns that have a new name.
    package var renamedColumns: [(from: String, to: String)] = []
    /// Comments that follow a name, or go with it.
    package var comments: [(target: CommentTarget, text: String?)] = []
    package var isAllowedInBlock = true
}

/// - Source: Redshift developer guide, "ALTER TABLE".
extension Planner {
    func alterTable(_ alter: AlterTableStatement) throws(SQLError) -> PlannedStatement {
        if alter.actions.count == 1, let view = Binder(context).view(named: alter.name) {
            switch alter.actions[0].kind {
            case .ownerTo(let owner):
                return .access(try changeOwner(of: .view(view.name), to: owner, "ALTER TABLE"))
            case .renameTo(let name):
                let new = TableName(schema: view.name.schema, name: name.name)
                guard !context.catalog.hasRelation(new) else { throw Self.duplicateTable(QualifiedName(name)) }
                return .renameView(view.name, to: new, views: try viewsFollowing(view: view.name, to: new))
            default: break
            }
        }
        let table = try Binder(context).resolveTable(alter.name)
        try expectCombinable(alter.actions)
        var alteration = TableAlteration(definition: table)
        for action in alter.actions {
            try checkViews(of: table, action)
            switch action.kind {
            case .renameTo(let name): try rename(&alteration, to: name)
            case .renameColumn(let old, let new): try rename(&alteration, old, to: new)
            case .addColumn(let column): try add(column, to: &alteration)
            case .dropColumn(let name, let isCascade): try drop(name, isCascade: isCascade, from: &alteration)
            case .alterColumnType(let name, let type): try lengthen(name, to: type, &alteration)
            case .alterColumnEncoding(let name, let encoding): try encode(name, encoding, &alteration)
            case .alterEncodeAuto:
                for column in table.columns.indices { alteration.definition.columns[column].isEncodingDeclared = false }
            case .alterDistributionKey(let name): try distribute(&alteration, by: name, at: action.position)
            case .alterDistributionStyle(let style, let key):
                if let key {
                    try distribute(&alteration, by: key, at: action.position)
                } else {
                    try distribute(&alteration, style, at: action.position)
                }
            case .alterSortKey(let key): try sort(&alteration, by: key, at: action.position)
            case .addConstraint(let constraint): try add(constraint, to: &alteration, alter.name)
            case .dropConstraint(let name, let isCascade):
                try dropConstraint(name, isCascade: isCascade, from: &alteration)
            case .ownerTo(let owner):
                return .access(try changeOwner(of: .table(table.id), to: owner, "ALTER TABLE"))
            case .rowLevelSecurity(let isOn, let needsAll, let forDatashares):
                return .access(
                    try rowSecurity(of: table, isOn: isOn, needsAll: needsAll, forDatashares: forDatashares))
            case .appendFrom(let source, let mode): return try append(to: table, alter.name, from: source, mode)
            }
        }
        alteration.views = try viewsFollowing(alteration.definition, from: table)
        return .alterTable(alteration)
    }

    /// Only changes of how rows are placed, ordered and encoded can stand together: one rewriting of the rows does them all.
    /// - Source: Redshift developer guide, "ALTER TABLE": keys and encodings combine, columns come and go one at a time.
    private func expectCombinable(_ actions: [AlterTableStatement.Action]) throws(SQLError) {
        guard actions.count > 1 else { return }
        for action in actions {
            switch action.kind {
            case .alterColumnEncoding, .alterEncodeAuto, .alterDistributionKey, .alterDistributionStyle, .alterSortKey:
                continue
            default:
                throw SQLError(
                    .syntaxError, "this action of ALTER TABLE must be the only one",
                    hint: "Only ALTER DISTKEY, DISTSTYLE, SORTKEY and ENCODE can be combined.",
                    position: action.position.character)
            }
        }
    }

    /// A view is kept as text, which would no longer mean the same.
    private func checkViews(of table: TableDefinition, _ action: AlterTableStatement.Action) throws(SQLError) {
        guard let view = context.catalog.views(reading: [table.id], []).first else { return }
        let place = action.position.character
        switch action.kind {
        case .dropColumn(let name, isCascade: false):
            throw SQLError(
                .dependentObjectsStillExist,
                "cannot drop table \(table.name.name) column \(name.name) because other objects depend on it",
                detail: "view \(view) depends on table \(table.name.name)",
                hint: "Drop the view first.", position: place)
        case .dropColumn:
            throw SQLError.unsupported("DROP COLUMN CASCADE of a table that view \(view) reads", at: place)
        default: break
        }
    }

    private func position(of name: Identifier, in table: TableDefinition) throws(SQLError) -> Int {
        guard let position = table.column(named: name.name) else {
            throw SQLError(
                .undefinedColumn, "column \"\(name.name)\" of relation \"\(table.name.name)\" does not exist",
                position: name.position.character)
        }
        return position
    }

    private func expectFree(_ name: Identifier, in table: TableDefinition) throws(SQLError) {
        try Self.checkName(name)
        guard table.column(named: name.name) == nil else {
            throw SQLError(
                .duplicateColumn, "column \"\(name.name)\" of relation \"\(table.name.name)\" already exists",
                position: name.position.character)
        }
    }

    private func rename(_ alteration: inout TableAlteration, to name: Identifier) throws(SQLError) {
        let new = TableName(schema: alteration.definition.name.schema, name: name.name)
        guard context.catalog.table(named: new) == nil, context.catalog.views[new] == nil else {
            throw Self.duplicateTable(QualifiedName(name))
        }
        alteration.definition.name = new
    }

    private func rename(
        _ alteration: inout TableAlteration, _ old: Identifier, to new: Identifier
    ) throws(SQLError) {
        let column = try position(of: old, in: alteration.definition)
        try expectFree(new, in: alteration.definition)
        alteration.definition.columns[column].name = new.name
        alteration.renamedColumns.append((old.name, new.name))
        let id = alteration.definition.id
        if let comment = context.catalog.comments[.column(id, old.name)] {
            alteration.comments = [(.column(id, old.name), nil), (.column(id, new.name), comment)]
        }
    }

    private func add(
        _ declared: SQLSyntax.ColumnDefinition, to alteration: inout TableAlteration
    ) throws(SQLError) {
        let place = declared.name.position.character
        try expectFree(declared.name, in: alteration.definition)
        if !declared.constraints.isEmpty || declared.identity != nil || declared.isDistributionKey || declared.isSortKey
        {
            throw SQLError(
                .featureNotSupported,
                "ALTER TABLE ADD COLUMN does not support UNIQUE, PRIMARY KEY, REFERENCES, IDENTITY, DISTKEY and SORTKEY",
                position: place)
        }
        guard alteration.definition.columns.count < Self.columnLimit else {
            throw SQLError(.tooManyColumns, "tables can have at most \(Self.columnLimit) columns")
        }
        let column = try definition(declared, alteration.definition.columns)
        let value = try InsertPlanner(context).defaultValue(column)
        var isNull = false
        if case .literal(.null, _) = value { isNull = true }
        guard column.isNullable || !isNull else {
            throw SQLError(
                .invalidTableDefinition,
                "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression", position: place)
        }
        alteration.definition.columns.append(column)
        // What a row group has no values of is null.
        if !isNull { alteration.rows = .rewritten(added: value) }
    }

    private func drop(
        _ name: Identifier, isCascade: Bool, from alteration: inout TableAlteration
    ) throws(SQLError) {
        let table = alteration.definition
        let column = try position(of: name, in: table)
        let place = name.position.character
        if table.distribution.keyColumn == column {
            throw SQLError(.dependentObjectsStillExist, "cannot drop distkey column \"\(name.name)\"", position: place)
        }
        if table.sortKey.columns.contains(column) {
            throw SQLError(.dependentObjectsStillExist, "cannot drop sortkey column \"\(name.name)\"", position: place)
        }
        guard table.columns.count > 1 else {
            throw SQLError(.invalidTableDefinition, "cannot drop the only column of a table", position: place)
        }
        for var other in context.catalog.tables.values.sorted(by: { $0.id < $1.id }) where other.id != table.id {
            let isHeld = other.constraints.contains { $0.references(column, of: table.id) }
            if isHeld && !isCascade {
                throw SQLError(
                    .dependentObjectsStillExist,
                    "cannot drop table \(table.name.name) column \(name.name) because other objects depend on it",
                    detail: "a foreign key of table \(other.name.name) depends on it",
                    hint: "Use DROP ... CASCADE to drop the dependent objects too.", position: place)
            }
            let before = other.constraints
            other.constraints = before.compactMap { $0.withoutReferenced(column, of: table.id) }
            if other.constraints != before { alteration.others.append(other) }
        }
        var next = table
        next.columns.remove(at: column)
        next.constraints = table.constraints.compactMap { $0.without(column)?.withoutReferenced(column, of: table.id) }
        func moved(_ old: Int) -> Int { old > column ? old - 1 : old }
        if case .key(let key) = table.distribution.effective { next.distribution.effective = .key(column: moved(key)) }
        switch table.sortKey {
        case .compound(let columns): next.sortKey = .compound(columns.map(moved))
        case .interleaved(let columns): next.sortKey = .interleaved(columns.map(moved))
        case .none, .auto: break
        }
        alteration.definition = next
        alteration.rows = .withoutColumn(column)
        let target = CommentTarget.column(table.id, name.name)
        if context.catalog.comments[target] != nil { alteration.comments = [(target, nil)] }
    }

    private func lengthen(
        _ name: Identifier, to type: TypeName, _ alteration: inout TableAlteration
    ) throws(SQLError) {
        let index = try position(of: name, in: alteration.definition)
        let column = alteration.definition.columns[index]
        let place = name.position.character
        guard case .varchar(let old) = column.type, case .varchar(let new) = type.type else {
            throw SQLError(
                .featureNotSupported, "ALTER COLUMN TYPE is supported for VARCHAR columns only, and to VARCHAR",
                position: place)
        }
        switch column.encoding {
        case .bytedict, .runlength, .text255, .text32k:
            throw SQLError(
                .featureNotSupported,
                "cannot alter type of a column with encoding \(column.encoding.rawValue.uppercased())", position: place)
        default: break
        }
        let isConstrained = alteration.definition.constraints.contains { $0.without(index) == nil }
        guard column.defaultText == nil, !isConstrained else {
            throw SQLError(
                .featureNotSupported, "cannot alter type of a column with a default or a constraint", position: place)
        }
        // Rows that are too long for it end the statement.
        if new < old { alteration.rows = .rewritten(added: nil) }
        alteration.definition.columns[index].type = type.type
        alteration.isAllowedInBlock = false
    }

    private func encode(
        _ name: Identifier, _ encoding: Identifier, _ alteration: inout TableAlteration
    ) throws(SQLError) {
        let column = try position(of: name, in: alteration.definition)
        guard let known = ColumnEncoding(rawValue: encoding.name) else {
            throw SQLError(
                .undefinedObject, "encoding \"\(encoding.name)\" does not exist",
                position: encoding.position.character)
        }
        guard known.accepts(alteration.definition.columns[column].type) else {
            throw SQLError(
                .invalidTableDefinition, "invalid encoding type specified for column \"\(name.name)\"",
                position: encoding.position.character)
        }
        alteration.definition.columns[column].isEncodingDeclared = true
        if alteration.definition.columns[column].encoding != known {
            alteration.definition.columns[column].encoding = known
            alteration.rows = .rewritten(added: nil)
        }
    }

    // MARK: Keys

    private func distribute(
        _ alteration: inout TableAlteration, by name: Identifier, at place: SourcePosition
    ) throws(SQLError) {
        let column = try position(of: name, in: alteration.definition)
        try redistribute(&alteration, Distribution(.key(column: column)), at: place)
    }

    private func distribute(
        _ alteration: inout TableAlteration, _ style: TableAttributes.DistributionStyle, at place: SourcePosition
    ) throws(SQLError) {
        switch style {
        case .all: try redistribute(&alteration, Distribution(.all), at: place)
        case .even: try redistribute(&alteration, Distribution(.even), at: place)
        case .auto:
            let present = alteration.definition.distribution.effective
            try redistribute(&alteration, Distribution(isAutomatic: true, present), at: place)
        case .key: throw SQLError.internalError("DISTSTYLE KEY without a key")
        }
    }

    private func redistribute(
        _ alteration: inout TableAlteration, _ distribution: Distribution, at place: SourcePosition
    ) throws(SQLError) {
        if case .interleaved = alteration.definition.sortKey {
            throw SQLError(
                .featureNotSupported, "cannot alter the distribution of a table with an interleaved sort key",
                position: place.character)
        }
        if distribution.effective != alteration.definition.distribution.effective {
            alteration.rows = .rewritten(added: nil)
        }
        alteration.definition.distribution = distribution
    }

    private func sort(
        _ alteration: inout TableAlteration, by key: TableAttributes.SortKey, at place: SourcePosition
    ) throws(SQLError) {
        switch key {
        case .none: alteration.definition.sortKey = .none
        case .auto: alteration.definition.sortKey = .auto
        case .interleaved: throw SQLError.unsupported("ALTER INTERLEAVED SORTKEY", at: place.character)
        case .compound:
            var attributes = TableAttributes()
            attributes.sortKey = key
            attributes.sortPosition = place
            let names = alteration.definition.columns.map(\.name)
            alteration.definition.sortKey = try TableKeys(attributes, declared: [], names: names, ordinals: false)
                .sortKey
            alteration.rows = .rewritten(added: nil)
        }
    }
}

extension Catalog.TableConstraint {
    /// nil: the constraint is about that column, and goes with it.
    fileprivate func without(_ column: Int) -> Catalog.TableConstraint? {
        func moved(_ columns: [Int]) -> [Int] { columns.map { $0 > column ? $0 - 1 : $0 } }
        switch self {
        case .primaryKey(let name, let columns):
            return columns.contains(column) ? nil : .primaryKey(name: name, columns: moved(columns))
        case .unique(let name, let columns):
            return columns.contains(column) ? nil : .unique(name: name, columns: moved(columns))
        case .foreignKey(let name, let columns, let table, let referenced):
            return columns.contains(column)
                ? nil
                : .foreignKey(
                    name: name, columns: moved(columns), references: table, referencedColumns: referenced)
        }
    }

    fileprivate func references(_ column: Int, of table: TableID) -> Bool {
        if case .foreignKey(_, _, table, let referenced) = self { referenced.contains(column) } else { false }
    }

    /// The same for a column of the table that a foreign key points to.
    fileprivate func withoutReferenced(_ column: Int, of table: TableID) -> Catalog.TableConstraint? {
        guard case .foreignKey(let name, let columns, table, let referenced) = self else { return self }
        if referenced.contains(column) { return nil }
        return .foreignKey(
            name: name, columns: columns, references: table,
            referencedColumns: referenced.map { $0 > column ? $0 - 1 : $0 })
    }
}
