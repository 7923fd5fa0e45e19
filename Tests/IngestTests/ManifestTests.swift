import Ingest
import SQLTypes
import Testing

@Suite struct ManifestTests {
    private func find(_ manifest: String) throws(SQLError) -> [String] {
        var store = MemoryObjectStore(regions: ["far": "eu-west-1"])
        for (bucket, key) in [("lab", "a"), ("lab", "b/c"), ("more", "d"), ("far", "e")] {
            store.objects[ObjectAddress(bucket: bucket, key: key)] = Array("1\n".utf8)
        }
        store.objects[ObjectAddress(bucket: "lab", key: "m.manifest")] = Array(manifest.utf8)
        return try CopySource.objects(
            from: "s3://lab/m.manifest", options: .with { $0.isManifest = true }, in: store, clusterRegion: "us-west-2"
        ).map(\.address.description)
    }

    @Test func listsObjects() throws {
        let manifest = #"""
            {"entries": [
              {"url":"s3://lab/b\/c", "mandatory":true, "meta":{"content_length": 2e0, "x": [null, -1.5, {}]}},
              {"url":"s3:\u002f/more/d", "mandatory":false}, {"url":"s3://lab/none"}, {"url":"s3://lab/b/c"}, {"url":"s3://lab/a"}
            ]}
            """#
        #expect(try find(manifest) == ["s3://lab/b/c", "s3://more/d", "s3://lab/b/c", "s3://lab/a"])
        #expect(try find(#"{"entries":[]}"#) == [])
    }

    @Test(arguments: [
        #"{"entries":[{"url":"s3://lab/none","mandatory":true}]}"#, #"{"entries":[{"url":"s3://far/e"}]}"#,
        #"{"entries":[{"url":"s3://lab/"}]}"#, #"{"entries":[{"url":"lab/a"}]}"#, #"{"entries":[{"mandatory":true}]}"#,
        #"{"entries":[{"url":"s3://lab/a","mandatory":1}]}"#, #"{"entries":{}}"#, "[]", "", "{", #"{"entries":[]} x"#,
        #"{"entries":[,]}"#, #"{"entries":["\ud800"]}"#, #"{"entries":[01]}"#, #"{"entries":[1.]}"#,
        #"{"entries":[tru]}"#,
        #"{"entries":["a"#, #"{"entries":["\x"]}"#, #"{"entries":["\u12"]}"#, "{\"entries\":[\"\n\"]}",
        String(repeating: "[", count: 100_000), "s3://lab/a\n",
    ])
    func refuses(manifest: String) {
        let error = #expect(throws: SQLError.self) { try find(manifest) }
        #expect(error?.message.isEmpty == false)
    }

    @Test func missingManifest() {
        #expect(throws: SQLError.self) {
            try CopySource.objects(
                from: "s3://lab/m", options: .with { $0.isManifest = true }, in: MemoryObjectStore(),
                clusterRegion: "us-west-2")
        }
    }
}
