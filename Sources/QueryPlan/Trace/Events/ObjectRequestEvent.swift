/// One use of an object of the store: a listing, an object (or a range of it) that was read or written.
package struct ObjectRequestEvent: LoggedEvent {
    package var source: EventSource
    /// The leader's lists and manifests have its slice's number.
    package var slice: Int
    /// `GET`, `PUT`; a listing is a GET with the key `prefix=…;marker=`.
    package var method: String
    package var bucket: String
    package var key: String
    /// As stored.
    package var transferBytes: Int64
    /// Uncompressed.
    package var dataBytes: Int64
    package var startTime: Int64
    package var endTime: Int64
    /// Microseconds that the store took, of all reads and writes together.
    package var transferTime: Int64
    /// Microseconds that (de)compression took.
    package var compressionTime: Int64
    package var isPartial: Bool
    package var startOffset: Int64
    /// Why it ended early; empty: it did not.
    package var error: String

    package init(
        source: EventSource, slice: Int, method: String, bucket: String, key: String, transferBytes: Int64 = 0,
        dataBytes: Int64 = 0, startTime: Int64, endTime: Int64, transferTime: Int64, compressionTime: Int64 = 0,
        isPartial: Bool = false, startOffset: Int64 = 0, error: String = ""
    ) {
        self.source = source
        self.slice = slice
        self.method = method
        self.bucket = bucket
        self.key = key
        self.transferBytes = transferBytes
        self.dataBytes = dataBytes
        self.startTime = startTime
        self.endTime = endTime
        self.transferTime = transferTime
        self.compressionTime = compressionTime
        self.isPartial = isPartial
        self.startOffset = startOffset
        self.error = error
    }
}
