import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// CREATE TABLE: declarations become a `TableDefinition`.
/// - Source: Redshift developer guide, "CREATE TABLE".
extension Planner {
    static let columnLimit = 1_600
    static let compoundLimit = 400
    static let interleavedLimit = 8
    /// Names that every table has already, for PostgreSQL's sake.
    private static let systemColumns: Set<String> = ["oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]

    /// The schema and name of a table or view to be made.
    func newName(_ name: QualifiedName, isTemporary: Bool) throws(SQLError) -> TableName {
        if let database = name.database, database.name != context.database {
            throw SQLError.unsupported("cross-database reference", at: database.position.character)
        }
        if isTemporary || name.schema?.name == "pg_temp" { return try temporaryName(name) }
        guard let schema = name.schema?.name ?? context.creationSchema else {
            throw SQLError(
                .invalidSchemaName, "no schema has been selected to create in", position: name.position.character)
        }
        guard context.catalog.schemas.contains(schema) else {
            throw SQLError(
                .invalidSchemaName, "schema \"\(schema)\" does not exist", position: name.position.character)
        }
        if CatalogSnapshot.isReserved(schema: schema) {
            throw SQLError(
                .insufficientPrivilege, "permission denied for schema \(schema)", position: name.position.character)
        }
        return TableName(schema: schema, name: name.name.name)
    }

    private func temporaryName(_ name: QualifiedName) throws(SQLError) -> TableName {
        guard let own = context.temporarySchema else {
            throw SQLError.internalError("a temporary table without a session")
        }
        if let schema = name.schema, schema.name != "pg_temp", schema.name != own {
            throw SQLError(
                .invalidTableDefinition, "cannot create temporary relation in non-temporary schema",
                position: schema.position.character)
        }
        return TableName(schema: own, name: name.name.name)
    }

    func createTable(_ create: CreateTableStatement) throws(SQLError) -> PlannedStatement {
        let name = try newName(create.name, isTemporary: create.isTemporary)
        if context.catalog.hasRelation(name) {
            if create.ifNotExists { return .alreadyExists(name.name) }
            throw Self.duplicateTable(create.name)
        }
        var columns: [Catalog.ColumnDefinition] = []
        var declared: [SQLSyntax.ColumnDefinition] = []
        var constraints: [Catalog.TableConstraint] = []
        var parent: LikeParent?
        for element in create.elements {
            switch element {
            case .column(let column):
                columns.append(try definition(column, columns, isTemporary: name.isTemporary))
                declared.append(column)
            case .constraint: continue
            case .like(let name, let includesDefaults):
                guard parent == nil else {
                    throw SQLError(
                        .featureNotSupported, "only one LIKE clause is supported", position: name.position.character)
                }
                let model = try Binder(context).resolveTable(name)
                // It tells of the table what only its readers need know. - Source: PostgreSQL, "CREATE TABLE".
                guard context.rights?.allows(.select, on: .table(model.id)) ?? true else {
                    throw .permissionDenied(relation: model.name.name)
                }
                let like = try LikeParent(
                    model, at: name, firstColumn: columns.count, includesDefaults)
                for column in like.columns {
                    if columns.contains(where: { $0.name == column.name }) {
                        throw Self.duplicateColumn(Identifier(column.name, at: name.position))
                    }
                    columns.append(column)
                    declared.append(SQLSyntax.ColumnDefinition(Identifier(column.name), TypeName(column.type)))
                }
                parent = like
            }
            if columns.count > Self.columnLimit {
                throw SQLError(.tooManyColumns, "tables can have at most \(Self.columnLimit) columns")
            }
        }
        // Keys first: a foreign key may be to the table itself.
        for (position, column) in declared.enumerated() {
            for constraint in column.constraints where !constraint.isForeignKey {
                constraints.append(try self.constraint(constraint, on: position))
            }
        }
        for case .constraint(let constraint) in create.elements where !constraint.isForeignKey {
            constraints.append(try self.constraint(constraint, columns, create.name))
        }
        var own = TableDefinition(
            id: .notYetCreated, name: name, columns: columns, distribution: Distribution(.even), sortKey: .none,
            constraints: constraints)
        for (position, column) in declared.enumerated() {
            for constraint in column.constraints where constraint.isForeignKey {
                constraints.append(try self.constraint(constraint, on: position, itself: own))
            }
        }
        for case .constraint(let constraint) in create.elements where constraint.isForeignKey {
            own.constraints = constraints
            constraints.append(try self.constraint(constraint, columns, create.name, itself: own))
        }
        if constraints.filter({ if case .primaryKey = $0 { true } else { false } }).count > 1 {
            throw SQLError(
                .invalidTableDefinition, "multiple primary keys for table \"\(name.name)\" are not allowed",
                position: create.name.position.character)
        }
        for case .primaryKey(_, let keys) in constraints {
            for key in keys { columns[key].isNullable = false }
        }
        var keys = try TableKeys(
            create.attributes, declared: declared, names: columns.map(\.name), ordinals: false)
        if let parent {
            try parent.expectNoKeys(in: create, declared)
            keys = parent.keys
        }
        for key in keys.sortKey.columns where !columns[key].isEncodingDeclared {
            columns[key].encoding = .automatic(for: columns[key].type, isSortKey: true)
        }
        return .createTable(
            TableDefinition(
                id: .notYetCreated, name: name, columns: columns, distribution: keys.distribution,
                sortKey: keys.sortKey, constraints: constraints, isTemporary: name.isTemporary))
    }

    static func duplicateTable(_ name: QualifiedName) -> SQLError {
        SQLError(
            .duplicateTable, "relation \"\(name.name.name)\" already exists", position: name.position.character)
    }

    static func duplicateColumn(_ name: Identifier) -> SQLError {
        SQLError(
            .duplicateColumn, "column \"\(name.name)\" specified more than once", position: name.position.character)
    }

    func definition(
        _ column: SQLSyntax.ColumnDefinition, _ earlier: [Catalog.ColumnDefinition], isTemporary: Bool = false
    ) throws(SQLError) -> Catalog.ColumnDefinition {
        let position = column.name.position
        if earlier.contains(where: { $0.name == column.name.name }) { throw Self.duplicateColumn(column.name) }
        try Self.checkName(column.name)
        let type = column.type.type
        switch type {
        case .unknown:
            throw SQLError.unsupported("column type \(type)", at: column.type.position.character)
        case .catalog:
            throw SQLError(
                .featureNotSupported, "Column \"\(column.name.name)\" has unsupported type \"\(type)\".",
                position: column.type.position.character)
        default: break
        }
        if column.isCaseInsensitive == true {
            throw SQLError.unsupported("COLLATE CASE_INSENSITIVE", at: position.character)
        }
        // Columns of temporary tables are RAW unless they say otherwise.
        var encoding = isTemporary ? .raw : ColumnEncoding.automatic(for: type, isSortKey: false)
        if let named = column.encoding, named.name != "auto" {
            guard let known = ColumnEncoding(rawValue: named.name) else {
                throw SQLError(
                    .undefinedObject, "encoding \"\(named.name)\" does not exist", position: named.position.character)
            }
            guard known.accepts(type) else {
                throw SQLError(
                    .invalidTableDefinition, "invalid encoding type specified for column \"\(column.name.name)\"",
                    position: named.position.character)
            }
            encoding = known
        }
        var defaultText: String?
        if let expression = column.default {
            try checkDefault(expression, column.name.name, type)
            defaultText = DefaultText.print(expression)
        }
        var identity: Catalog.ColumnDefinition.Identity?
        if let declared = column.identity {
            try checkIdentity(declared, column, type)
            identity = Catalog.ColumnDefinition.Identity(
                seed: declared.seed, step: declared.step, isByDefault: declared.isByDefault)
        }
        return Catalog.ColumnDefinition(
            name: column.name.name, type: type, isNullable: column.isNullable ?? (identity == nil),
            defaultText: defaultText, identity: identity, encoding: encoding,
            isEncodingDeclared: column.encoding.map { $0.name != "auto" } ?? false)
    }

    private func checkIdentity(
        _ declared: SQLSyntax.ColumnDefinition.Identity, _ column: SQLSyntax.ColumnDefinition, _ type: SQLType
    ) throws(SQLError) {
        let place = declared.position.character
        guard type == .integer || type == .bigint else {
            throw SQLError(
                .invalidTableDefinition, "identity column type must be INT or BIGINT", position: place)
        }
        guard declared.step != 0 else {
            throw SQLError(.invalidParameterValue, "the step of an identity column must not be zero", position: place)
        }
        if type == .integer, Int32(exactly: declared.seed) == nil || Int32(exactly: declared.step) == nil {
            throw SQLError(
                .numericValueOutOfRange, "seed or step of identity column \"\(column.name.name)\" is out of range",
                position: place)
        }
        if column.default != nil {
            throw SQLError(
                .syntaxError, "both default and identity specified for column \"\(column.name.name)\"", position: place)
        }
        if column.isNullable == true {
            throw SQLError(
                .syntaxError, "conflicting NULL/NOT NULL declarations for column \"\(column.name.name)\"",
                position: place)
        }
    }

    static func checkName(_ name: Identifier) throws(SQLError) {
        guard systemColumns.contains(name.name) else { return }
        throw SQLError(
            .duplicateColumn, "column name \"\(name.name)\" conflicts with a system column name",
            position: name.position.character)
    }

    /// A default is a constant, or a function of none: it names no column.
    private func checkDefault(_ expression: SQLSyntax.Expression, _ name: String, _ type: SQLType) throws(SQLError) {
        let bound = try Binder(context).bind(expression, in: ExpressionScope(Scope(), clause: "DEFAULT"))
        guard SQLType.canCast(from: bound.type, to: type, context: .assignment) else {
            throw SQLError.datatypeMismatch(
                "column \"\(name)\" is of type \(type.baseName) but default expression is of type \(bound.type.baseName)",
                at: expression.position)
        }
        if case .literal = bound {
            _ = try Binder(context).coercion.cast(bound, to: type, .assignment, at: expression.position)
        }
    }

    private func constraint(
        _ constraint: ColumnConstraint, on column: Int, itself: TableDefinition? = nil
    ) throws(SQLError) -> Catalog.TableConstraint {
        switch constraint.kind {
        case .unique: return .unique(name: constraint.name?.name, columns: [column])
        case .primaryKey: return .primaryKey(name: constraint.name?.name, columns: [column])
        case .references(let target): return try foreignKey(constraint.name?.name, [column], target, itself)
        }
    }

    func constraint(
        _ constraint: SQLSyntax.TableConstraint, _ columns: [Catalog.ColumnDefinition], _ table: QualifiedName,
        itself: TableDefinition? = nil
    ) throws(SQLError) -> Catalog.TableConstraint {
        func positions(_ names: [Identifier]) throws(SQLError) -> [Int] {
            var result: [Int] = []
            for name in names {
                guard let position = columns.firstIndex(where: { $0.name == name.name }) else {
                    throw SQLError(
                        .undefinedColumn, "column \"\(name.name)\" named in key does not exist",
                        position: name.position.character)
                }
                result.append(position)
            }
            return result
        }
        let name = constraint.name?.name
        switch constraint.kind {
        case .unique(let names): return .unique(name: name, columns: try positions(names))
        case .primaryKey(let names): return .primaryKey(name: name, columns: try positions(names))
        case .foreignKey(let names, let target): return try foreignKey(name, try positions(names), target, itself)
        }
    }

    /// - Parameter itself: the table that is being made, which the target may be.
    private func foreignKey(
        _ name: String?, _ columns: [Int], _ target: ForeignKeyTarget, _ itself: TableDefinition?
    ) throws(SQLError) -> Catalog.TableConstraint {
        if let itself, target.table.name.name == itself.name.name,
            target.table.schema == nil || target.table.schema?.name == itself.name.schema
        {
            return try foreignKey(name, columns, target, to: itself)
        }
        return try foreignKey(name, columns, target, to: try Binder(context).resolveTable(target.table))
    }

    private func foreignKey(
        _ name: String?, _ columns: [Int], _ target: ForeignKeyTarget, to table: TableDefinition
    ) throws(SQLError) -> Catalog.TableConstraint {
        var referenced: [Int] = []
        for column in target.columns {
            guard let position = table.column(named: column.name) else {
                throw SQLError(
                    .undefinedColumn,
                    "column \"\(column.name)\" referenced in foreign key constraint does not exist",
                    position: column.position.character)
            }
            referenced.append(position)
        }
        if referenced.isEmpty {
            for case .primaryKey(_, let key) in table.constraints { referenced = key }
        }
        guard referenced.count == columns.count else {
            throw SQLError(
                .undefinedObject, "there is no primary key for referenced table \"\(table.name.name)\"",
                position: target.table.position.character)
        }
        return .foreignKey(name: name, columns: columns, references: table.id, referencedColumns: referenced)
    }
}

extension ColumnEncoding {
    /// - Source: Redshift developer guide, "Compression encodings": the table of supported types.
    func accepts(_ type: SQLType) -> Bool {
        switch self {
        case .raw, .zstd: true
        case .runlength: true
        case .az64:
            switch type {
            case .smallint, .integer, .bigint, .decimal, .date, .time, .timetz, .timestamp, .timestamptz: true
            default: false
            }
        case .bytedict: type != .boolean
        case .delta: type.isInteger || type.isDecimal || type == .date || type == .timestamp || type == .timestamptz
        case .delta32k:
            type == .integer || type == .bigint || type.isDecimal || type == .date || type == .timestamp
                || type == .timestamptz
        case .lzo: type != .boolean && !type.isFloat
        case .mostly8: type.isInteger || type.isDecimal
        case .mostly16, .mostly32: type == .integer || type == .bigint || type.isDecimal
        case .text255, .text32k: if case .varchar = type { true } else { false }
        }
    }
}

extension ColumnConstraint {
    fileprivate var isForeignKey: Bool { if case .references = kind { true } else { false } }
}

extension SQLSyntax.TableConstraint {
    fileprivate var isForeignKey: Bool { if case .foreignKey = kind { true } else { false } }
}
