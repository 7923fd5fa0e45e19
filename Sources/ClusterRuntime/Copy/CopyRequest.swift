import Ingest
import SQLSyntax
import SQLTypes

/// A COPY statement's option list as Ingest understands it. Every option is either carried over or refused by name:
/// none is dropped.
struct CopyRequest: Sendable {
    var options: CopyOptions
    var authorization: CopyAuthorization?

    /// - Parameter isLocal: the source is a path of this machine.
    init(_ statement: CopyStatement, isLocal: Bool) throws(SQLError) {
        var options = CopyOptions()
        let items = statement.options.map { option in
            let access: AccessOption? = if case .access(let access) = option.kind { access } else { nil }
            return FileAccess.Item(kind: option.kind, position: option.position.character, access: access)
        }
        authorization = try FileAccess(items, of: "COPY", isLocal: isLocal, at: statement.sourcePosition.character) {
            (kind) throws(SQLError) in
            try CopyRequest.apply(kind, to: &options)
        } check: { () throws(SQLError) in
            try options.validate()
        }.authorization
        self.options = options
    }

    private static func apply(_ kind: CopyStatement.Kind, to options: inout CopyOptions) throws(SQLError) {
        switch kind {
        case .access: break
        case .region(let region): options.region = region
        case .manifest: options.isManifest = true
        case .encrypted: options.isEncrypted = true
        case .ssh: options.isSSH = true
        case .readRatio(let ratio): options.readRatio = ratio
        case .csv, .fixedWidth, .json, .avro, .parquet, .orc, .shapefile: try setFormat(kind, &options)
        case .serializeToJSON: options.serializeToJSON = true
        case .compression(let compression): options.compression = compression.option
        case .quote(let text): options.quote = try CopyOptions.quote(text)
        case .delimiter(let text): options.delimiter = try CopyOptions.delimiter(text)
        case .nullAs(let text): options.nullMarker = try CopyOptions.nullMarker(text)
        case .acceptInvalidCharacters(let text):
            options.replacementCharacter = try CopyOptions.replacementCharacter(text)
        case .dateFormat(let format): options.dateFormat = format
        case .timeFormat(let format): options.timeFormat = format
        case .encoding(let name): options.encoding = name
        case .ignoreHeader(let lines): options.ignoredHeaderLines = try count(lines, "IGNOREHEADER")
        case .maximumErrors(let errors): options.maximumErrors = try count(errors, "MAXERROR")
        case .compressionRows(let rows): options.compressionRows = rows
        case .compressionUpdate(let update): options.compressionUpdate = update.option
        case .statisticsUpdate(let isOn): options.statisticsUpdate = isOn
        case .acceptAnyDate, .blanksAsNull, .emptyAsNull, .escape, .explicitIDs, .fillRecord, .ignoreBlankLines,
            .removeQuotes, .roundDecimals, .trimBlanks, .truncateColumns, .ignoreAllErrors, .noLoad:
            setSwitch(kind, &options)
        }
    }

    private static func setFormat(_ kind: CopyStatement.Kind, _ options: inout CopyOptions) throws(SQLError) {
        guard options.format == .delimited else {
            throw SQLError(.syntaxError, "conflicting or redundant options", detail: "COPY reads one format at a time.")
        }
        switch kind {
        case .csv: options.format = .csv
        case .fixedWidth(let fields): options.format = .fixedWidth(fields)
        case .json(let paths): options.format = .json(paths)
        case .avro(let paths): options.format = .avro(paths)
        case .parquet: options.format = .parquet
        case .orc: options.format = .orc
        case .shapefile: options.format = .shapefile
        default: throw SQLError.internalError("not a format of COPY")
        }
    }

    private static func setSwitch(_ kind: CopyStatement.Kind, _ options: inout CopyOptions) {
        switch kind {
        case .acceptAnyDate: options.acceptsAnyDate = true
        case .blanksAsNull: options.blanksAsNull = true
        case .emptyAsNull: options.emptyAsNull = true
        case .escape: options.escape = true
        case .explicitIDs: options.explicitIDs = true
        case .fillRecord: options.fillRecord = true
        case .ignoreBlankLines: options.ignoreBlankLines = true
        case .removeQuotes: options.removeQuotes = true
        case .roundDecimals: options.roundDecimals = true
        case .trimBlanks: options.trimBlanks = true
        case .truncateColumns: options.truncateColumns = true
        case .ignoreAllErrors: options.ignoresAllErrors = true
        case .noLoad: options.noLoad = true
        default: assertionFailure("not a switch of COPY: \(kind)")
        }
    }

    private static func count(_ value: Int64, _ name: String) throws(SQLError) -> Int {
        guard let count = Int(exactly: value), count >= 0 else {
            throw SQLError(.invalidParameterValue, "\(name) must not be negative, \(value) is")
        }
        return count
    }
}

extension Compression {
    var option: CopyOptions.Compression {
        switch self {
        case .gzip: .gzip
        case .bzip2: .bzip2
        case .lzop: .lzop
        case .zstd: .zstd
        }
    }
}

extension CopyStatement.CompressionUpdate {
    var option: CopyOptions.CompressionUpdate {
        switch self {
        case .on: .on
        case .off: .off
        case .preset: .preset
        }
    }
}
