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

    /// How much of a line or a value is kept.
    package static let rawByteLimit = 1_024
    static let reasonLimit = 100
}
