package import SQLTypes

extension CopyOptions {
    /// Throws if options exclude one another or are out of range (22023), or ask for what is not there yet (0A000, by
    /// name).
    /// - Parameter libraries: of compressors, which must be there (58P01).
    package func validate(libraries: LibraryLookup = .system) throws(SQLError) {
        try checkFormat()
        try checkCombinations()
        try checkNumbers()
        try checkSupported()
        if let region { try RegionName.check(region) }
        try compression?.library?.requireInstalled(among: libraries)
    }

    /// Options by the names that users write, for messages.
    private var writtenTextOptions: [(name: String, isWritten: Bool)] {
        [
            ("DELIMITER", delimiter != nil), ("QUOTE", quote != nil), ("NULL AS", nullMarker != nil),
            ("ESCAPE", escape), ("REMOVEQUOTES", removeQuotes), ("FILLRECORD", fillRecord),
            ("IGNOREBLANKLINES", ignoreBlankLines), ("READRATIO", readRatio != nil),
        ]
    }

    private func checkFormat() throws(SQLError) {
        let excluded: [String] =
            switch format {
            case .delimited: ["QUOTE"]
            case .csv: ["ESCAPE", "REMOVEQUOTES"]
            case .fixedWidth: ["QUOTE", "DELIMITER", "ESCAPE", "REMOVEQUOTES"]
            case .json:
                [
                    "QUOTE", "DELIMITER", "ESCAPE", "FILLRECORD", "IGNOREBLANKLINES", "NULL AS", "READRATIO",
                    "REMOVEQUOTES",
                ]
            case .avro: ["QUOTE"]
            case .shapefile: ["QUOTE", "REMOVEQUOTES", "ESCAPE"]
            case .parquet, .orc:
                ["QUOTE", "DELIMITER", "ESCAPE", "IGNOREBLANKLINES", "NULL AS", "READRATIO", "REMOVEQUOTES"]
            }
        for option in writtenTextOptions where option.isWritten && excluded.contains(option.name) {
            throw SQLError.conflictingCopyOptions(option.name, formatName)
        }
    }

    private func checkCombinations() throws(SQLError) {
        if ignoresAllErrors, maximumErrors != nil {
            throw SQLError.conflictingCopyOptions("IGNOREALLERRORS", "MAXERROR")
        }
        if format == .parquet || format == .orc {
            if maximumErrors != nil { throw SQLError.conflictingCopyOptions("MAXERROR", formatName) }
            if ignoresAllErrors { throw SQLError.conflictingCopyOptions("IGNOREALLERRORS", formatName) }
            if compression != nil { throw SQLError.conflictingCopyOptions("compression keywords", formatName) }
        }
        if format == .csv, effectiveDelimiter == effectiveQuote {
            throw SQLError(.invalidParameterValue, "COPY delimiter and quote must be different characters")
        }
        if escape, effectiveDelimiter == UInt8(ascii: "\\") {
            throw SQLError(.invalidParameterValue, "COPY delimiter cannot be a backslash with ESCAPE")
        }
        if serializeToJSON, format != .parquet, format != .orc {
            throw SQLError.conflictingCopyOptions("SERIALIZETOJSON", formatName)
        }
    }

    private func checkNumbers() throws(SQLError) {
        if let maximumErrors, !(0...100_000).contains(maximumErrors) {
            throw SQLError(.invalidParameterValue, "MAXERROR must be between 0 and 100000, not \(maximumErrors)")
        }
        if let ignoredHeaderLines, ignoredHeaderLines < 0 {
            throw SQLError(.invalidParameterValue, "IGNOREHEADER must not be negative")
        }
        if let compressionRows, !(1_000...2_147_483_647).contains(compressionRows) {
            throw SQLError(
                .invalidParameterValue, "COMPROWS must be between 1000 and 2147483647, not \(compressionRows)")
        }
    }

    private func checkSupported() throws(SQLError) {
        switch format {
        case .delimited, .csv: break
        case .fixedWidth(let text): _ = try FixedWidths(text)
        case .json, .avro, .parquet, .orc, .shapefile:
            throw SQLError.unsupported("COPY format \(formatName)")
        }
        if isEncrypted { throw SQLError.unsupported("COPY option ENCRYPTED") }
        if isSSH { throw SQLError.unsupported("COPY option SSH") }
        if readRatio != nil { throw SQLError.unsupported("COPY option READRATIO") }
        if let encoding, !["utf8", "utf-8"].contains(encoding.lowercased()) {
            throw SQLError.unsupported("COPY option ENCODING \(encoding)")
        }
        _ = try effectiveDateFormat
        _ = try effectiveTimeFormat
    }

    private var formatName: String {
        switch format {
        case .delimited: "delimited text"
        case .csv: "CSV"
        case .fixedWidth: "FIXEDWIDTH"
        case .json: "JSON"
        case .avro: "AVRO"
        case .parquet: "PARQUET"
        case .orc: "ORC"
        case .shapefile: "SHAPEFILE"
        }
    }
}

extension SQLError {
    static func conflictingCopyOptions(_ option: String, _ other: String) -> SQLError {
        SQLError(.syntaxError, "\(option) cannot be used with \(other) in COPY")
    }
}
