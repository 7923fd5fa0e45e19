package import SQLTypes

/// Where COPY reads and UNLOAD writes: the part of S3 that they need. Calls may block on a disk or a network.
package protocol ObjectStore: Sendable {
    /// All objects of the bucket whose key starts with `prefix`, in the byte order of their keys; empty if there are
    /// none. Throws if there is no such bucket.
    func list(bucket: String, prefix: String) throws(SQLError) -> [ObjectSummary]
    /// nil if there is no such object.
    func summary(of address: ObjectAddress) throws(SQLError) -> ObjectSummary?
    func open(_ address: ObjectAddress) throws(SQLError) -> any ObjectReader
    /// The object appears, or replaces an older one, when the writer is finished; the bucket is made if it is not
    /// there.
    func create(_ address: ObjectAddress) throws(SQLError) -> any ObjectWriter
    func delete(_ address: ObjectAddress) throws(SQLError)
    /// Such as `us-west-2`.
    func region(ofBucket bucket: String) throws(SQLError) -> String
    /// Whether addresses without a bucket are files of this machine.
    var allowsLocalFiles: Bool { get }
}

extension ObjectStore {
    package var allowsLocalFiles: Bool { false }
}

/// An open object. Belongs to one task at a time; closed when released.
package protocol ObjectReader: AnyObject {
    var address: ObjectAddress { get }
    /// As of opening.
    var sizeBytes: Int { get }
    /// Reads up to `buffer.count` bytes from `offset` on; 0 only at the end of the object.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int
}

/// An object in the making. Dropped without `finish`, it leaves nothing behind.
package protocol ObjectWriter: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError)
    /// Nothing more will be written: everything is made durable, so that little can go wrong in `finish`. The object
    /// does not appear yet, and files are closed: many objects may wait for the same decision.
    func prepare() throws(SQLError)
    /// The object appears; prepares it first if that has not been done.
    func finish() throws(SQLError)
}

extension ObjectWriter {
    package func write(_ bytes: [UInt8]) throws(SQLError) {
        var failure: SQLError?
        bytes.withUnsafeBytes { buffer in
            do throws(SQLError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

extension ObjectStore {
    /// A small object as a whole: a manifest. Refuses one of more than `limitBytes`.
    package func contents(of address: ObjectAddress, limitBytes: Int) throws(SQLError) -> [UInt8] {
        let reader = try open(address)
        guard reader.sizeBytes <= limitBytes else {
            throw SQLError(
                .programLimitExceeded, "the object \(address) is too large to be read as a whole",
                detail: "It has \(reader.sizeBytes) bytes; the limit is \(limitBytes).")
        }
        var bytes = [UInt8](repeating: 0, count: reader.sizeBytes)
        var filled = 0
        var failure: SQLError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(SQLError) {
                while filled < buffer.count {
                    let count = try reader.read(
                        at: filled, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                    if count == 0 { break }
                    filled += count
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }
}
