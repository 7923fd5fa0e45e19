import SQLTypes

/// COPY and UNLOAD: a few fixed words, then options in any order.
extension Parser {
    mutating func copyStatement() throws(SQLError) -> CopyStatement {
        advance()
        let table = try qualifiedName()
        let columns = at(.leftParenthesis) ? try identifierList() : []
        try expect(.from)
        let sourcePosition = position
        let source = try string()
        var options: [CopyStatement.Option] = []
        while !at(.endOfInput), !at(.semicolon) {
            let start = position
            options.append(CopyStatement.Option(try copyOption(), at: start))
        }
        return CopyStatement(table, columns: columns, from: source, at: sourcePosition, options)
    }

    private mutating func copyOption() throws(SQLError) -> CopyStatement.Kind {
        if let access = try accessOption() { return .access(access) }
        if let compression = takeCompression() { return .compression(compression) }
        if at(.format) {
            advance()
            _ = take(.as)
            guard let format = try copyFormat() else { throw syntaxError() }
            return format
        }
        if let format = try copyFormat() { return format }
        if let flag = copyFlag() {
            advance()
            return flag
        }
        if let text = try copyTextOption() { return text }
        return try copyLoadOption()
    }

    /// `[AS] 'text'` after an option's keyword.
    private mutating func optionText() throws(SQLError) -> String {
        advance()
        _ = take(.as)
        return try string()
    }

    /// The same of what no log may have.
    private mutating func optionSecret() throws(SQLError) -> String {
        advance()
        _ = take(.as)
        return try secret()
    }

    private mutating func optionalText() throws(SQLError) -> String? {
        advance()
        _ = take(.as)
        return at(.string) || at(.dollarString) ? try string() : nil
    }

    private mutating func optionNumber() throws(SQLError) -> Int64 {
        advance()
        _ = take(.as)
        return try integer()
    }

    /// What COPY and UNLOAD have in common; nil where none begins.
    private mutating func accessOption() throws(SQLError) -> AccessOption? {
        switch current.keyword {
        case .iamRole:
            advance()
            _ = take(.as)
            if take(.default) { return .iamRole(nil) }
            return .iamRole(try string())
        case .with:
            guard token(1).keyword == .credentials else { return nil }
            advance()
            return .credentials(try optionSecret())
        case .credentials: return .credentials(try optionSecret())
        case .accessKeyId: return .accessKeyID(try optionSecret())
        case .secretAccessKey: return .secretAccessKey(try optionSecret())
        case .sessionToken: return .sessionToken(try optionSecret())
        case .masterSymmetricKey: return .masterSymmetricKey(try optionSecret())
        default: return nil
        }
    }

    private mutating func takeCompression() -> Compression? {
        let compression: Compression
        switch current.keyword {
        case .gzip: compression = .gzip
        case .bzip2: compression = .bzip2
        case .lzop: compression = .lzop
        case .zstd: compression = .zstd
        default: return nil
        }
        advance()
        return compression
    }

    private mutating func copyFormat() throws(SQLError) -> CopyStatement.Kind? {
        switch current.keyword {
        case .csv:
            advance()
            return .csv
        case .json: return .json(try optionalText())
        case .avro: return .avro(try optionalText())
        case .parquet:
            advance()
            return .parquet
        case .orc:
            advance()
            return .orc
        case .shapefile:
            advance()
            if at(.simplify) { throw unsupported("SIMPLIFY") }
            return .shapefile
        default: return nil
        }
    }

    /// Options without an argument.
    private func copyFlag() -> CopyStatement.Kind? {
        switch current.keyword {
        case .manifest: .manifest
        case .encrypted: .encrypted
        case .ssh: .ssh
        case .serializetojson: .serializeToJSON
        case .acceptanydate: .acceptAnyDate
        case .blanksasnull: .blanksAsNull
        case .emptyasnull: .emptyAsNull
        case .escape: .escape
        case .explicitIds: .explicitIDs
        case .fillrecord: .fillRecord
        case .ignoreblanklines: .ignoreBlankLines
        case .removequotes: .removeQuotes
        case .roundec: .roundDecimals
        case .trimblanks: .trimBlanks
        case .truncatecolumns: .truncateColumns
        case .ignoreallerrors: .ignoreAllErrors
        case .noload: .noLoad
        default: nil
        }
    }

    private mutating func copyTextOption() throws(SQLError) -> CopyStatement.Kind? {
        switch current.keyword {
        case .region: return .region(try optionText())
        case .quote: return .quote(try optionText())
        case .delimiter: return .delimiter(try optionText())
        case .fixedwidth: return .fixedWidth(try optionText())
        case .null: return .nullAs(try optionText())
        case .dateformat: return .dateFormat(try optionText())
        case .timeformat: return .timeFormat(try optionText())
        case .acceptinvchars: return .acceptInvalidCharacters(try optionalText())
        case .encoding:
            advance()
            _ = take(.as)
            if let word = currentWord {
                advance()
                return .encoding(word)
            }
            return .encoding(try string())
        default: return nil
        }
    }

