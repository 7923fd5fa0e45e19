/// BEGIN and START TRANSACTION, COMMIT and END, ROLLBACK and ABORT, SET TRANSACTION.
package enum TransactionStatement: Hashable, Sendable {
    case begin(isReadOnly: Bool?)
    /// SET TRANSACTION, and SET SESSION CHARACTERISTICS AS TRANSACTION: for blocks to come.
    case characteristics(isReadOnly: Bool?, ofSession: Bool)
    case commit
    case rollback
}

/// `SET [SESSION|LOCAL] name {TO|=} value, …`.
package struct SetStatement: Hashable, Sendable {
    /// In lower case; `a.b` keeps its point. SET TIME ZONE sets `timezone`.
    package var name: String
    package var isLocal: Bool
    /// Empty: DEFAULT.
    package var values: [Value]
    package var position: SourcePosition

    /// Words and strings both are text to a setting, but `"$user"` differs from `'$user'` in how it is printed.
    package enum Value: Hashable, Sendable {
        case word(String)
        case string(String)
        /// As written, with its sign.
        case number(String)

        package var text: String {
            switch self {
            case .word(let text), .string(let text), .number(let text): text
            }
        }
    }

    package init(_ name: String, isLocal: Bool = false, _ values: [Value], at position: SourcePosition = .unknown) {
        self.name = name
        self.isLocal = isLocal
        self.values = values
        self.position = position
    }
}

package enum ShowStatement: Hashable, Sendable {
    case all
    case setting(String, at: SourcePosition)
    /// SHOW TABLE t, SHOW VIEW v: the DDL.
    case table(QualifiedName)
    case view(QualifiedName)
    /// Our own extension: where a table's rows lie.
    case distribution(QualifiedName)
    case list(ShowList)
}

/// SHOW DATABASES, SHOW TABLES, …: which ones there are.
package struct ShowList: Hashable, Sendable {
    /// A schema is a name whose `schema` part is the database.
    package enum Subject: Hashable, Sendable {
        case databases
        /// nil: of the session's database.
        case schemas(database: Identifier?)
        /// nil: of the current schema.
        case tables(schema: QualifiedName?)
        case columns(of: QualifiedName)
        case primaryKeys(of: QualifiedName)
        /// Exported: those of other tables that refer to this one.
        case foreignKeys(of: QualifiedName, isExported: Bool)
        case functions(schema: QualifiedName)
        case procedures(schema: QualifiedName)
    }
    package static let rowsMax: Int64 = 10_000

    package var subject: Subject
    /// Of LIKE.
    package var pattern: String?
    package var rowLimit: Int64?

    package init(_ subject: Subject, pattern: String? = nil, rowLimit: Int64? = nil) {
        self.subject = subject
        self.pattern = pattern
        self.rowLimit = rowLimit
    }
}

package struct ExplainStatement: Hashable, Sendable {
    package var isVerbose: Bool
    /// Our own extension: runs the statement and shows what was measured; with `isVerbose`, of each slice.
    package var isAnalyze: Bool
    /// Of `isAnalyze` only.
    package var format: Format
    package var statement: Statement

    package enum Format: String, Hashable, Sendable { case text, json }

    package init(
        isVerbose: Bool = false, isAnalyze: Bool = false, format: Format = .text, _ statement: Statement
    ) {
        self.isVerbose = isVerbose
        self.isAnalyze = isAnalyze
        self.format = format
        self.statement = statement
    }
}

package struct AnalyzeStatement: Hashable, Sendable {
    package enum Columns: Hashable, Sendable {
        /// Also where nothing is written.
        case all
        case predicate
        case listed([Identifier])
    }
    package var isVerbose: Bool
    /// nil: all tables of the database.
    package var table: QualifiedName?
    package var columns: Columns

    package init(isVerbose: Bool = false, _ table: QualifiedName? = nil, _ columns: Columns = .all) {
        self.isVerbose = isVerbose
        self.table = table
        self.columns = columns
    }
}

package struct AnalyzeCompressionStatement: Hashable, Sendable {
    package var table: QualifiedName?
    package var columns: [Identifier]
    package var sampleRows: Int64?

    package init(_ table: QualifiedName? = nil, columns: [Identifier] = [], sampleRows: Int64? = nil) {
        self.table = table
        self.columns = columns
        self.sampleRows = sampleRows
    }
}

package struct VacuumStatement: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case full = "FULL", sortOnly = "SORT ONLY", deleteOnly = "DELETE ONLY", reindex = "REINDEX"
        case recluster = "RECLUSTER"
    }
    package var kind: Kind
    /// nil: all tables of the database.
    package var table: QualifiedName?
    /// TO n PERCENT.
    package var thresholdPercent: Int64?
    package var isBoost: Bool

    package init(
        _ kind: Kind = .full, _ table: QualifiedName? = nil, thresholdPercent: Int64? = nil, isBoost: Bool = false
    ) {
        self.kind = kind
        self.table = table
        self.thresholdPercent = thresholdPercent
        self.isBoost = isBoost
    }
}

/// `PREPARE name [(types)] AS statement`.
package struct PrepareStatement: Hashable, Sendable {
    package var name: Identifier
    package var types: [TypeName]
    package var statement: Statement

    package init(_ name: Identifier, types: [TypeName] = [], _ statement: Statement) {
        self.name = name
        self.types = types
        self.statement = statement
    }
}

package struct ExecuteStatement: Hashable, Sendable {
    package var name: Identifier
    package var arguments: [Expression]

    package init(_ name: Identifier, _ arguments: [Expression] = []) {
        self.name = name
        self.arguments = arguments
    }
}
