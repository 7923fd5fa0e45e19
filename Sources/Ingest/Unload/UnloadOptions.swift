package import SQLTypes

/// What an UNLOAD statement asks for, apart from query, destination and authorization. nil and false mean "not
/// written", so that combinations can be checked in one place.
/// - Source: Redshift developer guide, "UNLOAD".
package struct UnloadOptions: Hashable, Sendable {
    package enum Format: Hashable, Sendable {
        case delimited, csv
        case fixedWidth(FixedWidths)
    }
    package enum Manifest: Hashable, Sendable { case plain, verbose }

    package var format = Format.delimited
    package var delimiter: UInt8?
    package var nullText: [UInt8]?
    package var addQuotes = false
    package var escape = false
    package var hasHeader = false
    package var compression: CopyOptions.Compression?
    package var manifest: Manifest?
    package var allowsOverwrite = false
    package var cleansPath = false
    /// PARALLEL: each slice writes files of its own; else the leader writes all, one after the other.
    package var isParallel = true
    /// MAXFILESIZE, of files as they are stored.
    package var maximumFileBytes: Int?
    /// EXTENSION, without the dot before it.
    package var fileExtension: String?
    /// The bucket's region; nil: the cluster's.
    package var region: String?

    package init() {}

    /// - Source: Redshift developer guide, "UNLOAD": 5 MB to 6.2 GB, decimal units.
    package static let fileBytesRange = 5_000_000...6_200_000_000

    package var effectiveDelimiter: UInt8 { delimiter ?? UInt8(ascii: format == .csv ? "," : "|") }
    package var effectiveFileBytes: Int { maximumFileBytes ?? UnloadOptions.fileBytesRange.upperBound }
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")

    /// With the dot; empty without any.
    package var suffix: String {
        if let fileExtension { return fileExtension.isEmpty ? "" : "." + fileExtension }
        switch compression {
        case nil: return ""
        case .gzip: return ".gz"
        case .bzip2: return ".bz2"
        case .zstd: return ".zst"
        case .lzop: return ".lzo"
        }
    }

    /// Throws if options exclude one another or are out of range, or if a library is missing.
    package func validate(libraries: LibraryLookup = .system) throws(SQLError) {
        if format == .csv {
            if addQuotes { throw SQLError.conflictingUnloadOptions("ADDQUOTES", "CSV") }
            if escape { throw SQLError.conflictingUnloadOptions("ESCAPE", "CSV") }
        }
        if case .fixedWidth = format {
            if delimiter != nil { throw SQLError.conflictingUnloadOptions("DELIMITER", "FIXEDWIDTH") }
            if hasHeader { throw SQLError.conflictingUnloadOptions("HEADER", "FIXEDWIDTH") }
            if addQuotes { throw SQLError.conflictingUnloadOptions("ADDQUOTES", "FIXEDWIDTH") }
            if escape { throw SQLError.conflictingUnloadOptions("ESCAPE", "FIXEDWIDTH") }
        }
        if cleansPath, allowsOverwrite { throw SQLError.conflictingUnloadOptions("CLEANPATH", "ALLOWOVERWRITE") }
        if effectiveDelimiter == UnloadOptions.quote, format == .csv || addQuotes {
            throw SQLError(.invalidParameterValue, "UNLOAD delimiter cannot be the quotation mark here")
        }
        if escape, effectiveDelimiter == UnloadOptions.backslash {
            throw SQLError(.invalidParameterValue, "UNLOAD delimiter cannot be a backslash with ESCAPE")
        }
        if let maximumFileBytes, !UnloadOptions.fileBytesRange.contains(maximumFileBytes) {
            throw SQLError(.invalidParameterValue, "MAXFILESIZE must be between 5 MB and 6.2 GB")
        }
        if let fileExtension, fileExtension.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "/") }) {
            throw SQLError(.invalidParameterValue, "'\(fileExtension)' cannot be the extension of a file")
        }
        if let region { try RegionName.check(region) }
        if compression == .lzop { throw SQLError.unsupported("UNLOAD option LZOP") }
        try compression?.library?.requireInstalled(among: libraries)
    }
}

extension SQLError {
    static func conflictingUnloadOptions(_ option: String, _ other: String) -> SQLError {
        SQLError(.syntaxError, "\(option) cannot be used with \(other) in UNLOAD")
    }
}
