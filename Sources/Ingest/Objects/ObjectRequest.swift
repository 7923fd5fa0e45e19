package import SQLTypes
import Synchronization

/// One use of an object of a store, with what it took: a row of STL_S3CLIENT. Times are microseconds since 2000-01-01
/// 00:00:00 UTC.
package struct ObjectRequest: Hashable, Sendable {
    /// `GET`, `HEAD`, `PUT`.
    package var method: String
    package var bucket: String
    package var key: String
    package var bytes: Int64
    package var startTime: Int64
    package var endTime: Int64
    /// Why it failed; empty: it did not.
    package var error: String
}

/// A store whose listings and small objects are written down: what the leader does before the slices begin.
package final class RecordingStore: ObjectStore {
    private let target: any ObjectStore
    private let made = Mutex<[ObjectRequest]>([])

    package init(_ target: any ObjectStore) { self.target = target }

    /// In their order.
    package var requests: [ObjectRequest] { made.withLock { $0 } }

    package var allowsLocalFiles: Bool { target.allowsLocalFiles }

    package func list(bucket: String, prefix: String) throws(SQLError) -> [ObjectSummary] {
        try noting("GET", ObjectAddress(bucket: bucket, key: "prefix=\(prefix);marker=")) { () throws(SQLError) in
            try target.list(bucket: bucket, prefix: prefix)
        }
    }

    package func summary(of address: ObjectAddress) throws(SQLError) -> ObjectSummary? {
        try noting("HEAD", address) { () throws(SQLError) in try target.summary(of: address) }
    }

    /// The bytes are those of the whole object: manifests and samples are read to their end.
    package func open(_ address: ObjectAddress) throws(SQLError) -> any ObjectReader {
        try noting("GET", address, bytes: { Int64($0.sizeBytes) }) { () throws(SQLError) -> any ObjectReader in
            try target.open(address)
        }
    }

    package func create(_ address: ObjectAddress) throws(SQLError) -> any ObjectWriter { try target.create(address) }
    package func delete(_ address: ObjectAddress) throws(SQLError) {
        try noting("DELETE", address) { () throws(SQLError) in try target.delete(address) }
    }

    package func region(ofBucket bucket: String) throws(SQLError) -> String { try target.region(ofBucket: bucket) }

    private func noting<Value>(
        _ method: String, _ address: ObjectAddress, bytes: (Value) -> Int64 = { _ in 0 },
        _ body: () throws(SQLError) -> Value
    ) throws(SQLError) -> Value {
        let start = Platform.timestampNow
        func note(_ count: Int64, _ error: String) {
            made.withLock {
                $0.append(
                    ObjectRequest(
                        method: method, bucket: address.bucket, key: address.key, bytes: count, startTime: start,
                        endTime: Platform.timestampNow, error: error))
            }
        }
        do throws(SQLError) {
            let value = try body()
            note(bytes(value), "")
            return value
        } catch {
            note(0, error.message)
            throw error
        }
    }
}
