package import SQLTypes

/// Codes of STL_LOAD_ERRORS.err_code.
/// - Source: Redshift developer guide, "Load error reference".
package enum LoadErrorCode: Int32, Hashable, Sendable {
    case delimiterNotFoundInFile = 1201
    case extraColumns = 1202
    case missingColumns = 1203
    case outOfRange = 1204
    case invalidDate = 1205
    case invalidTimestamp = 1206
    case invalidDigit = 1207
    case invalidFloat = 1208
    case invalidDecimal = 1209
    case invalidBoolean = 1210
    case emptyLine = 1211
    case missingNotNull = 1213
    case delimiterNotFound = 1214
    case invalidLine = 1216
    case nullByteFieldTooLong = 1218
    case invalidUTF8 = 1220
    case integerOverflow = 1222
    case invalidDataType = 1223
}

/// A record that COPY could not load, with what STL_LOAD_ERRORS shows of it.
package struct LoadError: Hashable, Sendable {
    /// `s3://bucket/key`.
    package var file: String
    /// 1-based, header lines counted; of the record's first line.
    package var lineNumber: Int64
    /// Table column, from 0; nil if the record as a whole is wrong.
    package var column: Int?
    package var columnName: String
    /// Redshift's internal name: `int4`, `varchar`, …; empty without a column.
    package var typeName: String
    /// As STL_LOAD_ERRORS shows it: `30` of VARCHAR(30), `12, 2` of DECIMAL(12,2); else `0`.
    package var columnLength: String
    /// Offset of the error in the field, from 0.
    package var position: Int
    /// At most 1,024 bytes; what is not printable ASCII shows as a dot.
    package var rawLine: String
    /// At most 1,024 bytes.
    package var rawFieldValue: String
    package var code: LoadErrorCode
    /// At most 100 characters.
    package var reason: String
    /// The slice that found it was reading a range of the file.
    package var isPartial = false
    /// Of the range; 0 of a whole file.
    package var startOffset: Int64 = 0
    /// Fields of the record up to the one that could not be read, for the first `detailedMax` errors of a slice.
    package var fields: [Field]

    /// One field of a record that could not be loaded.
    package struct Field: Hashable, Sendable {
        package var columnName: String
        package var typeName: String
        package var columnLength: String
        /// As it stands in the file; at most 1,024 bytes.
        package var value: String
        package var isNull: Bool

        package init(columnName: String, typeName: String, columnLength: String, value: String, isNull: Bool) {
            self.columnName = columnName
            self.typeName = typeName
            self.columnLength = columnLength
            self.value = value
            self.isNull = isNull
        }
    }

    /// Errors of one slice and load whose fields are kept.
    /// - Source: Redshift developer guide, "STL_LOADERROR_DETAIL".
    package static let detailedMax = 20

    package init(
        file: String, lineNumber: Int64, column: Int?, columnName: String, typeName: String, columnLength: String,
        position: Int, rawLine: String, rawFieldValue: String, code: LoadErrorCode, reason: String,
        fields: [Field] = []
    ) {
        self.fields = fields
        self.file = file
        self.lineNumber = lineNumber
        self.column = column
        self.columnName = columnName
        self.typeName = typeName
        self.columnLength = columnLength
        self.position = position
        self.rawLine = rawLine
        self.rawFieldValue = rawFieldValue
        self.code = code
        self.reason = reason
    }

    /// The line number in a range of a file whose beginning another slice reads.
    package static let unknownLine: Int64 = -1
    /// How much of a line or a value is kept.
    package static let rawByteLimit = 1_024
    static let reasonLimit = 100
}

// MARK: - How it is shown

extension LoadError {
    /// As PG_TYPE and STL_LOAD_ERRORS name types.
    static func typeName(_ type: SQLType) -> String {
        switch type {
        case .char: "char"
        case .unknown: "varchar"
        default: type.postgreSQL.name
        }
    }

    static func columnLength(_ type: SQLType) -> String {
        switch type {
        case .char(let length), .varchar(let length), .varbyte(let length): "\(length)"
        case .decimal(let precision, let scale): "\(precision), \(scale)"
        default: "0"
        }
    }

    /// What is not printable ASCII shows as a dot, one for each character.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        var text = ""
        for byte in bytes where byte & 0xC0 != 0x80 {
            text.unicodeScalars.append((0x20...0x7E).contains(byte) ? Unicode.Scalar(byte) : ".")
        }
        return text
    }
}

extension SQLError {
    /// The two blanks are Redshift's.
    package static func loadFailed(table: String, first: LoadError) -> SQLError {
        var detail = "\(first.file), line \(first.lineNumber)"
        if first.column != nil {
            detail += ", column \(first.columnName) (\(first.typeName)), value '\(first.rawFieldValue.prefix(100))'"
        }
        detail += ": \(first.reason) (code \(first.code.rawValue))"
        return SQLError(
            .internalError, "Load into table '\(table)' failed.  Check 'stl_load_errors' system table for details.",
            detail: detail)
    }
}
