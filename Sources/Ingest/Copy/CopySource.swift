package import SQLTypes

/// Finds what a COPY is to read.
package enum CopySource {
    /// The objects behind `FROM '…'`, in key order, or in the manifest's order. Checks the region of each bucket, and
    /// that there is anything to read (a manifest may be empty). Objects of size 0 are kept: they are files without
    /// records.
    package static func objects(
        from source: String, options: CopyOptions, in store: any ObjectStore, clusterRegion: String
    ) throws(SQLError) -> [ObjectSummary] {
        let address = try ObjectAddress(parsing: source, allowsLocalFiles: store.allowsLocalFiles)
        try checkRegion(ofBucket: address.bucket, options: options, in: store, clusterRegion: clusterRegion)
        if options.isManifest {
            return try manifestObjects(address, options: options, in: store, clusterRegion: clusterRegion)
        }
        let objects = try store.list(bucket: address.bucket, prefix: address.key)
        guard !objects.isEmpty else {
            throw address.isLocal ? SQLError.localFileMissing(address.key) : SQLError.prefixDoesNotExist(address)
        }
        return objects
    }

    private static func manifestObjects(
        _ address: ObjectAddress, options: CopyOptions, in store: any ObjectStore, clusterRegion: String
    ) throws(SQLError) -> [ObjectSummary] {
        guard try store.summary(of: address) != nil else {
            throw address.isLocal ? SQLError.localFileMissing(address.key) : SQLError.objectDoesNotExist(address)
        }
        let bytes = try store.contents(of: address, limitBytes: CopyManifest.maximumBytes)
        var objects: [ObjectSummary] = []
        var checkedBuckets: Set<String> = []
        for entry in try CopyManifest(parsing: bytes, of: address).entries {
            if checkedBuckets.insert(entry.address.bucket).inserted {
                try checkRegion(
                    ofBucket: entry.address.bucket, options: options, in: store, clusterRegion: clusterRegion)
            }
            if let object = try store.summary(of: entry.address) {
                objects.append(object)
            } else if entry.isMandatory {
                throw SQLError.mandatoryFileMissing(entry.address, manifest: address)
            }
        }
        return objects
    }

    private static func checkRegion(
        ofBucket bucket: String, options: CopyOptions, in store: any ObjectStore, clusterRegion: String
    ) throws(SQLError) {
        // A file of this machine has none.
        if bucket.isEmpty { return }
        let actual = try store.region(ofBucket: bucket)
        let expected = options.region ?? clusterRegion
        guard actual == expected else {
            throw SQLError.wrongRegion(bucket: bucket, isIn: actual, readAs: expected)
        }
    }
}
