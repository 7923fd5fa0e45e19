package import SQLTypes
import Synchronization

/// Buckets as directories: `s3://bucket/key` is the file `<root>/<bucket>/<key>`, slashes in the key being folders.
///
/// A bucket's region is the text of `<root>/<bucket>/.bucket-region`, or the store's default. Names that begin with a
/// dot are the store's own (that file, objects in the making) and never objects. A key with an empty, `.` or `..` part
/// names no object. A bucket may be a symbolic link, which only who owns the root can make; links inside a bucket are
/// not followed: nothing outside the buckets can be read or written.
package struct DirectoryObjectStore: ObjectStore {
    package let root: String
    /// The region of buckets that do not say otherwise: the cluster's own.
    package let defaultRegion: String

    static let regionFile = ".bucket-region"
    /// Folders inside folders that `list` follows: keys have at most 1,024 bytes.
    private static let maximumDepth = 512
    private static let maximumKeyBytes = 1_024

    package init(root: String, defaultRegion: String = "us-west-2") {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.defaultRegion = defaultRegion
    }

    package func list(bucket: String, prefix: String) throws(SQLError) -> [ObjectSummary] {
        try requireBucket(bucket)
        // The last folder that is named in full: only what lies in it can match.
        let folder = prefix.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(prefix[..<$0]) } ?? ""
        guard folder.isEmpty || DirectoryObjectStore.isKey(folder) else { return [] }
        guard folder.isEmpty || isFolder(folder, inBucket: bucket) else { return [] }
        var found: [ObjectSummary] = []
        try collect(bucket: bucket, folder: folder, prefix: prefix, depth: 0, into: &found)
        return found.sorted { $0.address.key.utf8.lexicographicallyPrecedes($1.address.key.utf8) }
    }

    package func summary(of address: ObjectAddress) throws(SQLError) -> ObjectSummary? {
        try requireBucket(address.bucket)
        guard let path = path(of: address), hasRealFolders(address) else { return nil }
        do throws(Platform.Failure) {
            let status = try Platform.status(of: path)
            return status.isRegular ? ObjectSummary(address: address, sizeBytes: status.sizeBytes) : nil
        } catch {
            guard Platform.isMissing(error) else { throw SQLError.objectIO("look at", address, Platform.reason(error)) }
            return nil
        }
    }

    package func open(_ address: ObjectAddress) throws(SQLError) -> any ObjectReader {
        guard let summary = try summary(of: address), let path = path(of: address) else {
            throw SQLError.objectDoesNotExist(address)
        }
        do throws(Platform.Failure) {
            let descriptor = try Platform.openForReading(path)
            return FileObjectReader(descriptor: descriptor, address: address, sizeBytes: summary.sizeBytes)
        } catch {
            throw SQLError.objectIO("open", address, Platform.reason(error))
        }
    }

    package func create(_ address: ObjectAddress) throws(SQLError) -> any ObjectWriter {
        guard let path = path(of: address) else { throw SQLError.invalidObjectKey(address) }
        do throws(Platform.Failure) {
            try makeFolders(for: address)
            guard hasRealFolders(address) else { throw Platform.Failure.notAFolder }
            return try FileObjectWriter(path: path, temporaryPath: temporaryPath(for: address), address: address)
        } catch {
            throw SQLError.objectIO("write", address, Platform.reason(error))
        }
    }

    package func delete(_ address: ObjectAddress) throws(SQLError) {
        guard try summary(of: address) != nil, let path = path(of: address) else { return }
        do throws(Platform.Failure) { try Platform.remove(path) } catch {
            throw SQLError.objectIO("delete", address, Platform.reason(error))
        }
    }

    package func region(ofBucket bucket: String) throws(SQLError) -> String {
        try requireBucket(bucket)
        let address = ObjectAddress(bucket: bucket, key: DirectoryObjectStore.regionFile)
        let path = "\(root)/\(bucket)/\(address.key)"
        do throws(Platform.Failure) {
            let descriptor = try Platform.openForReading(path)
            defer { Platform.closeFile(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 64)
            var count = 0
            var failure: Platform.Failure?
            bytes.withUnsafeMutableBytes { buffer in
                do throws(Platform.Failure) { count = try Platform.read(descriptor, at: 0, into: buffer) } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            let name = String(decoding: bytes.prefix(count), as: UTF8.self).split(whereSeparator: \.isWhitespace).first
            return name.map(String.init) ?? defaultRegion
        } catch {
            guard Platform.isMissing(error) else { throw SQLError.objectIO("read", address, Platform.reason(error)) }
            return defaultRegion
        }
    }

    /// Makes a bucket, or says where an existing one is: for `generate`, demos and tests.
    package func makeBucket(_ bucket: String, region: String? = nil) throws(SQLError) {
        guard ObjectAddress.isBucketName(bucket) else { throw SQLError.bucketDoesNotExist(bucket) }
        let address = ObjectAddress(bucket: bucket, key: DirectoryObjectStore.regionFile)
        let writer: FileObjectWriter
        do throws(Platform.Failure) {
            try makeRoot()
            try Platform.makeDirectory("\(root)/\(bucket)")
            guard region != nil else { return }
            writer = try FileObjectWriter(
                path: "\(root)/\(bucket)/\(address.key)", temporaryPath: temporaryPath(for: address), address: address)
        } catch {
            throw SQLError(.ioError, "could not make the bucket '\(bucket)': \(Platform.reason(error))")
        }
        try writer.write(Array(((region ?? "") + "\n").utf8))
        try writer.finish()
    }
}

// MARK: - Keys and paths

extension DirectoryObjectStore {
    /// Whether the key names a file below the bucket's folder, and not one of the store's own.
    static func isKey(_ key: String) -> Bool {
        guard !key.isEmpty, key.utf8.count <= maximumKeyBytes, !key.utf8.contains(0) else { return false }
        return key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.first != UInt8(ascii: ".") && part.count <= 255
        }
    }

    private func path(of address: ObjectAddress) -> String? {
        guard ObjectAddress.isBucketName(address.bucket), DirectoryObjectStore.isKey(address.key) else { return nil }
        return "\(root)/\(address.bucket)/\(address.key)"
    }

    /// In the bucket's own folder, so that the rename stays on one file system.
    private func temporaryPath(for address: ObjectAddress) -> String {
        let number = TemporaryNumber.next.wrappingAdd(1, ordering: .relaxed).newValue
        return "\(root)/\(address.bucket)/.in-progress-\(Platform.processID())-\(number)"
    }

    private func requireBucket(_ bucket: String) throws(SQLError) {
        guard ObjectAddress.isBucketName(bucket) else { throw SQLError.bucketDoesNotExist(bucket) }
        do throws(Platform.Failure) {
            guard try Platform.status(of: "\(root)/\(bucket)", followsLink: true).isDirectory else {
                throw Platform.Failure.notAFolder
            }
        } catch {
            throw SQLError.bucketDoesNotExist(bucket)
        }
    }

    /// Whether each folder on the way to the object is a folder of its own, not a link to elsewhere.
    private func hasRealFolders(_ address: ObjectAddress) -> Bool {
        guard let end = address.key.utf8.lastIndex(of: UInt8(ascii: "/")) else { return true }
        return isFolder(String(address.key[..<end]), inBucket: address.bucket)
    }

    private func isFolder(_ folder: String, inBucket bucket: String) -> Bool {
        var path = "\(root)/\(bucket)"
        for part in folder.split(separator: "/") {
            path += "/" + part
            do throws(Platform.Failure) {
                guard try Platform.status(of: path).isDirectory else { return false }
            } catch {
                return false
            }
        }
        return true
    }

    private func makeRoot() throws(Platform.Failure) {
        var path = root.hasPrefix("/") ? "" : "."
        for part in root.split(separator: "/") {
            path += "/" + part
            try Platform.makeDirectory(path)
        }
    }

    private func makeFolders(for address: ObjectAddress) throws(Platform.Failure) {
        try makeRoot()
        var path = "\(root)/\(address.bucket)"
        try Platform.makeDirectory(path)
        for part in address.key.split(separator: "/").dropLast() {
            path += "/" + part
            try Platform.makeDirectory(path)
        }
    }

    /// Adds what lies below `folder` (no slash at the end; empty: the bucket) and starts with `prefix`.
    private func collect(
        bucket: String, folder: String, prefix: String, depth: Int, into found: inout [ObjectSummary]
    ) throws(SQLError) {
        guard depth < DirectoryObjectStore.maximumDepth else { return }
        let start = folder.isEmpty ? "" : folder + "/"
        var innerFolders: [String] = []
        do throws(Platform.Failure) {
            for name in try Platform.entries(of: "\(root)/\(bucket)/\(folder)")
            where name.utf8.first != UInt8(ascii: ".") {
                let key = start + name
                let status = try Platform.status(of: "\(root)/\(bucket)/\(key)")
                if status.isDirectory {
                    let inner = key + "/"
                    if inner.utf8.starts(with: prefix.utf8) || prefix.utf8.starts(with: inner.utf8) {
                        innerFolders.append(key)
                    }
                } else if status.isRegular, key.utf8.starts(with: prefix.utf8) {
                    let address = ObjectAddress(bucket: bucket, key: key)
                    found.append(ObjectSummary(address: address, sizeBytes: status.sizeBytes))
                }
            }
        } catch {
            throw SQLError.objectIO("list", ObjectAddress(bucket: bucket, key: folder), Platform.reason(error))
        }
        for inner in innerFolders {
            try collect(bucket: bucket, folder: inner, prefix: prefix, depth: depth + 1, into: &found)
        }
    }
}

enum TemporaryNumber {
    static let next = Atomic<UInt64>(0)
}
