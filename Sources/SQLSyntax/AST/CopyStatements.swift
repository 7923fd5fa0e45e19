/// COPY into a table. Only the grammar is checked here: which options exclude one another is Ingest's matter.
package struct CopyStatement: Hashable, Sendable {
    package var table: QualifiedName
    /// The order of the fields in the files; empty: all columns.
    package var columns: [Identifier]
    /// `s3://bucket/prefix` and its like.
    package var source: String
    package var sourcePosition: SourcePosition
    /// In the order written, credentials among them.
    package var options: [Option]

    package struct Option: Hashable, Sendable {
        package var kind: Kind
        package var position: SourcePosition

        package init(_ kind: Kind, at position: SourcePosition = .unknown) {
            self.kind = kind
            self.position = position
        }
    }

    /// - Source: Redshift developer guide, "COPY parameter reference".
    package enum Kind: Hashable, Sendable {
        case access(AccessOption)
        case region(String)
        case manifest, encrypted, ssh
        case readRatio(Int64)

        case csv
        case quote(String)
        case delimiter(String)
        case fixedWidth(String)
        /// nil: 'auto'.
        case json(String?)
        case avro(String?)
        case parquet, orc, serializeToJSON
        case shapefile
        case compression(Compression)

        case acceptAnyDate
        /// nil: `?`.
        case acceptInvalidCharacters(String?)
        case blanksAsNull, emptyAsNull
        case nullAs(String)
        case dateFormat(String)
        case timeFormat(String)
        case encoding(String)
        case escape, explicitIDs, fillRecord, ignoreBlankLines
        case ignoreHeader(Int64)
        case removeQuotes, roundDecimals, trimBlanks, truncateColumns

        case compressionUpdate(CompressionUpdate)
        case compressionRows(Int64)
        /// STATUPDATE alone is ON.
        case statisticsUpdate(isOn: Bool)
        case maximumErrors(Int64)
        case ignoreAllErrors, noLoad
    }

    package enum CompressionUpdate: String, Hashable, Sendable { case on = "ON", off = "OFF", preset = "PRESET" }

    package init(
        _ table: QualifiedName, columns: [Identifier] = [], from source: String,
        at sourcePosition: SourcePosition = .unknown, _ options: [Option]
    ) {
        self.table = table
        self.columns = columns
        self.source = source
        self.sourcePosition = sourcePosition
        self.options = options
    }
}

/// How a COPY or UNLOAD may reach its files. The values are kept as written.
package enum AccessOption: Hashable, Sendable {
    /// nil: `IAM_ROLE default`. Several ARNs, with commas, are a chain of roles.
    case iamRole(String?)
    case credentials(String)
    case accessKeyID(String)
    case secretAccessKey(String)
    case sessionToken(String)
    case masterSymmetricKey(String)
}

package enum Compression: String, Hashable, Sendable, CaseIterable {
    case gzip = "GZIP", bzip2 = "BZIP2", lzop = "LZOP", zstd = "ZSTD"
}

/// `UNLOAD ('query') TO 'prefix' …`.
package struct UnloadStatement: Hashable, Sendable {
    /// Read from the quoted text; its positions are those of the string literal.
    package var query: Query
    package var destination: String
    package var destinationPosition: SourcePosition
    package var options: [Option]

    package struct Option: Hashable, Sendable {
        package var kind: Kind
        package var position: SourcePosition

        package init(_ kind: Kind, at position: SourcePosition = .unknown) {
            self.kind = kind
            self.position = position
        }
    }

    /// - Source: Redshift developer guide, "UNLOAD".
    package enum Kind: Hashable, Sendable {
        case access(AccessOption)
        case region(String)
        case csv, parquet, json
        case delimiter(String)
        case fixedWidth(String)
        case addQuotes, escape, header
        case nullAs(String)
        case partitionBy([Identifier], includesColumns: Bool)
        case manifest(isVerbose: Bool)
        case compression(Compression)
        case encrypted(isAuto: Bool)
        case kmsKeyID(String)
        case allowOverwrite, cleanPath
        case parallel(isOn: Bool)
        /// `6.2 GB`; megabytes where no unit is written.
        case maximumFileSize(Size)
        case rowGroupSize(Size)
        case `extension`(String)
    }

    package struct Size: Hashable, Sendable {
        package enum Unit: String, Hashable, Sendable { case megabytes = "MB", gigabytes = "GB" }
        package var number: Double
        package var unit: Unit

        package init(_ number: Double, _ unit: Unit) {
            self.number = number
            self.unit = unit
        }
    }

    package init(
        _ query: Query, to destination: String, at destinationPosition: SourcePosition = .unknown, _ options: [Option]
    ) {
        self.query = query
        self.destination = destination
        self.destinationPosition = destinationPosition
        self.options = options
    }
}
