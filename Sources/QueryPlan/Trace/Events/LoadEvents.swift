package import Catalog

/// A COPY that has ended.
package struct LoadEvent: LoggedEvent {
    package var source: EventSource
    package var table: TableID
    package var tableName: String
    package var startTime: Int64
    package var endTime: Int64
    package var isCompleted: Bool
    /// As FROM has it.
    package var dataSource: String
    /// `txt`, `csv`, …
    package var format: String
    package var rows: Int64
    /// Bytes of text that were parsed.
    package var bytes: Int64
    /// Files that were found, and their bytes as stored.
    package var fileCount: Int64
    package var fileBytes: Int64
    /// Those that were read, ranges of one counted once, and bytes as stored.
    package var filesScanned: Int64
    package var bytesScanned: Int64
    package var errors: Int64

    package init(
        source: EventSource, table: TableID, tableName: String, startTime: Int64, endTime: Int64, isCompleted: Bool,
        dataSource: String, format: String, rows: Int64, bytes: Int64, fileCount: Int64, fileBytes: Int64,
        filesScanned: Int64, bytesScanned: Int64, errors: Int64
    ) {
        self.source = source
        self.table = table
        self.tableName = tableName
        self.startTime = startTime
        self.endTime = endTime
        self.isCompleted = isCompleted
        self.dataSource = dataSource
        self.format = format
        self.rows = rows
        self.bytes = bytes
        self.fileCount = fileCount
        self.fileBytes = fileBytes
        self.filesScanned = filesScanned
        self.bytesScanned = bytesScanned
        self.errors = errors
    }
}

/// A file, or a range of a large one, as one slice has read it.
package struct LoadedFileEvent: LoggedEvent {
    package var source: EventSource
    package var slice: Int
    package var file: String
    /// Header and rejected lines counted.
    package var lines: Int64
    /// As stored.
    package var storedBytes: Int64
    package var textBytes: Int64
    package var errors: Int64
    package var startTime: Int64
    package var endTime: Int64
    package var isPartial: Bool
    /// Of a range; 0 of a whole file.
    package var startOffset: Int64
    /// False: an error or a cancel came before its end.
    package var isComplete: Bool
    /// `Text`, `JSON`, …
    package var format: String

    package init(
        source: EventSource, slice: Int, file: String, lines: Int64, storedBytes: Int64, textBytes: Int64,
        errors: Int64, startTime: Int64, endTime: Int64, isPartial: Bool, startOffset: Int64, isComplete: Bool,
        format: String
    ) {
        self.source = source
        self.slice = slice
        self.file = file
        self.lines = lines
        self.storedBytes = storedBytes
        self.textBytes = textBytes
        self.errors = errors
        self.startTime = startTime
        self.endTime = endTime
        self.isPartial = isPartial
        self.startOffset = startOffset
        self.isComplete = isComplete
        self.format = format
    }
}

/// A line in which ACCEPTINVCHARS replaced something.
package struct ReplacementEvent: LoggedEvent {
    package var source: EventSource
    package var slice: Int
    package var table: TableID
    /// Of the COPY.
    package var startTime: Int64
    package var file: String
    /// -1: unknown, in a range of a file.
    package var line: Int64
    /// The first field of the line in which something was replaced.
    package var column: String
    package var rawLine: String

    package init(
        source: EventSource, slice: Int, table: TableID, startTime: Int64, file: String, line: Int64, column: String,
        rawLine: String
    ) {
        self.source = source
        self.slice = slice
        self.table = table
        self.startTime = startTime
        self.file = file
        self.line = line
        self.column = column
        self.rawLine = rawLine
    }
}
