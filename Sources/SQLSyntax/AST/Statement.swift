/// One SQL statement.
package indirect enum Statement: Hashable, Sendable {
    case query(Query)

    case createTable(CreateTableStatement)
    case createTableAs(CreateTableAsStatement)
    case createView(CreateViewStatement)
    case createSchema(CreateSchemaStatement)
    case alterSchema(AlterSchemaStatement)
    case drop(DropStatement)
    case alterTable(AlterTableStatement)
    case comment(CommentStatement)

    case insert(InsertStatement)
    case update(UpdateStatement)
    case delete(DeleteStatement)
    case truncate(QualifiedName)
    case copy(CopyStatement)
    case unload(UnloadStatement)

    case analyze(AnalyzeStatement)
    case analyzeCompression(AnalyzeCompressionStatement)
    case vacuum(VacuumStatement)
    case explain(ExplainStatement)
    case assert(AssertStatement)
    case statistics(StatisticsStatement)

    case transaction(TransactionStatement)
    case set(SetStatement)
    case show(ShowStatement)
    /// nil: RESET ALL.
    case reset(String?)
    /// DISCARD ALL: the session as it began.
    case discardAll
    case cursor(CursorStatement)
    /// `CANCEL process ['message']`
    case cancel(process: Int64, message: String?)
    case prepare(PrepareStatement)
    case execute(ExecuteStatement)
    /// nil: DEALLOCATE ALL.
    case deallocate(Identifier?)
    case lock(LockStatement)
    case createDatabase(CreateDatabaseStatement)
    case alterDatabase(AlterDatabaseStatement)
    case dropDatabase(Identifier)
    case principal(PrincipalStatement)
    case grant(GrantStatement)
    case policy(PolicyStatement)
    case alterDefaultPrivileges(DefaultPrivilegesStatement)
    /// `SET [LOCAL] SESSION AUTHORIZATION`; nil: DEFAULT, and RESET.
    case setAuthorization(Identifier?, isLocal: Bool)
}

/// A statement and where it stood in the text.
package struct ParsedStatement: Hashable, Sendable {
    package var statement: Statement
    package var position: SourcePosition
    /// In bytes of UTF-8, from the first token to the last one, the semicolon not included.
    package var range: Range<Int>
    /// The greatest n of `$n`; 0 without parameters.
    package var parameterCount: Int
    /// Where passwords and keys stand, as `range` counts, ascending: no log may have them.
    package var secrets: [Range<Int>]

    package init(
        _ statement: Statement, at position: SourcePosition, range: Range<Int>, parameterCount: Int,
        secrets: [Range<Int>] = []
    ) {
        self.statement = statement
        self.secrets = secrets
        self.position = position
        self.range = range
        self.parameterCount = parameterCount
    }

    /// Bytes of a statement that logs keep: as many as STL_QUERYTEXT has room for.
    package static let shownBytesMax = 64 << 10

    /// The statement as it stands in the text that it was parsed from, with `'***'` for each password; no more than
    /// `shownBytesMax` of it. Takes no longer than that many bytes do, however long the whole text is.
    package func text(in whole: String) -> String {
        var whole = whole
        return whole.withUTF8 { bytes in
            var shown: [UInt8] = []
            var start = range.lowerBound
            func show(upTo end: Int) {
                let left = ParsedStatement.shownBytesMax - shown.count
                guard left > 0, start < min(end, bytes.count) else { return }
                var cut = min(end, bytes.count, start + left)
                // No character is cut in two.
                while cut < bytes.count, cut > start, bytes[cut] & 0xC0 == 0x80 { cut -= 1 }
                shown += bytes[start..<cut]
            }
            for secret in secrets where shown.count < ParsedStatement.shownBytesMax {
                show(upTo: secret.lowerBound)
                shown += Array("'***'".utf8)
                start = secret.upperBound
            }
            show(upTo: range.upperBound)
            return String(decoding: shown, as: UTF8.self)
        }
    }
}
