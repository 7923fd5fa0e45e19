package import SQLTypes

/// Finds what a COPY is to read.
package enum CopySource {
    /// The objects behind `FROM '…'`, in key order, or in the manifest's order. Checks the region of each bucket, and that
    /// there is anything to read. Objects of size 0 are kept: they are files without records.
    package static func objects(
        from source: String, options: CopyOptions, in store: any ObjectStore, clusterRegion: String
    ) throws(SQLError) -> [ObjectSummary] {
        let address = try ObjectAddress(parsing: source)
        try checkRegion(ofBucket: address.bucket, options: options, in: store, clusterRegion: clusterRegion)
        if options.isManifest { throw SQLError.unsupported("COPY option MANIFEST") }
        let objects = try store.list(bucket: address.bucket, prefix: address.key)
        guard !objects.isEmpty else { throw SQLError.prefixDoesNotExist(address) }
        return objects
    }

    private static func checkRegion(
        ofBucket bucket: String, options: CopyOptions, in store: any ObjectStore, clusterRegion: String
    ) throws(SQLError) {
        let actual = try store.region(ofBucket: bucket)
        let expected = options.region ?? clusterRegion
        guard actual == expected else {
            throw SQLError.wrongRegion(bucket: bucket, isIn: actual, readAs: expected)
        }
    }
}
