extension Printer {
    mutating func statement(_ statement: Statement) {
        switch statement {
        case .query(let query): self.query(query)
        case .createTable(let value): createTable(value)
        case .createTableAs(let value): createTableAs(value)
        case .createView(let value): createView(value)
        case .createSchema(let value): createSchema(value)
        case .drop(let value): drop(value)
        case .alterTable(let value): alterTable(value)
        case .alterSchema(let value): alterSchema(value)
        case .principal(let value): principal(value)
        case .comment(let value): comment(value)
        case .insert(let value): insert(value)
        case .update(let value): update(value)
        case .delete(let value): delete(value)
        case .truncate(let table):
            write("TRUNCATE TABLE ")
            qualified(table)
        case .copy(let value): copy(value)
        case .unload(let value): unload(value)
        default: sessionStatement(statement)
        }
    }

    // MARK: Data

    private mutating func insert(_ insert: InsertStatement) {
        write("INSERT INTO ")
        qualified(insert.table)
        optionalNames(insert.columns)
        switch insert.source {
        case .defaultValues: write(" DEFAULT VALUES")
        case .values(let rows):
            write(" VALUES ")
            list(rows) { printer, row in printer.group { $0.list(row) { $0.value($1) } } }
        case .query(let query):
            write(" ")
            self.query(query)
        }
    }

    private mutating func value(_ value: InsertStatement.Value) {
        switch value {
        case .expression(let expression): self.expression(expression)
        case .default: write("DEFAULT")
        }
    }

    private mutating func update(_ update: UpdateStatement) {
        if let with = update.with {
            self.with(with)
            write(" ")
        }
        write("UPDATE ")
        target(update.table, update.alias)
        write(" SET ")
        list(update.assignments) { printer, assignment in
            printer.identifier(assignment.column)
            printer.write(" = ")
            printer.value(assignment.value)
        }
        tables(" FROM ", update.from)
        clause("WHERE", update.filter)
    }

    private mutating func delete(_ delete: DeleteStatement) {
        if let with = delete.with {
            self.with(with)
            write(" ")
        }
        write("DELETE FROM ")
        target(delete.table, delete.alias)
        tables(" USING ", delete.using)
        clause("WHERE", delete.filter)
    }

    private mutating func target(_ table: QualifiedName, _ alias: Identifier?) {
        qualified(table)
        guard let alias else { return }
        write(" AS ")
        identifier(alias)
    }

    private mutating func tables(_ keyword: String, _ tables: [TableExpression]) {
        guard !tables.isEmpty else { return }
        write(keyword)
        list(tables) { $0.table($1) }
    }

    // MARK: Sessions

    private mutating func sessionStatement(_ statement: Statement) {
        switch statement {
        case .analyze(let value): analyze(value)
        case .analyzeCompression(let value): analyzeCompression(value)
        case .vacuum(let value): vacuum(value)
        case .explain(let value):
            write("EXPLAIN \(value.isAnalyze ? "ANALYZE " : "")\(value.isVerbose ? "VERBOSE " : "")")
            if value.format == .json { write("FORMAT JSON ") }
            self.statement(value.statement)
        case .assert(let value): assert(value)
        case .statistics(let value): statistics(value)
        case .transaction(let value): transaction(value)
        case .set(let value): set(value)
        case .show(let value): show(value)
        case .reset(let name):
            write("RESET ")
            if let name { setting(name) } else { write("ALL") }
        case .discardAll: write("DISCARD ALL")
        case .cancel(let process, let message):
            write("CANCEL \(process)")
            if let message {
                write(" ")
                string(message)
            }
        case .cursor(let value): cursor(value)
        case .prepare(let value): prepare(value)
        case .execute(let value):
            write("EXECUTE ")
            identifier(value.name)
            if !value.arguments.isEmpty { group { $0.list(value.arguments) { $0.expression($1) } } }
        case .deallocate(let name):
            write("DEALLOCATE ")
            if let name { identifier(name) } else { write("ALL") }
        case .grant(let value): grant(value)
        case .policy(let value): policy(value)
        case .alterDefaultPrivileges(let value): defaultPrivileges(value)
        case .setAuthorization(let name, let isLocal):
            write(isLocal ? "SET LOCAL SESSION AUTHORIZATION " : "SET SESSION AUTHORIZATION ")
            // As a text it keeps its capitals, as the parser does.
            if let name { string(name.name) } else { write("DEFAULT") }
        case .lock(let value):
            write("LOCK TABLE ")
            list(value.tables) { $0.qualified($1) }
        case .alterDatabase(let value):
            alterDatabase(value)
        case .createDatabase(let value): createDatabase(value)
        case .dropDatabase(let name):
            write("DROP DATABASE ")
            identifier(name)
        default: assertionFailure("a statement of no known kind")
        }
    }

