import Ingest
import SQLSyntax
import SQLTypes

/// An UNLOAD statement's option list as Ingest understands it. Every option is either carried over or refused by name.
struct UnloadRequest: Sendable {
    var prefix: ObjectAddress
    var options: UnloadOptions
    var authorization: CopyAuthorization?

    /// - Parameter allowsLocalFiles: the destination may be a path of this machine.
    init(_ statement: UnloadStatement, allowsLocalFiles: Bool) throws(SQLError) {
        var options = UnloadOptions()
        let prefix: ObjectAddress
        do throws(SQLError) {
            prefix = try ObjectAddress(parsing: statement.destination, allowsLocalFiles: allowsLocalFiles)
        } catch {
            throw error.at(statement.destinationPosition.character)
        }
        let items = statement.options.map { option in
            let access: AccessOption? = if case .access(let access) = option.kind { access } else { nil }
            return FileAccess.Item(kind: option.kind, position: option.position.character, access: access)
        }
        authorization = try FileAccess(
            items, of: "UNLOAD", isLocal: prefix.isLocal, at: statement.destinationPosition.character
        ) {
            (kind) throws(SQLError) in
            try UnloadRequest.apply(kind, to: &options)
        } check: { () throws(SQLError) in
            try options.validate()
        }.authorization
        self.prefix = prefix
        self.options = options
    }

    private static func apply(_ kind: UnloadStatement.Kind, to options: inout UnloadOptions) throws(SQLError) {
        switch kind {
        case .access: break
        case .region(let region): options.region = region
        case .csv: options.format = .csv
        case .parquet: throw SQLError.unsupported("UNLOAD format PARQUET")
        case .json: throw SQLError.unsupported("UNLOAD format JSON")
        case .fixedWidth(let text): options.format = .fixedWidth(try FixedWidths(text))
        case .delimiter(let text): options.delimiter = try CopyOptions.delimiter(text)
        case .addQuotes: options.addQuotes = true
        case .escape: options.escape = true
        case .header: options.hasHeader = true
        case .nullAs(let text): options.nullText = Array(text.utf8)
        case .partitionBy: throw SQLError.unsupported("UNLOAD option PARTITION BY")
        case .manifest(let isVerbose): options.manifest = isVerbose ? .verbose : .plain
        case .compression(let compression): options.compression = compression.option
        case .encrypted: throw SQLError.unsupported("UNLOAD option ENCRYPTED")
        case .kmsKeyID: throw SQLError.unsupported("UNLOAD option KMS_KEY_ID")
        case .allowOverwrite: options.allowsOverwrite = true
        case .cleanPath: options.cleansPath = true
        case .parallel(let isOn): options.isParallel = isOn
        case .maximumFileSize(let size): options.maximumFileBytes = try bytes(size)
        case .rowGroupSize: throw SQLError.unsupported("UNLOAD option ROWGROUPSIZE")
        case .extension(let text): options.fileExtension = text
        }
    }

    /// Decimal units. - Source: Redshift developer guide, "UNLOAD", MAXFILESIZE.
    private static func bytes(_ size: UnloadStatement.Size) throws(SQLError) -> Int {
        let unit: Double = size.unit == .gigabytes ? 1_000_000_000 : 1_000_000
        guard let bytes = Int(exactly: (size.number * unit).rounded()) else {
            throw SQLError(.invalidParameterValue, "MAXFILESIZE must be between 5 MB and 6.2 GB")
        }
        return bytes
    }
}
