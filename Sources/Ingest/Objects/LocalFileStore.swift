package import SQLTypes
import Synchronization

/// Files of this machine by their plain paths, beside the buckets of another store: for a shell whose user may read
/// them anyway. Not for servers, where a client would reach the server's files.
///
/// A path that names a file is that file; one that names a folder, all files in it and below; any other one, what
/// begins with it, as S3's prefixes do. Names that begin with a dot are passed over. Links are followed.
package struct LocalFileStore: ObjectStore {
    /// Where addresses with a bucket lead; nil: nowhere.
    private let objects: (any ObjectStore)?

    private static let depthMax = 64

    package init(beside objects: (any ObjectStore)?) { self.objects = objects }

    private func buckets(_ bucket: String) throws(SQLError) -> any ObjectStore {
        guard let objects else { throw SQLError.bucketDoesNotExist(bucket) }
        return objects
    }

    package var allowsLocalFiles: Bool { true }

    package func list(bucket: String, prefix: String) throws(SQLError) -> [ObjectSummary] {
        guard bucket.isEmpty else { return try buckets(bucket).list(bucket: bucket, prefix: prefix) }
        if let file = try summary(of: ObjectAddress(localPath: prefix)) { return [file] }
        var found: [ObjectSummary] = []
        let slash = prefix.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(prefix[...$0]) } ?? ""
        let start = slash.map { String(prefix[prefix.utf8.index(after: $0)...]) } ?? prefix
        if !start.isEmpty, isFolder(prefix) {
            try collect(prefix + "/", startingWith: "", depth: 0, into: &found)
        } else if isFolder(folder.isEmpty ? "." : folder) {
            try collect(folder, startingWith: start, depth: 0, into: &found)
        }
        return found.sorted { $0.address.key.utf8.lexicographicallyPrecedes($1.address.key.utf8) }
    }

    private func isFolder(_ path: String) -> Bool {
        do throws(Platform.Failure) {
            return try Platform.status(of: path, followsLink: true).isDirectory
        } catch {
            return false
        }
    }

    /// - Parameter folder: ends in a slash; empty: where the process is.
    private func collect(
        _ folder: String, startingWith start: String, depth: Int, into found: inout [ObjectSummary]
    ) throws(SQLError) {
        guard depth < LocalFileStore.depthMax else { return }
        let entries = try entries(of: folder).filter { name in
            name.utf8.first != UInt8(ascii: ".") && name.utf8.starts(with: start.utf8)
        }
        var folders: [String] = []
        for name in entries {
            guard let status = try status(of: folder + name) else { continue }
            if status.isRegular {
                let address = ObjectAddress(localPath: folder + name)
                found.append(ObjectSummary(address: address, sizeBytes: status.sizeBytes))
            } else if status.isDirectory {
                folders.append(folder + name + "/")
            }
        }
        for inner in folders { try collect(inner, startingWith: "", depth: depth + 1, into: &found) }
    }

    private func entries(of folder: String) throws(SQLError) -> [String] {
        do throws(Platform.Failure) {
            return try Platform.entries(of: folder.isEmpty ? "." : folder)
        } catch {
            throw SQLError.objectIO("list", ObjectAddress(localPath: folder), Platform.reason(error))
        }
    }

    /// nil: there is nothing, or a link that leads nowhere.
    private func status(of path: String) throws(SQLError) -> Platform.FileStatus? {
        do throws(Platform.Failure) {
            return try Platform.status(of: path, followsLink: true)
        } catch {
            if Platform.isMissing(error) { return nil }
            throw SQLError.objectIO("look at", ObjectAddress(localPath: path), Platform.reason(error))
        }
    }

    package func summary(of address: ObjectAddress) throws(SQLError) -> ObjectSummary? {
        guard address.isLocal else { return try buckets(address.bucket).summary(of: address) }
        guard let status = try status(of: address.key), status.isRegular else { return nil }
        return ObjectSummary(address: address, sizeBytes: status.sizeBytes)
    }

    package func open(_ address: ObjectAddress) throws(SQLError) -> any ObjectReader {
        guard address.isLocal else { return try buckets(address.bucket).open(address) }
        guard let summary = try summary(of: address) else { throw SQLError.localFileMissing(address.key) }
        do throws(Platform.Failure) {
            let descriptor = try Platform.openForReading(address.key, followsLink: true)
            return FileObjectReader(descriptor: descriptor, address: address, sizeBytes: summary.sizeBytes)
        } catch {
            throw SQLError.objectIO("open", address, Platform.reason(error))
        }
    }

    /// Folders must be there.
    package func create(_ address: ObjectAddress) throws(SQLError) -> any ObjectWriter {
        guard address.isLocal else { return try buckets(address.bucket).create(address) }
        let number = TemporaryNumber.next.wrappingAdd(1, ordering: .relaxed).newValue
        let slash = address.key.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(address.key[...$0]) } ?? ""
        do throws(Platform.Failure) {
            return try FileObjectWriter(
                path: address.key, temporaryPath: "\(folder).in-progress-\(Platform.processID())-\(number)",
                address: address)
        } catch {
            throw SQLError.objectIO("write", address, Platform.reason(error))
        }
    }

    package func delete(_ address: ObjectAddress) throws(SQLError) {
        guard address.isLocal else { return try buckets(address.bucket).delete(address) }
        guard try summary(of: address) != nil else { return }
        do throws(Platform.Failure) { try Platform.remove(address.key) } catch {
            throw SQLError.objectIO("delete", address, Platform.reason(error))
        }
    }

    package func region(ofBucket bucket: String) throws(SQLError) -> String {
        try buckets(bucket).region(ofBucket: bucket)
    }
}

extension ObjectAddress {
    /// A file of this machine: no bucket, and the path as its key.
    init(localPath: String) { self.init(bucket: "", key: localPath) }

    package var isLocal: Bool { bucket.isEmpty }
}

extension SQLError {
    static func localFileMissing(_ path: String) -> SQLError {
        SQLError(.undefinedFile, "no file's path begins with '\(path)'")
    }
}