    private mutating func analyze(_ analyze: AnalyzeStatement) {
        write(analyze.isVerbose ? "ANALYZE VERBOSE" : "ANALYZE")
        guard let table = analyze.table else { return }
        write(" ")
        qualified(table)
        switch analyze.columns {
        case .all: break
        case .predicate: write(" PREDICATE COLUMNS")
        case .listed(let columns): optionalNames(columns)
        }
    }

    private mutating func analyzeCompression(_ analyze: AnalyzeCompressionStatement) {
        write("ANALYZE COMPRESSION")
        if let table = analyze.table {
            write(" ")
            qualified(table)
            optionalNames(analyze.columns)
        }
        if let rows = analyze.sampleRows { write(" COMPROWS \(rows)") }
    }

    private mutating func vacuum(_ vacuum: VacuumStatement) {
        write("VACUUM \(vacuum.kind.rawValue)")
        if let table = vacuum.table {
            write(" ")
            qualified(table)
        }
        if let percent = vacuum.thresholdPercent { write(" TO \(percent) PERCENT") }
        if vacuum.isBoost { write(" BOOST") }
    }

    private mutating func transaction(_ transaction: TransactionStatement) {
        switch transaction {
        case .begin(nil): write("BEGIN")
        case .begin(let isReadOnly?): write(isReadOnly ? "BEGIN READ ONLY" : "BEGIN READ WRITE")
        case .characteristics(let isReadOnly, let ofSession):
            write(ofSession ? "SET SESSION CHARACTERISTICS AS TRANSACTION" : "SET TRANSACTION")
            if let isReadOnly { write(isReadOnly ? " READ ONLY" : " READ WRITE") }
        case .commit: write("COMMIT")
        case .rollback: write("ROLLBACK")
        }
    }

    mutating func set(_ set: SetStatement) {
        write(set.isLocal ? "SET LOCAL " : "SET ")
        setting(set.name)
        write(" TO ")
        if set.values.isEmpty { write("DEFAULT") }
        list(set.values) { printer, value in
            switch value {
            case .word(let word): printer.name(word)
            case .string(let text): printer.string(text)
            case .number(let text): printer.write(text)
            }
        }
    }

    private mutating func setting(_ name: String) {
        var isFirst = true
        for part in name.split(separator: ".", omittingEmptySubsequences: false) {
            if !isFirst { write(".") }
            isFirst = false
            self.name(String(part))
        }
    }

    private mutating func show(_ show: ShowStatement) {
        write("SHOW ")
        switch show {
        case .all: write("ALL")
        case .setting(let name, _): setting(name)
        case .table(let name):
            write("TABLE ")
            qualified(name)
        case .view(let name):
            write("VIEW ")
            qualified(name)
        case .distribution(let name):
            write("DISTRIBUTION ")
            qualified(name)
        case .list(let list): self.list(list)
        }
    }

    private mutating func list(_ list: ShowList) {
        switch list.subject {
        case .databases: write("DATABASES")
        case .schemas(let database):
            write("SCHEMAS")
            if let database {
                write(" FROM DATABASE ")
                identifier(database)
            }
        case .tables(let schema):
            write("TABLES")
            if let schema {
                write(" FROM SCHEMA ")
                qualified(schema)
            }
        case .columns(let table):
            write("COLUMNS FROM TABLE ")
            qualified(table)
        case .primaryKeys(let table):
            write("CONSTRAINTS PRIMARY KEYS FROM TABLE ")
            qualified(table)
        case .foreignKeys(let table, let isExported):
            write("CONSTRAINTS FOREIGN KEYS ")
            write(isExported ? "EXPORTED FROM TABLE " : "FROM TABLE ")
            qualified(table)
        case .functions(let schema):
            write("FUNCTIONS FROM SCHEMA ")
            qualified(schema)
        case .procedures(let schema):
            write("PROCEDURES FROM SCHEMA ")
            qualified(schema)
        }
        if let pattern = list.pattern {
            write(" LIKE ")
            string(pattern)
        }
        if let limit = list.rowLimit { write(" LIMIT \(limit)") }
    }

    private mutating func prepare(_ prepare: PrepareStatement) {
        write("PREPARE ")
        identifier(prepare.name)
        if !prepare.types.isEmpty { group { $0.list(prepare.types) { $0.type($1) } } }
        write(" AS ")
        statement(prepare.statement)
    }
}