    private mutating func copyLoadOption() throws(SQLError) -> CopyStatement.Kind {
        switch current.keyword {
        case .ignoreheader: return .ignoreHeader(try optionNumber())
        case .comprows: return .compressionRows(try optionNumber())
        case .maxerror: return .maximumErrors(try optionNumber())
        case .readratio: return .readRatio(try optionNumber())
        case .compupdate:
            advance()
            if take(.preset) { return .compressionUpdate(.preset) }
            return .compressionUpdate(takeSwitch() == false ? .off : .on)
        case .statupdate:
            advance()
            return .statisticsUpdate(isOn: takeSwitch() ?? true)
        case .job: throw unsupported("COPY JOB")
        default: throw syntaxError()
        }
    }

    /// ON or TRUE, OFF or FALSE; nil when neither is written.
    private mutating func takeSwitch() -> Bool? {
        if take(.on) || take(.true) { return true }
        return take(.off) || take(.false) ? false : nil
    }

    // MARK: UNLOAD

    mutating func unloadStatement() throws(SQLError) -> UnloadStatement {
        advance()
        try expect(.leftParenthesis)
        let query = try quotedQuery()
        try expect(.rightParenthesis)
        try expect(.to)
        let destinationPosition = position
        let destination = try string()
        var options: [UnloadStatement.Option] = []
        while !at(.endOfInput), !at(.semicolon) {
            let start = position
            options.append(UnloadStatement.Option(try unloadOption(), at: start))
        }
        return UnloadStatement(query, to: destination, at: destinationPosition, options)
    }

    /// A query within quotes. Its errors are reported at the literal, as quotes doubled within it shift places.
    private mutating func quotedQuery() throws(SQLError) -> Query {
        let start = position
        let text = try stringBytes()
        do throws(SQLError) {
            return try withParser(text) { (parser) throws(SQLError) in try parser.onlyQuery() }
        } catch {
            var located = error
            located.position = start.character
            throw located
        }
    }

    /// A query is all that there is; so an UNLOAD within an UNLOAD cannot recurse.
    private mutating func onlyQuery() throws(SQLError) -> Query {
        let query = try query()
        while take(.semicolon) {}
        guard at(.endOfInput) else { throw syntaxError() }
        return query
    }

    private mutating func unloadOption() throws(SQLError) -> UnloadStatement.Kind {
        if let access = try accessOption() { return .access(access) }
        if let compression = takeCompression() { return .compression(compression) }
        if take(.format) { _ = take(.as) }
        switch current.keyword {
        case .region: return .region(try optionText())
        case .delimiter: return .delimiter(try optionText())
        case .fixedwidth: return .fixedWidth(try optionText())
        case .null: return .nullAs(try optionText())
        case .kmsKeyId: return .kmsKeyID(try optionText())
        case .`extension`: return .extension(try optionText())
        case .partition: return try partitionOption()
        case .maxfilesize: return .maximumFileSize(try size())
        case .rowgroupsize: return .rowGroupSize(try size())
        default: break
        }
        guard let flag = unloadFlag() else { throw syntaxError() }
        advance()
        switch flag {
        case .manifest: return .manifest(isVerbose: take(.verbose))
        case .encrypted: return .encrypted(isAuto: take(.auto))
        case .parallel: return .parallel(isOn: takeSwitch() ?? true)
        default: return flag
        }
    }

    private func unloadFlag() -> UnloadStatement.Kind? {
        switch current.keyword {
        case .csv: .csv
        case .parquet: .parquet
        case .json: .json
        case .addquotes: .addQuotes
        case .escape: .escape
        case .header: .header
        case .manifest: .manifest(isVerbose: false)
        case .encrypted: .encrypted(isAuto: false)
        case .allowoverwrite: .allowOverwrite
        case .cleanpath: .cleanPath
        case .parallel: .parallel(isOn: true)
        default: nil
        }
    }

    private mutating func partitionOption() throws(SQLError) -> UnloadStatement.Kind {
        guard take(.partition, .by) else { throw syntaxError(at: token(1)) }
        let columns = try identifierList()
        return .partitionBy(columns, includesColumns: take(.include))
    }

    private mutating func size() throws(SQLError) -> UnloadStatement.Size {
        advance()
        _ = take(.as)
        guard at(.integerLiteral) || at(.decimalLiteral), let number = Double(text(of: current)), number.isFinite else {
            throw syntaxError()
        }
        advance()
        if take(.gb) { return UnloadStatement.Size(number, .gigabytes) }
        _ = take(.mb)
        return UnloadStatement.Size(number, .megabytes)
    }
}
