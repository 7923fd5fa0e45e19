/// How far a reader is: for the progress bar, STV_LOAD_STATE and STL_FILE_SCAN.
package struct CopyProgress: Hashable, Sendable {
    /// As stored: compressed bytes, if the objects are.
    package var storedBytes: Int64 = 0
    /// Bytes of text.
    package var textBytes: Int64 = 0
    /// Lines read, header and rejected ones among them.
    package var lines: Int64 = 0
    /// Records handed out.
    package var records: Int64 = 0
    package var rejectedRecords: Int64 = 0
    package var filesDone: Int = 0
    /// Records in which ACCEPTINVCHARS replaced something.
    package var replacedRecords: Int64 = 0

    package init() {}
}

/// What one object, or a range of it, gave: a row of STL_LOAD_COMMITS and STL_FILE_SCAN.
package struct LoadedFile: Hashable, Sendable {
    package var address: ObjectAddress
    /// Of a range; 0 of a whole file.
    package var startOffset: Int64
    package var isPartial: Bool
    package var storedBytes: Int64
    package var textBytes: Int64
    package var lines: Int64
    package var errors: Int64
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var startTime: Int64
    package var endTime: Int64
    /// Microseconds that the store took, and that (de)compression took.
    package var transferTime: Int64
    package var inflateTime: Int64
    /// False: reading or parsing it has ended early.
    package var isComplete: Bool
    /// Why the store could not read it; empty: it could.
    package var storeError: String
}

/// A line in which ACCEPTINVCHARS replaced something.
package struct ReplacedLine: Hashable, Sendable {
    package var file: String
    /// -1: unknown, in a range of a file.
    package var lineNumber: Int64
    /// The first field of the line in which something was replaced.
    package var columnName: String
    /// At most 1,024 bytes; what is not printable ASCII shows as a dot.
    package var rawLine: String

    /// That a slice keeps of one load. - Source: Redshift developer guide, "STL_REPLACEMENTS".
    package static let keptMax = 100
}
