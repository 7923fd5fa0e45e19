package import SQLTypes

/// Where an UNLOAD writes, as leader and slices know it.
package struct UnloadDestination: Sendable {
    package struct Column: Hashable, Sendable {
        package var name: String
        package var type: SQLType
        package init(name: String, type: SQLType) {
            self.name = name
            self.type = type
        }
    }

    /// What the names of all files begin with.
    package let prefix: ObjectAddress
    package let options: UnloadOptions
    package let columns: [Column]
    package let store: any ObjectStore

    package init(
        prefix: ObjectAddress, options: UnloadOptions, columns: [Column], store: any ObjectStore
    ) {
        self.prefix = prefix
        self.options = options
        self.columns = columns
        self.store = store
    }

    func address(slice: Int?, part: Int) -> ObjectAddress {
        let name = slice.map { "\(padded($0, 4))_part_\(padded(part, 2))" } ?? padded(part, 3)
        return ObjectAddress(bucket: prefix.bucket, key: prefix.key + name + options.suffix)
    }

    private func padded(_ number: Int, _ digits: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Before anything is written: the bucket must be in the region that the statement says, and nothing may be in the
    /// way. May wait for the store.
    package func check(clusterRegion: String) throws(SQLError) {
        if prefix.isLocal {
            // It would empty a folder of somebody's machine.
            if options.cleansPath { throw SQLError.unsupported("UNLOAD option CLEANPATH on a local path") }
        } else {
            try checkRegion(clusterRegion)
        }
        if options.allowsOverwrite || options.cleansPath { return }
        guard try existing().isEmpty else {
            throw SQLError(
                .internalError,
                "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, "
                    + "manually removing the target files in S3, or using the ALLOWOVERWRITE option.")
        }
    }

    private func checkRegion(_ clusterRegion: String) throws(SQLError) {
        let actual = try store.region(ofBucket: prefix.bucket)
        let expected = options.region ?? clusterRegion
        guard actual == expected else {
            throw SQLError.wrongRegion(bucket: prefix.bucket, isIn: actual, readAs: expected, command: "UNLOAD")
        }
    }

    private func existing() throws(SQLError) -> [ObjectAddress] {
        try store.list(bucket: prefix.bucket, prefix: prefix.key).map(\.address)
    }

    /// After all slices have written: the files appear, then the manifest. What has appeared goes again if something
    /// fails. May wait for the store.
    package func complete(_ objects: [PreparedObject]) throws(SQLError) {
        let objects = objects.sorted { $0.address.key.utf8.lexicographicallyPrecedes($1.address.key.utf8) }
        var appeared: [ObjectAddress] = []
        do throws(SQLError) {
            if options.cleansPath { for address in try existing() { try store.delete(address) } }
            for object in objects {
                try object.writer.finish()
                appeared.append(object.address)
            }
            guard let kind = options.manifest else { return }
            let manifest = UnloadManifest(objects: objects, columns: columns, isVerbose: kind == .verbose)
            let address = ObjectAddress(bucket: prefix.bucket, key: prefix.key + "manifest")
            let writer = try store.create(address)
            try writer.write(manifest.text)
            try writer.finish()
        } catch {
            var failure = error
            for address in appeared {
                do throws(SQLError) { try store.delete(address) } catch let left {
                    failure.detail = "The file \(address) could not be removed again: \(left.message)"
                }
            }
            throw failure
        }
    }
}
