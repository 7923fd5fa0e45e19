package import SQLTypes

/// What a COPY statement asks for, apart from table, source and authorization. Made from the statement's option list;
/// nil and false mean "not written", so that combinations can be checked and defaults applied in one place.
/// - Source: Redshift developer guide, "COPY parameter reference".
package struct CopyOptions: Hashable, Sendable {
    package enum Format: Hashable, Sendable {
        case delimited
        case csv
        case fixedWidth(String)
        case json(String?)
        case avro(String?)
        case parquet, orc, shapefile
    }

    package enum Compression: Hashable, Sendable {
        case gzip, bzip2, lzop, zstd

        var keyword: String {
            switch self {
            case .gzip: "GZIP"
            case .bzip2: "BZIP2"
            case .lzop: "LZOP"
            case .zstd: "ZSTD"
            }
        }

        /// What has to be there to read it; zlib always is.
        var library: SystemLibrary? {
            switch self {
            case .gzip: nil
            case .bzip2: .libbz2
            case .lzop: .liblzo2
            case .zstd: .libzstd
            }
        }
    }
    package enum CompressionUpdate: Hashable, Sendable { case on, off, preset }

    package var format = Format.delimited
    package var compression: Compression?
    package var isManifest = false
    package var isEncrypted = false
    package var isSSH = false
    package var readRatio: Int64?
    /// The buckets' region; nil: the cluster's.
    package var region: String?

    package var delimiter: UInt8?
    package var quote: UInt8?
    package var nullMarker: [UInt8]?
    package var dateFormat: String?
    package var timeFormat: String?
    package var encoding: String?
    package var ignoredHeaderLines: Int?
    package var acceptsAnyDate = false
    /// ACCEPTINVCHARS: the byte put for each byte of an invalid sequence.
    package var replacementCharacter: UInt8?
    package var blanksAsNull = false
    package var emptyAsNull = false
    package var escape = false
    package var explicitIDs = false
    package var fillRecord = false
    package var ignoreBlankLines = false
    package var removeQuotes = false
    package var roundDecimals = false
    package var trimBlanks = false
    package var truncateColumns = false

    package var maximumErrors: Int?
    package var ignoresAllErrors = false
    package var noLoad = false
    package var compressionUpdate: CompressionUpdate?
    package var compressionRows: Int64?
    /// STATUPDATE: nil: analyze only if the table was empty.
    package var statisticsUpdate: Bool?
    package var serializeToJSON = false

    package init() {}

    /// What `NULL AS` is without being written.
    package static let standardNullMarker = Array(#"\N"#.utf8)
    /// Records may be no longer. - Source: Redshift developer guide, "COPY": 4 MB.
    package static let maximumRecordBytes = 4 << 20

    package var effectiveDelimiter: UInt8 { delimiter ?? UInt8(ascii: format == .csv ? "," : "|") }
    package var effectiveQuote: UInt8 { quote ?? UInt8(ascii: "\"") }
    package var effectiveNullMarker: [UInt8] { nullMarker ?? CopyOptions.standardNullMarker }
    /// The load fails when so many records have been rejected: 0 and 1 both mean the first.
    package var errorLimit: Int { ignoresAllErrors ? .max : max(1, maximumErrors ?? 0) }
}

// MARK: - Arguments as they are written

extension CopyOptions {
    /// The argument of DELIMITER: one ASCII character, `\t` or octal `\ddd`.
    package static func delimiter(_ text: String) throws(SQLError) -> UInt8 {
        guard let byte = asciiByte(text), byte != 0, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
            throw SQLError(
                .invalidParameterValue, "COPY delimiter must be a single ASCII character, '\(text)' is not",
                hint: #"Write '|', '\t' or an octal code such as '\017'."#)
        }
        return byte
    }

    /// The argument of QUOTE.
    package static func quote(_ text: String) throws(SQLError) -> UInt8 {
        guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte >= 0x20 else {
            throw SQLError(.invalidParameterValue, "COPY quote must be a single ASCII character, '\(text)' is not")
        }
        return byte
    }

    /// The argument of NULL AS; `\0` and `\000` stand for a NUL byte.
    package static func nullMarker(_ text: String) throws(SQLError) -> [UInt8] {
        if text == #"\0"# || text == #"\000"# { return [0] }
        guard text != "\n", text != #"\n"# else {
            throw SQLError(
                .invalidParameterValue, #"NULL AS cannot be '\n'"#, hint: "A line end always ends the record.")
        }
        return Array(text.utf8)
    }

    /// The argument of ACCEPTINVCHARS; nil if it was left out.
    package static func replacementCharacter(_ text: String?) throws(SQLError) -> UInt8 {
        guard let text else { return UInt8(ascii: "?") }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte != 0 else {
            throw SQLError(
                .invalidParameterValue,
                "the ACCEPTINVCHARS replacement must be a single ASCII character other than NUL, '\(text)' is not")
        }
        return byte
    }

    private static func asciiByte(_ text: String) -> UInt8? {
        let bytes = Array(text.utf8)
        if bytes.count == 1, bytes[0] < 0x80 { return bytes[0] }
        guard bytes.first == UInt8(ascii: "\\") else { return nil }
        if text == #"\t"# { return UInt8(ascii: "\t") }
        guard bytes.count == 4, let code = UInt8(text.dropFirst(), radix: 8), code < 0x80 else { return nil }
        return code
    }
}
