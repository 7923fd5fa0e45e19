/// An UNLOAD that has ended.
package struct UnloadEvent: LoggedEvent {
    package var source: EventSource
    package var startTime: Int64
    package var endTime: Int64
    /// `Text`, `CSV`, …
    package var format: String
    /// `gzip`, …; empty: none.
    package var compression: String
    package var location: String
    package var rows: Int64
    package var files: Int64
    /// As stored.
    package var bytes: Int64
    /// Empty: it was completed.
    package var error: String

    package init(
        source: EventSource, startTime: Int64, endTime: Int64, format: String, compression: String, location: String,
        rows: Int64, files: Int64, bytes: Int64, error: String
    ) {
        self.source = source
        self.startTime = startTime
        self.endTime = endTime
        self.format = format
        self.compression = compression
        self.location = location
        self.rows = rows
        self.files = files
        self.bytes = bytes
        self.error = error
    }
}

/// A file that an UNLOAD made.
package struct UnloadedFileEvent: LoggedEvent {
    package var source: EventSource
    package var slice: Int
    package var path: String
    package var startTime: Int64
    package var endTime: Int64
    /// Without the header.
    package var lines: Int64
    /// As stored.
    package var bytes: Int64
    package var format: String

    package init(
        source: EventSource, slice: Int, path: String, startTime: Int64, endTime: Int64, lines: Int64, bytes: Int64,
        format: String
    ) {
        self.source = source
        self.slice = slice
        self.path = path
        self.startTime = startTime
        self.endTime = endTime
        self.lines = lines
        self.bytes = bytes
        self.format = format
    }
}
