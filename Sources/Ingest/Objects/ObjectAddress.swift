package import SQLTypes

/// Bucket and key of one object, or bucket and key prefix of many: `s3://bucket/key`.
package struct ObjectAddress: Hashable, Sendable, CustomStringConvertible {
    package var bucket: String
    /// Without a leading slash. May be empty when it is a prefix.
    package var key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Reads `s3://bucket/key`. Other sources that COPY knows (`emr://`, `dynamodb://`) are refused by name.
    /// - Parameter allowsLocalFiles: what has no scheme is a path.
    package init(parsing text: String, allowsLocalFiles: Bool = false) throws(SQLError) {
        if allowsLocalFiles, !text.isEmpty, !text.contains("://"), !text.utf8.contains(0) {
            self.init(localPath: text)
            return
        }
        let scheme = "s3://"
        guard text.hasPrefix(scheme) else { throw SQLError.unsupportedSource(text) }
        let path = text.dropFirst(scheme.count)
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first, ObjectAddress.isBucketName(bucket) else {
            throw SQLError(
                .invalidParameterValue, "Invalid S3 path '\(text)'",
                hint:
                    "Write 's3://bucket/prefix'; bucket names have 3 to 63 lower-case letters, digits, . and -."
            )
        }
        self.init(bucket: String(bucket), key: parts.count > 1 ? String(parts[1]) : "")
    }

    package var description: String { isLocal ? key : "s3://\(bucket)/\(key)" }

    /// - Source: Amazon S3 user guide, "Bucket naming rules".
    static func isBucketName(_ name: some StringProtocol) -> Bool {
        let bytes = Array(name.utf8)
        func isWordByte(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last,
            isWordByte(first), isWordByte(last), !name.contains("..")
        else { return false }
        return bytes.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }
}

/// One line of a listing.
package struct ObjectSummary: Hashable, Sendable {
    package var address: ObjectAddress
    package var sizeBytes: Int

    package init(address: ObjectAddress, sizeBytes: Int) {
        self.address = address
        self.sizeBytes = sizeBytes
    }
}
