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
}
